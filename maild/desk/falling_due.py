"""Time passed: what is owed to a ticket becomes an event, and people are told."""

from datetime import datetime

from maild.desk.changing import HAND_OFF_RECEIPT, NEXT_UPDATE
from maild.desk.happening import Happening
from maild.desk.transaction import Transaction
from maild.desk.writing import tell
from maild.process.calendar import working_time_after
from maild.process.ticket import Event, Status
from maild.store import deadlines, tickets
from maild.store.deadlines import Deadline
from maild.store.tickets import Cause

EVENTS = {NEXT_UPDATE: Event.UPDATE_OVERDUE, HAND_OFF_RECEIPT: Event.HAND_OFF_UNCLAIMED}


def fall_due(transaction: Transaction, deadline: Deadline) -> Event | None:
    """The deadline has passed: the ticket's history says so, the lead is told, and is told again later."""
    ticket = tickets.read_ticket(transaction.connection, deadline.ticket, for_update=True)
    if ticket.status is Status.CLOSED:
        deadlines.settle_deadline(
            transaction.connection, deadline.id, because="its ticket is closed", now=transaction.now
        )
        return None
    event = EVENTS[deadline.kind]
    because = f"{deadline.kind.replace('_', ' ')} was due at {_in_utc(deadline.due_at)}"
    cause = Cause(deadline=deadline.id)
    deadlines.settle_deadline(transaction.connection, deadline.id, because=event.value, now=transaction.now)
    _look_again(transaction, deadline)
    tickets.add_event(
        transaction.connection, ticket.number, event, actor="maild", because=because, cause=cause, at=transaction.now
    )
    tell(transaction, Happening(event=event, ticket=ticket, because=(because,), cause=cause))
    return event


def _look_again(transaction: Transaction, deadline: Deadline) -> None:
    """A ticket that is not closed always has a live deadline."""
    span, calendar = transaction.rules.policy.repeat_overdue, transaction.rules.priorities.calendar
    due_at = working_time_after(transaction.now, span, calendar)
    deadlines.set_deadline(transaction.connection, deadline.ticket, kind=deadline.kind, due_at=due_at, mail_id=None)


def _in_utc(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M UTC")
