"""Settling the outbox: once, by its holder, by evidence, or by a person."""

from datetime import timedelta

import pytest

from maild.errors import NotFound, Refused
from maild.store.engine import Store
from maild.store.outgoing import settling
from maild.store.tables import outbox as table
from tests.support.outbox_rows import begin, claim, in_state, settle, state
from tests.support.rows import LONG, NOW, OVER, due


def test_a_mail_is_settled_once(store: Store) -> None:
    outbox_id = in_state(store, "sending")
    assert settle(store, outbox_id, "sent")
    assert not settle(store, outbox_id, "bounced")
    assert state(store, outbox_id) == "sent"


def test_nobody_but_the_holder_settles(store: Store) -> None:
    outbox_id = in_state(store, "sending")
    assert not settle(store, outbox_id, "sent", holder="another")
    assert state(store, outbox_id) == "sending"


def test_a_mail_is_not_sent_before_it_was_sending(store: Store) -> None:
    outbox_id = in_state(store, "claimed")
    assert not settle(store, outbox_id, "sent")
    assert settle(store, outbox_id, "bounced"), "its recipient was refused before DATA"


def test_a_mail_whose_holder_vanished_while_sending_is_uncertain_and_stays_so(store: Store) -> None:
    vanished, at_work = due(store), due(store)
    claim(store)
    begin(store, vanished, lease=OVER)
    begin(store, at_work)
    assert store.transact(lambda c: settling.expire_sending(c, now=NOW, lease=LONG)) == [vanished]
    assert (state(store, vanished), state(store, at_work)) == ("uncertain", "sending")
    assert claim(store, now=NOW + timedelta(days=30)) == []


@pytest.mark.parametrize("how", ["sent", "bounced"])
def test_the_former_holder_of_an_uncertain_mail_may_still_say_how_it_went(store: Store, how: str) -> None:
    outbox_id = in_state(store, "sending")
    begin(store, outbox_id)
    store.transact(lambda c: c.execute(table.update().values(lease_until=NOW - LONG)))
    store.transact(lambda c: settling.expire_sending(c, now=NOW, lease=LONG))
    assert not settle(store, outbox_id, how, holder="another")
    assert settle(store, outbox_id, how)
    assert state(store, outbox_id) == how


@pytest.mark.parametrize("named_by", [{"message_ids": ["<u@acme.example>"]}, {"tokens": ["atoken"]}])
@pytest.mark.parametrize("before", ["sending", "uncertain"])
def test_later_evidence_settles_a_mail_of_unknown_fate(
    store: Store, before: str, named_by: dict[str, list[str]]
) -> None:
    outbox_id = in_state(store, before, message_id="<u@acme.example>", token="atoken")
    in_state(store, before)
    named: dict[str, list[str]] = {"message_ids": [], "tokens": []} | named_by

    def show() -> list[int]:
        ids, tokens = named["message_ids"], named["tokens"]
        return store.transact(
            lambda c: settling.settle_by_evidence(c, message_ids=ids, tokens=tokens, evidence="a reply came", now=NOW)
        )

    assert show() == [outbox_id]
    assert state(store, outbox_id) == "sent"
    assert not settle(store, outbox_id, "bounced"), "its holder comes too late"
    assert show() == [], "it is certain now"


@pytest.mark.parametrize("before", ["deferred", "bounced", "uncertain", "held", "dropped"])
def test_a_person_may_have_it_submitted_again(store: Store, before: str) -> None:
    outbox_id = in_state(store, before)
    store.transact(lambda c: settling.retry(c, outbox_id, now=NOW))
    assert [(one.id, one.attempts) for one in claim(store)] == [(outbox_id, 1)]


@pytest.mark.parametrize("before", ["due", "claimed", "sending", "sent"])
def test_what_is_under_way_or_sent_is_not_submitted_again(store: Store, before: str) -> None:
    outbox_id = in_state(store, before)
    with pytest.raises(Refused, match=f"is {before} and cannot be submitted again"):
        store.transact(lambda c: settling.retry(c, outbox_id, now=NOW))
    assert state(store, outbox_id) == before


@pytest.mark.parametrize("before", ["due", "deferred", "uncertain", "held"])
def test_a_person_may_drop_it(store: Store, before: str) -> None:
    outbox_id = in_state(store, before)
    store.transact(lambda c: settling.drop(c, outbox_id, now=NOW))
    assert claim(store, now=NOW + timedelta(days=9)) == []
    assert state(store, outbox_id) == "dropped"


@pytest.mark.parametrize("before", ["claimed", "sending", "sent", "bounced", "dropped"])
def test_what_is_under_way_or_over_is_not_dropped(store: Store, before: str) -> None:
    outbox_id = in_state(store, before)
    with pytest.raises(Refused, match="cannot be dropped"):
        store.transact(lambda c: settling.drop(c, outbox_id, now=NOW))


def test_a_mail_that_is_not_in_the_outbox_is_not_found(store: Store) -> None:
    with pytest.raises(NotFound, match="no mail 4711"):
        store.transact(lambda c: settling.retry(c, 4711, now=NOW))
