"""A ticket of another system, as all of them know it: who asked, what was said, and how people there had marked it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Somebody who wrote."""

    name: str
    address: str
    is_desk: bool
    """They worked there; a client otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """One thing that was said."""

    known: str
    """What the system knows it by."""

    author: Party
    at: datetime
    text: str
    html: str = ""
    """Stands where there is no text."""

    is_public: bool
    """The client saw it; a note of the house otherwise."""

    message_id: str | None = None
    """Of the mail that it was, where the system still knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How people of that system had marked a ticket: `group: Network`, `tag: vpn`."""

    kind: str
    value: str

    def __str__(self) -> str:
        """As it is listed, and as a file for `--map` names it."""
        return f"{self.kind}: {self.value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PastTicket:
    """One ticket, with all that was said."""

    known: str
    """Its number there."""

    subject: str
    client: Party
    comments: Sequence[Comment]
    """Oldest first; at least one."""

    marks: Sequence[Mark]
    files: int = 0
    """Attachments: an export names them, and does not hold them."""
