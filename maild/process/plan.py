"""A plan: what a person's mail or tap does to a ticket, step by step; or why it does nothing at all."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from maild.process.incident import Incident
from maild.process.people.team import Person
from maild.process.rules import Rules
from maild.process.ticket import Event, Status, Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """One event of a command that was given before."""

    event: Event
    before: Mapping[str, Any]
    """What it changed, as it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LastCommand:
    """The last mail that gave commands on a ticket."""

    mail: int
    because: str
    """Its commands, in words."""

    by: str = ""
    """Address of who gave them."""

    steps: tuple[Done, ...]
    is_shared: bool = False
    """It was about all tickets of an incident."""

    left: tuple[str, ...]
    """What it brought about and nobody can recall: mails to clients and other teams, in words."""

    overtaken_by: str | None = None
    """What a person decided in the tracker since, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One event that a command brings about, with all that it changes."""

    event: Event
    because: str
    """In words, for the ticket's history: `/category network`."""

    changes: Mapping[str, Any] = field(default_factory=dict)
    """Fields of the ticket to their new values; its status follows from the event."""

    labels: Mapping[str, str] = field(default_factory=dict)
    """Question to the label that the person gives."""

    says: bool = False
    """The words of the mail belong to this step, and it makes no sense without any."""

    addresses: tuple[str, ...] = ()
    """Whom it adds to the conversation, or takes out."""

    other: int | None = None
    """The other ticket that it speaks of."""

    undoes: LastCommand | None = None
    article: str | None = None
    """Name of the article that it speaks of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that one mail does; all of it happens, or nothing."""

    steps: tuple[Step, ...]
    words: str
    """What the person wrote besides commands; empty if nothing."""

    is_internal: bool
    """The words stay in the house."""

    is_shared: bool = False
    """It is about all tickets of the ticket's incident: what a client gets to read, every client gets."""

    @property
    def public_words(self) -> str:
        """What the client gets to read."""
        return "" if self.is_internal else self.words


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a mail with commands does nothing."""

    lines: tuple[tuple[str, str], ...]
    """Each command as it was written, and what is wrong with it; empty where it alone would have worked."""

    @property
    def because(self) -> str:
        """All that is wrong, in one line."""
        return "; ".join(f"{line}: {trouble}" for line, trouble in self.lines if trouble)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a command may look at."""

    ticket: Ticket
    author: Person
    rules: Rules
    words: str
    others: Mapping[int, Ticket]
    """The tickets that the commands name, as far as they exist."""

    now: datetime
    is_internal: bool = False
    """It answers the internal thread, or is an engineer's: whatever it says stays in the house."""

    is_form: bool = False
    """It answers a post-mortem form."""

    copied: tuple[str, ...] = ()
    """Addresses of the client's side in To and Cc."""

    heard: Mapping[int, AbstractSet[str]] = field(default_factory=dict)
    """Of those other tickets: the keys of the addresses of the client's side. Of this one only where it matters."""

    client_mails: int = 0
    """How many mails of the client's side the ticket has. Looked up only where it matters."""

    found_in: Status | None = None
    """The status in which the client's last mail found the ticket, if it began that again and nothing has been done since.
    Looked up only where it matters."""

    articles: AbstractSet[str] = frozenset()
    """Those articles that the commands name, as far as they exist."""

    last: LastCommand | None = None
    """What `/undo` would take back. Looked up only where it matters."""

    incidents: Mapping[int, Incident] = field(default_factory=dict)
    """Of this ticket and those that the commands name: the incident that it is in."""

    is_shared: bool = False
    """It answers the thread of the ticket's incident."""

    is_for_desk: bool = False
    """It answers a question or a notice of maild: its words are for nobody but the desk."""
