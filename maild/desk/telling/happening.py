"""A happening: an event of a ticket that people may have to be told about, with all that they may be told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from maild.desk.finding.arrival import Arrival
from maild.mail.message import Address
from maild.process.decision import Findings, SentMail
from maild.process.incident import Incident
from maild.process.ticket import Event, Ticket
from maild.replies.dossier import Dossier
from maild.replies.others import Others
from maild.replies.reply import Known
from maild.store.desk.tickets import Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """An event of a ticket that people may have to be told about."""

    event: Event
    ticket: Ticket
    because: tuple[str, ...]
    cause: Cause
    arrival: Arrival | None = None
    findings: Findings | None = None
    failed: SentMail | None = None
    """Our mail that came back, or whose fate is unknown, if that is the event."""

    opens: bool = False
    """The ticket begins with it."""

    words: str = ""
    """A TSM's own words for the client; in the internal thread, those of the house to itself; of a mail that is held, all of them."""

    consulted: tuple[Address, ...] = ()
    """Who is told of it in the internal thread."""

    dossier: Dossier | None = None
    """The ticket's story, where somebody is asked for help."""

    incident: Incident | None = None
    """The incident that it is about, or that the ticket belongs to."""

    facts: Mapping[str, Any] = field(default_factory=dict)
    """The statistics of an incident that is proposed."""

    is_shared: bool = False
    """The words go to every client of the incident."""

    is_closing: bool = False
    """The ticket is closed with the words, and its client is not asked."""

    articles: tuple[Known, ...] = ()
    """Articles that it is about."""

    others: Others | None = None
    """Open tickets that the client has beside this one, where whoever is told may read of them."""

    readers: tuple[str, ...] = ()
    """Addresses to which the words of a held mail would go."""

    taken_from: str | None = None
    """The other team that had it until now, and does not know yet that it has it no more."""

    former: str | None = None
    """Who of the desk was responsible for it until now, and does not know yet that there is nothing more to do for them."""

    given_to: str | None = None
    """Who of the desk got it by that, and does not know yet."""

    undone_of: str | None = None
    """Who had ordered what somebody else took back, where nothing else tells them."""

    said_by: str = ""
    """Who wrote or decided it, where no mail of theirs did."""

    transcript: tuple[tuple[str, str], ...] = ()
    """Commands that did nothing, and why."""

    heightened: Mapping[str, int] = field(default_factory=dict)
    """`urgency` and `impact` that a client's further mail reads like, where they are higher than the ticket's."""

    @property
    def cause_in_words(self) -> str:
        """Names the cause for tokens: each cause brings each reply once."""
        named = ((name, getattr(self.cause, name)) for name in ("mail", "outbox", "deadline", "heard"))
        return " ".join(f"{name} {row}" for name, row in named if row is not None)

    def asked_at(self, now: datetime) -> str:
        """As `cause_in_words`, of a question about a held mail: asked again it is another one, and has answers of its own."""
        return f"{self.cause_in_words} asked {now.isoformat()}"
