"""Time passed: what is owed to a ticket becomes an event, and people are told."""

from dataclasses import replace

from maild.desk.advancing.assigning import announce, assign
from maild.desk.advancing.closing import follow_closing
from maild.desk.advancing.escalating import is_overdue_for_long, raise_level
from maild.desk.advancing.keeping_clocks import keep_clock
from maild.desk.finding.speaking import is_spoken_for
from maild.desk.telling.happening import Happening
from maild.desk.telling.writing import tell
from maild.desk.transaction import Transaction
from maild.process.clocks.kinds import CLOSED, OVER, Clock, Moment
from maild.process.clocks.winding import look_again, run_out
from maild.process.people.hand_off import taken_back, taken_from
from maild.process.ticket import Event, Status, Ticket
from maild.process.transitions import advance
from maild.store.desk import deadlines, tickets
from maild.store.desk.deadlines import Deadline
from maild.store.desk.tickets import Cause


def fall_due(transaction: Transaction, deadline: Deadline) -> Event | None:
    """The deadline has passed: the ticket's history says so, and whoever must know is told; None: nothing happens."""
    if not deadlines.is_live(transaction.connection, deadline.id):
        return None  # what fell due before it in this transaction has settled it
    before = tickets.read_ticket(transaction.connection, deadline.ticket, for_update=True)
    if before.status is Status.CLOSED and deadline.kind != Clock.POST_MORTEM:
        _settle(transaction, deadline, CLOSED)
        return None
    past = deadlines.read_stretches(transaction.connection, before.number)
    event = run_out(Clock(deadline.kind), before, past, _moment(transaction))
    _settle(transaction, deadline, event.value if event else OVER)
    if event is Event.ESCALATION_RAISED:
        raise_level(transaction, deadline, before)
    elif event is not None:
        _happen(transaction, deadline, before, event)
    return event


def _happen(transaction: Transaction, deadline: Deadline, before: Ticket, event: Event) -> None:
    ticket = taken_back(replace(before, status=advance(before.status, event)), event)
    assigned = assign(transaction, ticket)
    ticket = _keep_clocks(transaction, deadline, assigned.ticket if assigned else ticket)
    because = f"{deadline.kind.replace('_', ' ')}{_of(before)} was due at {transaction.rules.priorities.calendar.shown(deadline.due_at)}"
    cause = Cause(deadline=deadline.id)
    transaction.add_event(ticket.number, event, because=because, cause=cause)
    gone = taken_from(before, ticket, said_by=None)
    happening = Happening(event=event, ticket=ticket, because=(because,), cause=cause, taken_from=gone)
    if not is_spoken_for(transaction, ticket, event):
        announce(transaction, assigned, tell(transaction, happening))
    follow_closing(transaction, happening)
    if event is Event.UPDATE_OVERDUE and is_overdue_for_long(transaction, ticket):
        raise_level(transaction, deadline, ticket)
    if event is Event.UPDATE_OVERDUE:
        _hold(transaction, deadline, before)


def _hold(transaction: Transaction, deadline: Deadline, ticket: Ticket) -> None:
    """Where the desk wants that, the client reads once for each broken promise that there is no news yet."""
    if not transaction.rules.policy.holding_update or deadline.due_at != ticket.next_update_due_at:
        return
    because, cause = "an update is overdue, and nobody has written", Cause(deadline=deadline.id)
    event = Event.HOLDING_UPDATE_SENT
    transaction.add_event(ticket.number, event, because=because, cause=cause)
    tell(transaction, Happening(event=event, ticket=ticket, because=(because,), cause=cause))


def _of(ticket: Ticket) -> str:
    return f" of {ticket.team}" if ticket.status is Status.HANDED_OFF and ticket.team else ""


def _keep_clocks(transaction: Transaction, deadline: Deadline, ticket: Ticket) -> Ticket:
    """A ticket that is not closed always has a live deadline."""
    past = deadlines.read_stretches(transaction.connection, ticket.number)
    again = look_again(Clock(deadline.kind), ticket, past, _moment(transaction))
    deadlines.start_clocks(transaction.connection, ticket.number, again.started, Cause(deadline=deadline.id))
    tickets.save_ticket(transaction.connection, ticket)
    return keep_clock(transaction, ticket, Cause(deadline=deadline.id), is_renewed=False)


def _settle(transaction: Transaction, deadline: Deadline, because: str) -> None:
    deadlines.settle_deadline(transaction.connection, deadline.id, because=because, now=transaction.now)


def _moment(transaction: Transaction) -> Moment:
    return Moment(now=transaction.now, rules=transaction.rules)
