"""The clock is put back, by NTP, by an hour or a day: what waits for a moment of the old clock does not wait for it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Table, update

from maild.outbox.schedule import Schedule
from maild.store.database.clock import clock_plus
from maild.store.desk.deadlines import claim_deadlines, postpone_deadline
from maild.store.engine import Store
from maild.store.incoming.mailboxes import claim_mailbox
from maild.store.outgoing import notices, outbox, settling
from maild.store.tables import mailboxes, mails
from maild.store.tables import outbox as outbox_table
from tests.support.arrival_rows import claim as claim_mails
from tests.support.desks import Desk
from tests.support.making import NOON, a_mail, some_rules
from tests.support.outbox_rows import claim, in_state
from tests.support.rows import LONG, NOW, an_arrival, due, stored

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PAUSES = Schedule().pauses


@pytest.fixture(params=[HOUR, DAY], ids=["an hour", "a day"])
def back(request: pytest.FixtureRequest) -> timedelta:
    """By how much the clock is put back."""
    return request.param  # type: ignore[no-any-return]


def bring_forward(store: Store, back: timedelta) -> list[int]:
    return store.transact(lambda c: settling.bring_forward(c, now=NOW - back, pauses=PAUSES))


def test_a_mail_that_was_never_tried_is_due_at_once(store: Store, back: timedelta) -> None:
    waiting = due(store)
    assert claim(store, now=NOW - back) == []
    assert bring_forward(store, back) == [waiting]
    assert [mail.id for mail in claim(store, now=NOW - back)] == [waiting]


def test_a_deferred_mail_waits_no_longer_than_the_pause_after_its_attempts(store: Store, back: timedelta) -> None:
    waiting = due(store)
    claim(store)
    soon = NOW + PAUSES[0]
    store.transact(lambda c: outbox.defer(c, waiting, due_at=soon, answer="450 later", holder="me"))
    assert store.transact(lambda c: settling.bring_forward(c, now=NOW, pauses=PAUSES)) == []
    assert claim(store, now=NOW) == []
    assert bring_forward(store, back) == [waiting]
    assert [mail.id for mail in claim(store, now=NOW - back)] == [waiting]


@pytest.mark.parametrize(("attempts", "pause"), [(1, PAUSES[0]), (len(PAUSES) + 1, PAUSES[-1])])
def test_machines_whose_clocks_differ_a_little_bring_nothing_forward(
    store: Store, attempts: int, pause: timedelta
) -> None:
    waiting = due(store)
    values = {"state": "deferred", "attempts": attempts, "due_at": NOW + pause}
    store.transact(lambda c: c.execute(update(outbox_table).values(values)).rowcount)
    assert bring_forward(store, timedelta(minutes=5)) == []
    assert bring_forward(store, timedelta(minutes=5, seconds=1)) == [waiting]


def test_what_its_process_had_when_it_died_is_due_or_uncertain_as_ever(store: Store, back: timedelta) -> None:
    claimed, sending = due(store, message_id="<a@x>"), in_state(store, "sending", message_id="<b@x>")
    store.transact(lambda c: c.execute(update(outbox_table).values(lease_until=clock_plus())).rowcount)
    assert bring_forward(store, back) == [claimed, sending]
    assert store.transact(lambda c: settling.expire_sending(c, now=NOW - back, lease=LONG)) == [sending]


def test_what_is_sent_by_nobody_any_more_does_not_wait_for_the_clock_it_was_begun_by(store: Store) -> None:
    sending = in_state(store, "sending")
    lease_far(store, outbox_table, LONG + HOUR / 2)
    assert store.transact(lambda c: settling.expire_sending(c, now=NOW, lease=LONG)) == []
    lease_far(store, outbox_table, LONG + 2 * HOUR)
    assert store.transact(lambda c: settling.expire_sending(c, now=NOW, lease=LONG)) == [sending]


@pytest.mark.parametrize("state", ["bounced", "uncertain", "dropped"])
def test_what_a_person_had_submitted_again_is_due_at_once(store: Store, state: str, back: timedelta) -> None:
    again = in_state(store, state)
    store.transact(lambda c: settling.retry(c, again, now=NOW + HOUR))
    assert bring_forward(store, back) == [again]
    assert [mail.id for mail in claim(store, now=NOW - back)] == [again]


def test_a_mail_that_is_to_leave_later_leaves_later(store: Store) -> None:
    due(store, due_at=NOW + HOUR)
    assert bring_forward(store, DAY) == []


@pytest.mark.parametrize("state", ["sent", "bounced", "uncertain", "held", "dropped"])
def test_what_is_settled_or_a_persons_stays_as_it_is(store: Store, state: str) -> None:
    in_state(store, state)
    assert bring_forward(store, DAY) == []


def lease_far(store: Store, table: Table, ahead: timedelta) -> None:
    """A lease that was taken before the clock was put back, by somebody who has died."""
    far = {"lease_holder": "dead", "lease_until": clock_plus(ahead)}
    store.transact(lambda c: c.execute(update(table).values(far)).rowcount)


def test_a_lease_that_nobody_can_have_asked_for_is_over(store: Store) -> None:
    mailbox = stored(store, an_arrival())
    due(store)

    def take() -> tuple[int, int, bool]:
        ours = store.transact(lambda c: claim_mailbox(c, mailbox, holder="me", lease=LONG))
        return len(claim_mails(store)), len(claim(store)), ours

    for ahead, expected in ((timedelta(minutes=1), (0, 0, False)), (DAY, (1, 1, True))):
        for table in (mails, mailboxes):
            lease_far(store, table, ahead)
        in_hand = {"state": "claimed", "lease_holder": "dead", "lease_until": clock_plus(ahead)}
        store.transact(lambda c, in_hand=in_hand: c.execute(update(outbox_table).values(in_hand)).rowcount)  # type: ignore[misc]
        assert take() == expected


def test_a_deadline_keeps_its_moment_and_is_not_left_alone_for_longer_than_an_hour(store: Store) -> None:
    desk = Desk(store, some_rules())
    desk.arrive(a_mail())
    (deadline,) = store.transact(lambda c: claim_deadlines(c, now=NOON + 9 * DAY, limit=1))
    late = deadline.due_at + timedelta(days=2)
    store.transact(lambda c: postpone_deadline(c, deadline.id, now=late))

    def claimed(now: datetime) -> list[int]:
        return [each.id for each in store.transact(lambda c: claim_deadlines(c, now=now, limit=9))]

    assert claimed(late) == []
    assert claimed(late - DAY) == [deadline.id]
    assert claimed(deadline.due_at - HOUR) == []


def test_gathered_notices_wait_for_the_next_quarter_of_an_hour_and_no_longer(store: Store, back: timedelta) -> None:
    desk = Desk(store, some_rules())
    desk.arrive(a_mail())
    quarter = timedelta(minutes=15)
    new = {"recipient": "lead@acme.example", "name": "Lea", "kind": "assignment", "created_at": NOON}
    store.transact(lambda c: notices.add_notice(c, 1, due_at=NOON + quarter, **new))  # type: ignore[arg-type]

    def due_at(now: datetime) -> object:
        return store.transact(lambda c: notices.next_recipient(c, now=now, every=quarter))

    lead = notices.Recipient(address="lead@acme.example", name="Lea", notice=1)
    assert due_at(NOON) is None
    assert due_at(NOON - back) == due_at(NOON + quarter) == lead
