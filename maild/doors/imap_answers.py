"""What an IMAP server says, as values and as words for a person."""

import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

LONGEST_WORDS = 300
"""Characters of a server's own words that maild repeats."""

PASSING = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]")
"""Codes by which a server says no for reasons that pass by themselves (RFC 5530)."""

TEMPORARY = (*PASSING, "[SERVERBUG]", "[CONTACTADMIN]")
"""Codes by which it says no for reasons of its own, which judge neither the password nor the mail; some need a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selected:
    """What the server says of the mailbox that it opened."""

    uidvalidity: int
    uidnext: int | None
    """Every later mail has at least this UID; None: the server does not say."""

    exists: int
    """How many mails are in it."""

    keeps_keywords: bool
    r"""May a client invent flags here (`\*` in PERMANENTFLAGS)?"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One mail on the server, before its bytes are fetched."""

    uid: int
    size: int
    """Octets, as the server counts them."""

    arrived_at: datetime | None
    """INTERNALDATE: whole seconds, UTC; None: the server does not say."""

    def is_since(self, moment: datetime) -> bool:
        """Whether it arrived then or later, as far as the server says."""
        return self.arrived_at is None or self.arrived_at >= moment


def listed(uid: int, facts: Mapping[bytes, object]) -> Listed:
    """Read one mail of an answer to FETCH (RFC822.SIZE INTERNALDATE)."""
    arrived_at = facts.get(b"INTERNALDATE")
    return Listed(
        uid=uid,
        size=int(str(facts[b"RFC822.SIZE"])),
        arrived_at=arrived_at.astimezone(UTC) if isinstance(arrived_at, datetime) else None,
    )


def head_of(facts: Mapping[bytes, object]) -> bytes:
    """Read the header fields of one mail of an answer to FETCH; servers repeat their names each in their own way."""
    found = (value for name, value in facts.items() if name.upper().startswith(b"BODY[HEADER"))
    return next((value for value in found if isinstance(value, bytes)), b"")


def is_temporary(words: str, codes: Iterable[str] = TEMPORARY) -> bool:
    """Tell what failed for the server's own reasons from what was judged (RFC 5530)."""
    return any(code in words for code in codes)


def words(error: BaseException) -> str:
    """Give what an exception says, as one line for a person."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    if isinstance(error, TimeoutError):
        return "no answer in time"
    said = str(error).strip() or type(error).__name__
    # imapclient shows the bytes of an answer as Python writes them
    if said[:2] in {"b'", 'b"'}:
        said = said[2:-1]
    return " ".join(said.split())[:LONGEST_WORDS].rstrip(".")
