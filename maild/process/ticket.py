"""The ticket: the record of one client issue, and the words for what can happen to it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from maild.process.event import Event
from maild.process.gathering.sheet import Sheet
from maild.process.outcome import Outcome

__all__ = ["Event", "Outcome", "Role", "Status", "Ticket", "Trust"]


class Status(StrEnum):
    """What a ticket waits for."""

    NEW = "new"
    """A TSM must decide what the model left open."""

    GATHERING = "gathering"
    """The client's missing information."""

    OPEN = "open"
    """The TSM's work."""

    WAITING = "waiting"
    """The client's answer."""

    ESCALATED = "escalated"
    """Engineering."""

    RESOLVED = "resolved"
    """The client's verification."""

    CLOSED = "closed"
    HANDED_OFF = "handed_off"
    """Another team; custody stays here until its receipt."""


class Role(StrEnum):
    """Who a person is to a ticket (PROCESS.md)."""

    CLIENT = "client"
    TSM = "tsm"
    FORMER = "former"
    """Who was responsible until now, where somebody else is from now on."""

    LEAD = "lead"
    ENGINEER = "engineer"
    TEAM = "team"
    AUTHOR = "author"
    """Whoever of the desk wrote the mail, at their configured address."""


class Trust(StrEnum):
    """How sure we are of an author (DESIGN.md, Trust)."""

    PROVEN = "proven"
    TOKEN = "token"  # noqa: S105 - a level of trust, not a password
    CLAIMED = "claimed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """The record of one client issue."""

    number: int
    """Shown with the desk's prefix: 17 is `T-17`."""

    status: Status
    technical: bool | None
    category: str | None
    urgency: int | None
    impact: int | None
    priority: int | None
    client: str
    """Address of the client."""

    client_name: str
    language: str
    """ISO 639-1 code of the language in which the client is written to."""

    subject: str
    assignee: str | None
    """Name of who is responsible for it, from team.toml."""

    team: str | None
    """The other team that has it, while handed off."""

    opened_at: datetime
    next_update_due_at: datetime | None
    """The client hears from us by then."""

    sheet: Sheet | None = None
    """What was gathered from the client's mails; None on tickets from before maild gathered."""

    eta_at: datetime | None = None
    """The estimate that a TSM gave the client."""

    merged_into: int | None = None
    """The ticket in which this one goes on."""

    escalation_level: int | None = None
    """How far the ticket has been escalated: 1 is the first level of process.toml; None: it is not."""
