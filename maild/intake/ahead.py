"""Ahead: groups of mails that are claimed and read while the desk decides about the one before."""

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from maild.desk.finding.arrival import Arrival
from maild.store.incoming.waiting import Waiting

SUSPECT_ATTEMPTS = 3
"""A mail that was claimed more often may have stopped maild before: it is taken in alone, so that others are safe."""

GROUPS_AHEAD = 2
"""Are read while the desk decides about one: with a single one the processes that parse waited for the desk, and it for them."""

OCTETS_AHEAD = 4_000_000
"""Of claimed mails, after which a single group is read ahead: large ones are not kept in memory before their time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Claimed mails, read and classified, and those that could not be."""

    arrivals: tuple[Arrival, ...]
    unreadable: tuple[tuple[int, str], ...]
    """(mail, reason)"""

    @property
    def mails(self) -> list[int]:
        """Rows of the mails that were claimed."""
        return [*(arrival.mail_id for arrival in self.arrivals), *(mail_id for mail_id, _ in self.unreadable)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """A group that is claimed, and may still be read."""

    waiting: Sequence[Waiting]
    group: Future[Group]

    @property
    def octets(self) -> int:
        """Of all its mails."""
        return sum(mail.size for mail in self.waiting)

    @property
    def is_suspect(self) -> bool:
        """Whether nothing else may be claimed beside it."""
        return any(is_suspect(mail) for mail in self.waiting)


def is_suspect(mail: Waiting) -> bool:
    """Whether it may be the one that stopped maild, or only stood beside it."""
    return mail.attempts > SUSPECT_ATTEMPTS


def has_room(ahead: Sequence[Ahead]) -> bool:
    """Whether one more group is claimed before the first of these is decided."""
    if any(each.is_suspect for each in ahead):
        return False
    return len(ahead) <= 1 or (len(ahead) <= GROUPS_AHEAD and sum(each.octets for each in ahead) <= OCTETS_AHEAD)
