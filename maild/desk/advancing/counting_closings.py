"""Count closings: what came back within the reopen window was closed wrongly, unless it was about something else."""

from maild.desk.transaction import Transaction
from maild.process.closure import reopens_until
from maild.process.ticket import Event, Ticket
from maild.store.desk import closures
from maild.store.desk.tickets import Cause


def note_wrong_closure(transaction: Transaction, ticket: Ticket, event: Event, cause: Cause) -> None:
    """What comes back within the reopen window with the same problem was closed wrongly; once for each closing."""
    if event is not Event.CLIENT_DENIED:
        return
    end = closures.last_end(transaction.connection, ticket.number)
    closed_at = end.closed_at if end and end.event in closures.OURS else None
    if closed_at is None or reopens_until(closed_at, transaction.rules) < transaction.now:
        return
    transaction.add_event(
        ticket.number,
        Event.CLOSED_WRONGLY,
        because=f"closed at {transaction.rules.priorities.calendar.shown(closed_at)}, and not solved",
        cause=cause,
    )


def take_back_wrong_closure(transaction: Transaction, number: int, because: str, *, since: int, cause: Cause) -> None:
    """The mail of row `since`, or what was said of it later, does not say after all that the ticket was closed wrongly."""
    if not closures.is_counted_wrong(transaction.connection, number, since=since):
        return
    transaction.add_event(number, Event.CLOSED_RIGHTLY, because=because, cause=cause)
