"""What arrives at the desk."""

from dataclasses import dataclass, field
from datetime import datetime

from maild.classify.verdict import Verdict
from maild.mail.enclosing import Enclosed
from maild.mail.message import Mail
from maild.process.gathering.sheet import Found


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A mail that has been parsed and classified, on its way to the desk."""

    mail_id: int
    """Row of the arrival."""

    arrived_at: datetime
    mail: Mail
    verdicts: tuple[Verdict, ...]
    found: tuple[Found, ...]
    """What the mail tells about the issue."""

    source: bytes
    belongs_to: int | None = None
    """The ticket that it follows up, because whoever wrote or forwarded it says so."""

    placed_at: datetime | None = None
    """When they said so of their own words: only what they are shown in that ticket since then lets them through."""

    is_let_through: bool = False
    """It is played again as its author let it through; whom they were asked about is not known there."""

    is_sent: bool = False
    """It comes from a mailbox where mail clients put what they send in the desk's name."""

    enclosed: Enclosed = field(default_factory=Enclosed)
    """Its files, as far as they may go along with another mail."""

    shadows: tuple[Verdict, ...] = ()
    """Verdicts of versions in the shadow, to be compared and never acted on."""
