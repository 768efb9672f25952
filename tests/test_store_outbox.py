"""The outbox: claimed by a lease, swapped to sending, settled once; nothing is ever sent twice by itself."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from maild.errors import NotFound, Refused
from maild.store import outbox
from maild.store.engine import Store
from maild.store.tables import outbox as table
from tests.rows import LONG, NOW, OVER, a_new_outbox, due


def claim(
    store: Store, *, holder: str = "me", lease: timedelta = LONG, limit: int = 100, now: datetime = NOW
) -> list[outbox.Due]:
    return store.transact(lambda c: outbox.claim_due(c, holder=holder, lease=lease, limit=limit, now=now))


def begin(store: Store, *ids: int, holder: str = "me", lease: timedelta = LONG) -> set[int]:
    return store.transact(lambda c: outbox.begin_sending(c, ids, holder=holder, lease=lease))


def settle(store: Store, outbox_id: int, state: str, *, holder: str = "me") -> bool:
    return store.transact(
        lambda c: outbox.settle(c, outbox_id, state=state, answer=f"it is {state}", now=NOW, holder=holder)
    )


def state(store: Store, outbox_id: int) -> str:
    with store.read() as connection:
        found: str = connection.execute(select(table.c.state).where(table.c.id == outbox_id)).scalar_one()
        return found


def in_state(store: Store, wanted: str) -> int:
    """A mail of the outbox that has come into the state by the usual way."""
    if wanted in {"due", "held"}:
        return due(store, state=wanted)
    outbox_id = due(store)
    if wanted == "dropped":
        store.transact(lambda c: outbox.drop(c, outbox_id, now=NOW))
        return outbox_id
    claim(store)
    if wanted == "deferred":
        later = NOW + timedelta(hours=1)
        store.transact(lambda c: outbox.defer(c, outbox_id, due_at=later, answer="450 later", holder="me"))
    if wanted in {"sending", "sent", "bounced", "uncertain"}:
        begin(store, outbox_id)
    if wanted in {"sent", "bounced", "uncertain"}:
        settle(store, outbox_id, wanted)
    assert state(store, outbox_id) == wanted
    return outbox_id


def test_what_is_due_longest_is_claimed_first_with_its_very_bytes(store: Store) -> None:
    content = bytes(range(256))
    late, early = due(store, due_at=NOW), due(store, due_at=NOW - timedelta(hours=1), content=content)
    claimed = claim(store)
    assert [one.id for one in claimed] == [early, late]
    assert (claimed[0].content, claimed[0].attempts) == (content, 1)


def test_what_is_not_due_yet_waits(store: Store) -> None:
    due(store, due_at=NOW + timedelta(seconds=1))
    assert claim(store) == []
    assert len(claim(store, now=NOW + timedelta(seconds=1))) == 1


def test_several_mails_are_added_at_once_and_known_by_their_order(store: Store) -> None:
    news = [a_new_outbox() for _ in range(5)]
    ids = store.transact(lambda c: outbox.add_all(c, news))
    found = {one.id: one.message_id for one in claim(store)}
    assert [found[one] for one in ids if one is not None] == [new.message_id for new in news]


def test_adding_rings_outbox(store: Store) -> None:
    bell = store.bell("outbox")
    due(store)
    assert bell.wait(timeout=10)


def test_what_may_be_written_once_is_written_once(store: Store) -> None:
    first = due(store, once="acknowledgement of 17")
    again = [a_new_outbox(), a_new_outbox(once="acknowledgement of 17")]
    added = store.transact(lambda c: outbox.add_all(c, again))
    assert added[0] is not None
    assert added[1] is None
    assert len(claim(store)) == 2
    assert state(store, first) == "claimed"


def test_a_mail_that_was_written_already_is_not_added_again(store: Store) -> None:
    written = a_new_outbox(message_id="<same@acme.example>")
    assert store.transact(lambda c: outbox.add(c, written)) is not None
    assert store.transact(lambda c: outbox.add(c, written)) is None
    assert len(claim(store)) == 1


def test_what_one_has_claimed_nobody_else_gets_before_the_lease_ends(store: Store) -> None:
    outbox_id = due(store)
    claim(store, holder="one")
    assert claim(store, holder="two") == []
    assert begin(store, outbox_id, holder="two") == set()


def test_a_claimed_mail_of_a_killed_process_is_due_again(store: Store) -> None:
    outbox_id = due(store)
    claim(store, holder="killed", lease=OVER)
    assert begin(store, outbox_id, holder="killed") == set(), "too late: somebody else may have it any moment"
    assert [(one.id, one.attempts) for one in claim(store, holder="next")] == [(outbox_id, 2)]
    assert begin(store, outbox_id, holder="next") == {outbox_id}


def test_data_begins_once_for_a_mail(store: Store) -> None:
    outbox_id = due(store)
    claim(store)
    assert begin(store, outbox_id) == {outbox_id}
    assert begin(store, outbox_id) == set()


def test_four_threads_never_send_the_same_mail(store: Store) -> None:
    ids = {due(store) for _ in range(40)}

    def drain(number: int) -> list[int]:
        mine: list[int] = []
        while some := claim(store, holder=f"thread {number}", limit=3):
            mine.extend(begin(store, *(one.id for one in some), holder=f"thread {number}"))
        return mine

    with ThreadPoolExecutor(4) as pool:
        sent = [outbox_id for mine in pool.map(drain, range(4)) for outbox_id in mine]
    assert len(sent) == 40
    assert set(sent) == ids


def test_a_mail_that_is_sending_is_never_claimed_again(store: Store) -> None:
    outbox_id = due(store)
    claim(store)
    begin(store, outbox_id, lease=OVER)
    assert claim(store, holder="next") == []


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


def test_several_are_settled_in_one_transaction_and_those_of_others_are_named_by_their_absence(store: Store) -> None:
    mine, other = in_state(store, "sending"), due(store)
    some = [outbox.Settlement(outbox_id=one, state="sent", answer="250 ok") for one in (mine, other)]
    assert store.transact(lambda c: outbox.settle_all(c, some, now=NOW, holder="me")) == {mine}


def test_a_mail_whose_holder_vanished_while_sending_is_uncertain_and_stays_so(store: Store) -> None:
    vanished, at_work = due(store), due(store)
    claim(store)
    begin(store, vanished, lease=OVER)
    begin(store, at_work)
    assert store.transact(lambda c: outbox.expire_sending(c, now=NOW)) == [vanished]
    assert (state(store, vanished), state(store, at_work)) == ("uncertain", "sending")
    assert claim(store, now=NOW + timedelta(days=30)) == []


@pytest.mark.parametrize("how", ["sent", "bounced"])
def test_the_former_holder_of_an_uncertain_mail_may_still_say_how_it_went(store: Store, how: str) -> None:
    outbox_id = in_state(store, "sending")
    begin(store, outbox_id)
    store.transact(lambda c: c.execute(table.update().values(lease_until=NOW - LONG)))
    store.transact(lambda c: outbox.expire_sending(c, now=NOW))
    assert not settle(store, outbox_id, how, holder="another")
    assert settle(store, outbox_id, how)
    assert state(store, outbox_id) == how


def test_later_evidence_settles_an_uncertain_mail(store: Store) -> None:
    outbox_id = due(store, message_id="<u@acme.example>")
    claim(store)
    begin(store, outbox_id)
    settle(store, outbox_id, "uncertain")

    def show() -> bool:
        return store.transact(
            lambda c: outbox.settle_uncertain(c, "<u@acme.example>", evidence="the client replied to it", now=NOW)
        )

    assert show()
    assert state(store, outbox_id) == "sent"
    assert not show(), "it is certain now"


def test_a_deferred_mail_is_due_at_its_time(store: Store) -> None:
    outbox_id = in_state(store, "deferred")
    assert claim(store) == []
    assert [one.attempts for one in claim(store, now=NOW + timedelta(hours=1))] == [2]
    assert state(store, outbox_id) == "claimed"


def test_only_the_holder_defers_or_holds(store: Store) -> None:
    outbox_id = in_state(store, "claimed")
    assert not store.transact(lambda c: outbox.defer(c, outbox_id, due_at=NOW, answer="", holder="another"))
    assert not store.transact(lambda c: outbox.hold(c, outbox_id, answer="", holder="another"))
    assert store.transact(lambda c: outbox.hold(c, outbox_id, answer="ask", holder="me"))
    assert claim(store) == []


def test_a_clean_stop_gives_back_what_is_claimed_and_not_what_is_sending(store: Store) -> None:
    claimed, sending = due(store), due(store)
    claim(store)
    begin(store, sending)
    store.transact(lambda c: outbox.give_back(c, [claimed, sending], holder="me"))
    assert [(one.id, one.attempts) for one in claim(store, holder="next")] == [(claimed, 1)]


def test_the_next_due_time_is_that_of_the_next_free_mail(store: Store) -> None:
    with store.read() as connection:
        assert outbox.next_due_at(connection) is None
    in_state(store, "claimed")
    in_state(store, "uncertain")
    due(store, due_at=NOW + timedelta(hours=2))
    with store.read() as connection:
        assert outbox.next_due_at(connection) == NOW + timedelta(hours=2)


@pytest.mark.parametrize("before", ["deferred", "bounced", "uncertain", "held", "dropped"])
def test_a_person_may_have_it_submitted_again(store: Store, before: str) -> None:
    outbox_id = in_state(store, before)
    store.transact(lambda c: outbox.retry(c, outbox_id, now=NOW))
    assert [(one.id, one.attempts) for one in claim(store)] == [(outbox_id, 1)]


@pytest.mark.parametrize("before", ["due", "claimed", "sending", "sent"])
def test_what_is_under_way_or_sent_is_not_submitted_again(store: Store, before: str) -> None:
    outbox_id = in_state(store, before)
    with pytest.raises(Refused, match=f"is {before} and cannot be submitted again"):
        store.transact(lambda c: outbox.retry(c, outbox_id, now=NOW))
    assert state(store, outbox_id) == before


@pytest.mark.parametrize("before", ["due", "deferred", "uncertain", "held"])
def test_a_person_may_drop_it(store: Store, before: str) -> None:
    outbox_id = in_state(store, before)
    store.transact(lambda c: outbox.drop(c, outbox_id, now=NOW))
    assert claim(store, now=NOW + timedelta(days=9)) == []
    assert state(store, outbox_id) == "dropped"


@pytest.mark.parametrize("before", ["claimed", "sending", "sent", "bounced", "dropped"])
def test_what_is_under_way_or_over_is_not_dropped(store: Store, before: str) -> None:
    outbox_id = in_state(store, before)
    with pytest.raises(Refused, match="cannot be dropped"):
        store.transact(lambda c: outbox.drop(c, outbox_id, now=NOW))


def test_a_mail_that_is_not_in_the_outbox_is_not_found(store: Store) -> None:
    with pytest.raises(NotFound, match="no mail 4711"):
        store.transact(lambda c: outbox.retry(c, 4711, now=NOW))
