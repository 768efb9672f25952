"""A mail of the past as it lies in an archive, and the archive itself."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from maild.process.past import Part


@dataclass(frozen=True, slots=True, kw_only=True)
class PastMail:
    """One mail of an archive, not yet read."""

    place: str
    """Where it lies, for messages: `mail 17` of an mbox, a file's name, `row 3`."""

    size: int
    """Octets, or about so many."""

    at: datetime | None
    """When it was written or came in, as the archive tells; None: it does not."""

    read: Callable[[], bytes]
    """Gives the source, with the line ends of mail (RFC 5322, 2.3)."""

    labels: Mapping[str, str] = field(default_factory=dict)
    part: Part | None = None
    """What it was in its ticket, where the archive knows that; otherwise the mail tells."""

    message_id: str | None = None
    """A mail with this Message-ID is there already, whatever its octets: the archive writes it anew each time."""

    told: str = ""
    """How the archive had marked the ticket that begins with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """Mails of the past in one file or folder, oldest first where they have dates."""

    kind: str
    count: int
    mails: Callable[[], Iterator[PastMail]]


Tell = Callable[[str, int, int | None], None]
"""Hears what is done, how many are through, and of how many."""
