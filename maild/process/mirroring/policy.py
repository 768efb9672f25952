"""What an admin decided about the mirror: which tickets, which words, and what is called how there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from maild.process.ticket import Status, Ticket


class Scope(StrEnum):
    """Which tickets have an issue."""

    TECHNICAL = "technical"
    ESCALATED = "escalated"
    """Those about which engineering has been asked."""

    ALL = "all"


class Personal(StrEnum):
    """What of a client leaves the desk for the tracker."""

    NONE = "none"
    """Neither their words nor who they are."""

    WORDS = "words"
    """Their words, without names, addresses and telephone numbers."""

    ALL = "all"


class Due(StrEnum):
    """What the due date of an issue is."""

    NEXT_UPDATE = "next_update"
    """When the client hears from us next."""

    ESTIMATE = "estimate"
    """The estimate that a TSM gave the client."""

    NONE = "none"


CANCELED = "canceled"
"""Beside the statuses of a ticket: spam, or gone on in another ticket."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MirrorPolicy:
    """Section [linear] of maild.toml, as far as it decides about tickets."""

    scope: Scope = Scope.TECHNICAL
    personal: Personal = Personal.NONE
    due: Due = Due.NEXT_UPDATE
    states: Mapping[str, str] = field(default_factory=dict)
    """Status of a ticket (or `canceled`) to the name of a workflow state; what is left out is chosen by its type."""

    labels: Mapping[str, str] = field(default_factory=dict)
    """Category to the name of its label; what is left out has the label of the category's title, if there is one."""

    label: str | None = None
    """On every issue of the mirror."""

    priorities: tuple[int, ...] = (1, 2, 3, 4, 4)
    """Of the desk's priorities 1, 2, 3 ...: 1 urgent, 2 high, 3 medium, 4 low."""

    link: str = "mailto:{address}?subject=%5B{ticket}%5D"
    """The way back: `{ticket}` is `T-17`, `{number}` 17, `{address}` the desk's address."""


def is_mirrored(ticket: Ticket, policy: MirrorPolicy, *, was_escalated: bool) -> bool:
    """Whether the ticket gets an issue; one that has an issue keeps it."""
    match policy.scope:
        case Scope.ALL:
            return True
        case Scope.ESCALATED:
            return was_escalated or ticket.status is Status.ESCALATED
        case _:
            return ticket.technical is True and ticket.status is not Status.HANDED_OFF
