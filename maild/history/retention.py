"""Retention: what is old enough goes, a portion a transaction, and each time is written down."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from maild.process.retention import Retention
from maild.store.engine import Connection, Store
from maild.store.erasing.digest import digest_of_theirs
from maild.store.erasing.erasures import NOBODY, add_erasure, complete_erasure
from maild.store.erasing.retaining import Due, count_due, drop_old_sources, find_old_mails, find_old_tickets, overwrite
from maild.store.erasing.rows import erase_rows
from maild.store.erasing.theirs import Theirs
from maild.store.erasing.tombstones import add_tombstones, make_key
from maild.store.outgoing.tallies import drop_past_tallies

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Retaining:
    """Lets go of what is older than the settings say; done again it finds nothing."""

    store: Store
    retention: Retention
    clock: Callable[[], datetime]
    is_stopped: Callable[[], bool] = lambda: False

    def look(self) -> dict[str, int]:
        """Let go of all that is due: kind to tickets, or mails. Raises Refused or Deferred; what was done stays done."""
        self.store.transact(self._drop_tallies)
        counts: dict[str, int] = {}
        for kind in self.retention.kinds:
            while not self.is_stopped() and (done := self.store.transact(self._portion(kind), serial=True)):
                counts[kind] = counts.get(kind, 0) + done
        if counts:
            log.info("retention", extra=counts)
        return counts

    def count(self) -> list[Due]:
        """How much is due, and nothing is changed."""
        now = self.clock()
        with self.store.read() as connection:
            return count_due(connection, {kind: now - age for kind, age in self.retention.kinds.items()})

    def _drop_tallies(self, connection: Connection) -> None:
        """Whatever the settings keep: these counts are of no use to anybody."""
        overwrite(connection)
        drop_past_tallies(connection, self.clock())

    def _portion(self, kind: str) -> Callable[[Connection], int]:
        now = self.clock()
        cutoff = now - self.retention.kinds[kind]

        def act(connection: Connection) -> int:
            overwrite(connection)
            if kind == "sources":
                return drop_old_sources(connection, cutoff)
            found = (find_old_tickets if kind == "tickets" else find_old_mails)(connection, cutoff)
            return 0 if found is None else _erase(connection, found, kind, now)

        return act


def _erase(connection: Connection, found: Theirs, kind: str, now: datetime) -> int:
    """Erase, and mark the mails: a copy that turns up again is not kept."""
    key, before = make_key(connection, now=now), digest_of_theirs(connection, found)
    number = add_erasure(
        connection, mark=NOBODY, at=now, said_by="maild", because=f"[retention] {kind} of maild.toml", counts={}, left={},
        before=before, after="", done_at=now,
    )  # fmt: skip
    add_tombstones(connection, key, number, address=None, copies=found.copies, now=now)
    counts = erase_rows(connection, found, now=now)
    complete_erasure(connection, number, counts=counts, after=digest_of_theirs(connection, found))
    return len(found.tickets) or len(found.mails)
