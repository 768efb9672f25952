"""Ask: which information a ticket needs, and whether its client is asked for it before the work begins. Pure."""

from collections.abc import Sequence

from maild.process.ticket import Status, Ticket

_OF_A_FAULT = frozenset(
    {
        *("error message", "error code", "stack trace", "since when", "screenshot", "log"),
        *("application", "version", "operating system", "device", "serial number"),
    }
)
"""What only somebody can tell for whom something has gone wrong, and where it has."""

_AT_ONCE, _CAN_WAIT = 1, 3
"""Ends of the scale of urgency."""


def what_matters(required: Sequence[str], urgency: int | None) -> tuple[str, ...]:
    """Of what a category requires, all that can matter: a question or a wish has no error message and no device that fails."""
    return tuple(kind for kind in required if urgency != _CAN_WAIT or kind not in _OF_A_FAULT)


def is_asked(ticket: Ticket) -> bool:
    """Whether the client is asked first: something is missing, and nobody's work stands still meanwhile."""
    is_missing = ticket.sheet is not None and bool(ticket.sheet.missing)
    return ticket.status is Status.OPEN and is_missing and ticket.urgency != _AT_ONCE
