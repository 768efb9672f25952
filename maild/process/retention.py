"""Retention: how long the desk keeps what, by kind."""

from dataclasses import dataclass
from datetime import timedelta

ERASED_DOMAIN = "erased.invalid"
"""Of the addresses that stand where those of the forgotten were; no mail can ever reach one (RFC 2606)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """None: for good."""

    tickets: timedelta | None = None
    """Closed tickets, from the last thing that happened to them."""

    sources: timedelta | None = None
    """The bytes of their mails, from the same moment."""

    unwanted: timedelta | None = None
    """Mail that belongs to no ticket, from its arrival."""

    @property
    def kinds(self) -> dict[str, timedelta]:
        """Kind to age, of what is not kept for good."""
        ages = {"tickets": self.tickets, "sources": self.sources, "unwanted": self.unwanted}
        return {kind: age for kind, age in ages.items() if age is not None}
