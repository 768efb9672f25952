"""Hand-off: what is left of one that nobody has taken."""

from dataclasses import replace

from maild.process.ticket import Event, Ticket


def taken_back(ticket: Ticket, event: Event) -> Ticket:
    """Whose it is, and whether it is technical, is open again where the other team did not take it."""
    return replace(ticket, technical=None, team=None) if event is Event.HAND_OFF_UNCLAIMED else ticket
