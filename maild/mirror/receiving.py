"""Receive: a webhook that is believed makes its tickets due, once however often it comes; it is answered when that is kept."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime

from maild.process.tracker import Signal
from maild.store.engine import Connection, Store
from maild.store.mirror import issues
from maild.store.mirror import mirroring as store

Understand = Callable[[bytes, Mapping[str, str]], Signal]
"""Raises Refused for what is not the tracker's."""


def receive(
    body: bytes, headers: Mapping[str, str], *, understand: Understand, store_: Store, clock: Callable[[], datetime]
) -> None:
    """Keep what it says. Raises Refused, or Deferred where the database is gone: then it comes again."""
    signal, now = understand(body, headers), clock()
    if not signal.changes:
        return
    digest = hashlib.sha256(body).hexdigest()

    def keep(connection: Connection) -> None:
        if store.add_delivery(connection, digest=digest, delivery=signal.delivery, now=now):
            issues.make_changed_due(connection, signal.changes, now=now)

    store_.transact(keep)
