"""Clocks: the kinds of deadline, which of them run in which status, and what happens when one runs out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from maild.process.rules import Rules
from maild.process.ticket import Event, Status, Ticket


class Clock(StrEnum):
    """The kinds of deadline."""

    NEXT_UPDATE = "next_update"
    """The client hears from us by then."""

    UPDATE_REMINDER = "update_reminder"
    """The TSM is reminded that the next update will be due."""

    HAND_OFF_RECEIPT = "hand_off_receipt"
    """The other team confirms by then."""

    CLIENT_REMINDER = "client_reminder"
    """The client, whose word is awaited, is reminded; or given up on."""

    FIRST_RESPONSE = "first_response"
    """Service level: a person has written to the client."""

    RESOLUTION = "resolution"
    """Service level: the ticket is solved."""

    ESCALATION = "escalation"
    """Somebody whose help was asked for has answered."""

    POST_MORTEM = "post_mortem"
    """Whoever solved the ticket has said what it teaches; runs while it is closed."""


SERVICE_LEVELS = (Clock.FIRST_RESPONSE, Clock.RESOLUTION)
SILENT = frozenset({Status.GATHERING, Status.WAITING, Status.RESOLVED})
"""It is the client's turn."""

OURS = (Clock.NEXT_UPDATE, *SERVICE_LEVELS)
"""What runs while the desk works."""

OWED: Mapping[Status, tuple[Clock, ...]] = MappingProxyType(
    {
        Status.NEW: OURS,
        Status.OPEN: OURS,
        Status.ESCALATED: OURS,
        Status.HANDED_OFF: (Clock.HAND_OFF_RECEIPT,),
        **dict.fromkeys(sorted(SILENT), (Clock.CLIENT_REMINDER,)),
        Status.CLOSED: (),
    }
)
"""What runs in each status; the first one always does (CONTRACT.md, Mail), the rest where there is a service level."""

ALLOWED: Mapping[Status, frozenset[Clock]] = MappingProxyType(
    {
        **{status: frozenset({*clocks, Clock.UPDATE_REMINDER}) for status, clocks in OWED.items() if clocks is OURS},
        Status.ESCALATED: frozenset({*OURS, Clock.UPDATE_REMINDER, Clock.ESCALATION}),
    }
)
"""What may run in a status besides, started by whoever needs it; it stops where the status changes to another."""

EVENTS: Mapping[Clock, Event] = MappingProxyType(
    {
        Clock.NEXT_UPDATE: Event.UPDATE_OVERDUE,
        Clock.UPDATE_REMINDER: Event.UPDATE_DUE_SOON,
        Clock.HAND_OFF_RECEIPT: Event.HAND_OFF_UNCLAIMED,
        Clock.CLIENT_REMINDER: Event.CLIENT_REMINDED,
        Clock.FIRST_RESPONSE: Event.SERVICE_LEVEL_BREACHED,
        Clock.RESOLUTION: Event.SERVICE_LEVEL_BREACHED,
        Clock.ESCALATION: Event.ESCALATION_RAISED,
        Clock.POST_MORTEM: Event.POST_MORTEM_REMINDED,
    }
)
"""What happens when it runs out."""

PAUSED, CLOSED, RENEWED, ANSWERED, OVER = "paused", "closed", "renewed", "answered", "no longer owed"
AWAY = "away"
"""Why a clock stopped before it ran out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """One run of a clock, as the ticket's history has it."""

    clock: str
    due_at: datetime
    settled_at: datetime | None
    """None: it runs."""

    because: str | None
    """Why it stopped: one of the words above, or the event with which it ran out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Which clocks stop and which start."""

    stopped: Mapping[str, str] = field(default_factory=dict)
    """Clock to why."""

    started: Mapping[Clock, datetime] = field(default_factory=dict)
    """Clock to when it runs out (UTC)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When and by which rules clocks are looked at, and what has just happened."""

    now: datetime
    rules: Rules
    is_heard: bool = False
    """The client has just heard from a person of ours."""

    before: Ticket | None = None
    """The ticket before the event, where its priority may have changed."""


def main_clock(status: Status) -> Clock | None:
    """The clock that always runs in this status."""
    return next(iter(OWED[status]), None)
