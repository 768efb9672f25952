"""The book of an export: who is who and what is called how, beside the tickets themselves."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from maild.history.exports.documents import Record
from maild.history.exports.facts import Facts
from maild.history.exports.past_ticket import Party, PastTicket

TICKET, COMMENT = "ticket", "comment"
"""Kinds of records that every system has; all others are kept in the book."""

NOWHERE = "imported.invalid"
"""The domain of somebody of whom no address is known (RFC 2606): nobody can be written to there."""

_ADDRESS = re.compile(r"[^\s@<>,;:\"()]{1,64}@[^\s@<>,;:\"()]{1,255}")
_UNSAFE = re.compile(r"[^a-z0-9]+")


@dataclass(kw_only=True)
class Book:
    """Small records by kind and id."""

    system: str
    records: dict[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)
    count: Counter[str] = field(default_factory=Counter)
    """How many there are of each kind."""

    nameless: set[str] = field(default_factory=set)
    """Whose addresses nobody knows."""

    def keep(self, kind: str, fields: Mapping[str, Any]) -> None:
        """Keep a record under its id."""
        self.records[kind, str(fields.get("id"))] = fields
        self.count[kind] += 1

    def find(self, kind: str, known: object) -> Mapping[str, Any] | None:
        """The record with this id."""
        return self.records.get((kind, str(known)))

    def party(self, known: str, name: str, address: str, *, is_desk: bool) -> Party:
        """Somebody, with an address that leads nowhere where the export has none."""
        address = address.strip()
        if not (address.isascii() and _ADDRESS.fullmatch(address)):
            self.nameless.add(known)
            plain = _UNSAFE.sub("-", known.casefold()).strip("-")[:40] or "unknown"
            address = f"{self.system}-user-{plain}@{NOWHERE}"
        return Party(name=name.strip(), address=address, is_desk=is_desk)


Build = Callable[[Facts, Sequence[Facts], Book], PastTicket | None]
"""Ticket, comments that came apart from it, book; complains, and answers None, where it cannot be understood."""


class KindOf(Protocol):
    """Says what a record is: TICKET, COMMENT, another kind, or None for one that is not of this system or of no use."""

    def __call__(self, record: Record, /) -> str | None:
        """Look at names of pages and fields alone."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """A system that people leave."""

    name: str
    title: str
    kind: KindOf
    ticket_of: Callable[[Record], str]
    """The ticket that a COMMENT belongs to; empty: it does not say."""

    build: Build
    asked_for: str
    """What its export must hold, in words."""


def named(kinds: Mapping[str, Iterable[str]]) -> Mapping[str, str]:
    """Name of a list, or of the one object in an object, to the kind of its records."""
    return {name: kind for kind, names in kinds.items() for name in names}
