"""Hand-off: what is left of one that is over, and whom that concerns."""

from dataclasses import replace

from maild.process.ticket import Event, Status, Ticket


def taken_back(ticket: Ticket, event: Event) -> Ticket:
    """Whose it is, and whether it is technical, is open again where the other team did not take it."""
    return replace(ticket, technical=None, team=None) if event is Event.HAND_OFF_UNCLAIMED else ticket


def taken_from(before: Ticket, after: Ticket, said_by: str | None) -> str | None:
    """The other team that has the ticket no more, unless it has said so itself."""
    is_over = before.status is Status.HANDED_OFF and after.status is not Status.HANDED_OFF
    return before.team if is_over and before.team != said_by else None
