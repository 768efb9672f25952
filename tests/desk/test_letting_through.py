"""What the leak guard holds, or an operator retries, goes to those alone whom its author was asked about."""

from collections.abc import Callable
from dataclasses import replace
from itertools import count

import pytest
from sqlalchemy import text as sql

from maild.mail.message import Address, Mail
from maild.process.decision import Decision
from maild.process.ticket import Event, Outcome
from maild.store.engine import Store
from maild.store.incoming.waiting import retry_held
from tests.desk.test_placing import BEA, CARL, DORA, LEAK, Placing, a_tap, joined, placing, shown_in, unvouched
from tests.desk.test_triage import VOUCHED
from tests.support.desks import follow_up
from tests.support.making import ANA, a_mail

__all__ = ["placing"]

ANAS = ANA.addresses[0]
OF_ANOTHER = "Bea, your password was hunter2; same as in T-2."
"""The guard holds it for the number of a ticket that is no other client's once Carl is this one's."""

numbers = count(700)


def vouched(placing: Placing, text: str) -> Mail:
    return replace(unvouched(placing, text), authentication=VOUCHED)


def leak_in(placing: Placing) -> str:
    return shown_in(placing.desk.newest("leak", ANAS))


def to_clients(placing: Placing) -> list[str]:
    """Who of the outside got an answer."""
    return [to for kind, to in placing.desk.written() if kind == "answer"]


def retried(placing: Placing, mail: Mail) -> Decision:
    """As after `maild held retry`: nobody has tapped."""
    held = placing.desk.rows("SELECT id FROM mails WHERE outcome = 'held'")[0].id
    placing.desk.store.transact(lambda connection: retry_held(connection, held, source_bytes=1_000_000))
    return placing.came_in_again(mail)


def becomes_client(placing: Placing) -> list[str]:
    placing.ordered(f"/client {CARL}")
    return [CARL]


def put_in_copy(placing: Placing) -> list[str]:
    placing.ordered(f"/cc add {CARL}")
    return [BEA, CARL]


def with_carl(placing: Placing) -> Mail:
    return follow_up(
        placing.desk.newest("acknowledgement", BEA), author=Address(address=BEA), message_id="<with-carl@x>",
        fingerprint="b" * 64, text="Carl has it, too.", new_text="Carl has it, too.", cc=(Address(address=CARL),),
        authentication=("mx.acme.example; dmarc=pass header.from=client.example",),
    )  # fmt: skip


def put_in_copy_by_bea(placing: Placing) -> list[str]:
    placing.written(with_carl(placing))
    return [BEA, CARL]


def merged_where_carl_is_in_copy(placing: Placing) -> list[str]:
    placing.written(
        a_mail(author=Address(address=BEA), message_id="<third@x>", fingerprint="d" * 64, subject="Mouse", cc=())
    )
    third, text = placing.desk.newest("assignment", ANAS), f"/cc add {CARL}"
    placing.desk.arrive(
        follow_up(
            third, author=Address(address=ANAS), message_id="<cc@x>", fingerprint="8" * 64, text=text, new_text=text,
            authentication=VOUCHED,
        ),
        now=placing.later(),
    )  # fmt: skip
    placing.ordered("/merge T-3")
    return [BEA, CARL]


CHANGES: tuple[Callable[[Placing], list[str]], ...] = (
    becomes_client,
    put_in_copy,
    put_in_copy_by_bea,
    merged_where_carl_is_in_copy,
)


@pytest.mark.parametrize("by", ["tap", "yes", "retry"])
@pytest.mark.parametrize("change", CHANGES)
def test_what_the_guard_held_is_asked_about_anew_where_others_would_get_it_by_now(
    placing: Placing, change: Callable[[Placing], list[str]], by: str
) -> None:
    placing.written(mail := vouched(placing, OF_ANOTHER))
    assert f"Once you let it through, it goes to: {BEA} Your message:" in leak_in(placing)
    leak = placing.desk.newest("leak", ANAS)
    would_get = change(placing)
    if by == "tap":
        placing.tapped(leak, "relay")
    elif by == "yes":
        placing.said_yes(leak)
    decision = retried(placing, mail) if by == "retry" else placing.came_in_again(mail)
    assert decision.event is Event.CONFIRMATION_ASKED
    assert to_clients(placing) == []
    asked = placing.confirmation()
    assert (
        f"not been asked about these addresses yet; once let through, its words go to {', '.join(would_get)} The"
        in shown_in(asked)
    )
    placing.tapped(asked, "release")
    assert placing.came_in_again(mail).outcome is Outcome.RELAY
    assert to_clients(placing) == would_get


@pytest.mark.parametrize("by", ["tap", "yes"])
def test_where_its_reason_stands_the_guard_asks_anew_itself(placing: Placing, by: str) -> None:
    placing.written(mail := vouched(placing, LEAK))
    first = placing.desk.newest("leak", ANAS)
    placing.ordered(f"/client {DORA}")
    placing.tapped(first, "relay") if by == "tap" else placing.said_yes(first)
    assert placing.came_in_again(mail).event is Event.RELAY_HELD
    assert f"it goes to: {DORA} Your message:" in leak_in(placing)
    placing.tapped(placing.desk.newest("leak", ANAS), "relay")
    assert placing.came_in_again(mail).outcome is Outcome.RELAY
    assert to_clients(placing) == [DORA]


def test_one_tap_is_enough_for_those_who_were_named(placing: Placing) -> None:
    placing.written(mail := vouched(placing, OF_ANOTHER))
    placing.tapped(placing.desk.newest("leak", ANAS), "relay")
    assert placing.came_in_again(mail).outcome is Outcome.RELAY
    assert to_clients(placing) == [BEA]


def test_the_words_below_a_tap_that_the_guard_held_go_to_those_who_were_named(placing: Placing) -> None:
    tap = a_tap(placing.desk.mail_of("assignment"), "waiting", next(numbers))
    placing.written(mail := replace(tap, text=OF_ANOTHER, new_text=OF_ANOTHER))
    assert f"it goes to: {BEA} Your message:" in leak_in(placing)
    leak = placing.desk.newest("leak", ANAS)
    placing.ordered(f"/client {CARL}")
    placing.tapped(leak, "relay")
    assert placing.came_in_again(mail).event is Event.CONFIRMATION_ASKED
    assert to_clients(placing) == []
    placing.tapped(placing.confirmation(), "release")
    assert placing.came_in_again(mail).outcome is Outcome.COMMAND
    assert to_clients(placing) == [CARL]


def test_all_clients_of_an_incident_are_named(placing: Placing) -> None:
    incident = joined(placing, None, 1)
    joined(placing, incident, 2)
    placing.written(
        mail := vouched(placing, "/incident declare\n\nThe code is T-1, ask the administrator: it is known.")
    )
    assert f"it goes to all clients of the incident: {BEA}, {CARL} Your message:" in leak_in(placing)
    placing.tapped(placing.desk.newest("leak", ANAS), "relay")
    placing.came_in_again(mail)
    assert to_clients(placing) == [BEA, CARL]


def forget_readers(store: Store) -> None:
    """The event as versions before wrote it."""
    short = "UPDATE events SET because = 'the words to the client wait for one tap: a key' WHERE event = 'relay_held'"
    store.transact(lambda connection: connection.execute(sql(short)))


def test_what_an_earlier_version_held_without_naming_anybody_is_asked_about_anew(placing: Placing) -> None:
    placing.written(mail := vouched(placing, OF_ANOTHER))
    forget_readers(placing.desk.store)
    placing.tapped(placing.desk.newest("leak", ANAS), "relay")
    assert placing.came_in_again(mail).event is Event.CONFIRMATION_ASKED
    placing.tapped(placing.confirmation(), "release")
    assert placing.came_in_again(mail).event is Event.RELAY_HELD
    assert to_clients(placing) == []
    placing.tapped(placing.desk.newest("leak", ANAS), "relay")
    assert placing.came_in_again(mail).outcome is Outcome.RELAY
    assert to_clients(placing) == [BEA]


def test_what_an_operator_retries_goes_on_unasked_to_those_who_were_named(placing: Placing) -> None:
    placing.written(mail := unvouched(placing, "Restart it."))
    assert retried(placing, replace(mail, authentication=VOUCHED)).outcome is Outcome.RELAY
    assert to_clients(placing) == [BEA]


def test_what_an_operator_retries_once_it_is_vouched_for_is_asked_about_for_others(placing: Placing) -> None:
    placing.written(mail := unvouched(placing, "Restart it."))
    placing.ordered(f"/cc add {DORA}")
    assert retried(placing, replace(mail, authentication=VOUCHED)).event is Event.CONFIRMATION_ASKED
    assert to_clients(placing) == []


def test_what_waited_unread_goes_on_unasked_to_those_who_would_have_got_it(placing: Placing) -> None:
    placing.desk.arrive_unread(mail := vouched(placing, "Restart it."))
    placing.ordered("/urgency 1")
    assert retried(placing, mail).outcome is Outcome.RELAY
    assert to_clients(placing) == [BEA]


def test_what_waited_unread_while_others_came_to_get_it_is_asked_about(placing: Placing) -> None:
    placing.desk.arrive_unread(mail := vouched(placing, "Restart it."))
    placing.ordered(f"/client {DORA}")
    assert retried(placing, mail).event is Event.CONFIRMATION_ASKED
    assert to_clients(placing) == []
    placing.tapped(placing.confirmation(), "release")
    assert placing.came_in_again(mail).outcome is Outcome.RELAY
    assert to_clients(placing) == [DORA]


def held_by_the_guard(placing: Placing) -> Mail:
    placing.written(mail := vouched(placing, OF_ANOTHER))
    return mail


def held_for_want_of_proof(placing: Placing) -> Mail:
    placing.written(mail := unvouched(placing, "Restart it."))
    return mail


def waiting_unread(placing: Placing) -> Mail:
    placing.desk.arrive_unread(mail := vouched(placing, "Restart it."))
    return mail


@pytest.mark.parametrize("held", [held_by_the_guard, held_for_want_of_proof, waiting_unread])
def test_what_was_asked_anew_goes_to_nobody_by_more_retries_without_an_answer(
    placing: Placing, held: Callable[[Placing], Mail]
) -> None:
    mail = held(placing)
    placing.ordered(f"/client {CARL}")
    retried(placing, mail)
    for _ in range(2):
        assert retried(placing, replace(mail, authentication=VOUCHED)).event is Event.CONFIRMATION_ASKED
    assert to_clients(placing) == []
    placing.tapped(placing.confirmation(), "release")
    assert placing.came_in_again(mail).outcome is Outcome.RELAY
    assert to_clients(placing) == [CARL]


def test_the_first_question_counts_no_longer_where_it_was_asked_after_others_had_come(placing: Placing) -> None:
    placing.desk.arrive_unread(mail := unvouched(placing, "Restart it."))
    placing.ordered(f"/client {DORA}")
    retried(placing, mail)
    assert retried(placing, replace(mail, authentication=VOUCHED)).event is Event.CONFIRMATION_ASKED
    assert to_clients(placing) == []


def test_what_an_earlier_mail_does_while_words_wait_unread_counts_as_well(placing: Placing) -> None:
    placing.written(order := unvouched(placing, f"/client {DORA}"))
    asked = placing.confirmation()
    placing.desk.arrive_unread(mail := vouched(placing, "Restart it."))
    placing.tapped(asked, "release")
    assert placing.came_in_again(order).outcome is Outcome.COMMAND
    assert retried(placing, mail).event is Event.CONFIRMATION_ASKED
    assert to_clients(placing) == []
    placing.tapped(placing.confirmation(), "release")
    assert placing.came_in_again(mail).outcome is Outcome.RELAY
    assert to_clients(placing) == [DORA]


def told_to_incident(placing: Placing) -> tuple[int, Mail]:
    """Of T-1's incident, which is but proposed; the words to its clients wait unread a while after that."""
    incident, text = joined(placing, None, 1), "/incident declare\n\nWe know of it."
    placing.desk.arrive_unread(mail := vouched(placing, text), now=placing.later())
    return incident, mail


def test_what_is_said_to_an_incident_goes_on_unasked_where_nobody_has_joined_it(placing: Placing) -> None:
    joined(placing, (told := told_to_incident(placing))[0], 2)  # at a moment before the words came
    retried(placing, told[1])
    assert to_clients(placing) == [BEA, CARL]


def comes_in(placing: Placing, incident: int) -> list[str]:
    joined(placing, incident, 2, now=placing.later())
    return [BEA, CARL]


def its_other_client_changes(placing: Placing, incident: int) -> list[str]:
    joined(placing, incident, 2)
    order = unvouched(placing, f"/client {DORA}", placing.desk.newest("assignment", ANAS))
    placing.written(replace(order, authentication=VOUCHED))
    return [BEA, DORA]


@pytest.mark.parametrize("change", [comes_in, its_other_client_changes])
def test_what_is_said_to_an_incident_is_asked_about_where_its_clients_have_changed_while_it_waited_unread(
    placing: Placing, change: Callable[[Placing, int], list[str]]
) -> None:
    incident, mail = told_to_incident(placing)
    would_get = change(placing, incident)
    assert retried(placing, mail).event is Event.CONFIRMATION_ASKED
    assert to_clients(placing) == []
    placing.tapped(placing.confirmation(), "release")
    placing.came_in_again(mail)
    assert to_clients(placing) == would_get


def let_through(placing: Placing, *orders: str) -> Decision:
    """An answer is held with Bea and Dora named, then this is ordered, and one tap lets it through."""
    placing.ordered(f"/cc add {DORA}")
    placing.written(mail := unvouched(placing, "Restart it."))
    for text in orders:
        order = unvouched(placing, text)
        placing.written(replace(order, authentication=VOUCHED))
    placing.tapped(placing.confirmation(), "release")
    return placing.came_in_again(mail)


@pytest.mark.parametrize(
    "orders", [[], [f"/client {BEA.upper()}"], [f"/client {DORA}", f"/cc add {BEA}"], [f"/cc add {DORA.title()}"]]
)
def test_other_spelling_and_order_of_the_same_addresses_ask_nothing(placing: Placing, orders: list[str]) -> None:
    assert let_through(placing, *orders).outcome is Outcome.RELAY
    assert {to.casefold() for to in to_clients(placing)} == {BEA, DORA}


def test_whoever_gets_it_no_more_is_asked_about_too(placing: Placing) -> None:
    assert let_through(placing, f"/cc remove {DORA}").event is Event.CONFIRMATION_ASKED


def behind(placing: Placing, order: Mail) -> Decision:
    """What becomes of Ana's answer that was fetched together with a mail before it, and is taken in after that."""
    placing.desk.arrive_unread(order)
    placing.desk.arrive_unread(answer := vouched(placing, "Restart it."))
    assert retried(placing, order).outcome in {Outcome.COMMAND, Outcome.FOLLOW_UP}
    return retried(placing, answer)


def test_what_its_author_has_ordered_in_a_mail_before_it_asks_nothing(placing: Placing) -> None:
    assert behind(placing, vouched(placing, f"/client {DORA}")).outcome is Outcome.RELAY
    assert to_clients(placing) == [DORA]


def test_what_somebody_else_wrote_in_a_mail_before_it_is_asked_about(placing: Placing) -> None:
    assert behind(placing, with_carl(placing)).event is Event.CONFIRMATION_ASKED
    assert to_clients(placing) == []
