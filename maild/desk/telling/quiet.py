"""Quiet: after a restored backup, what may have been sent before is composed, and left to a person."""

import logging
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime

from maild.store.backing_up.restorations import doubt, find_quiet, last_outbox
from maild.store.engine import Connection

log = logging.getLogger(__name__)


@contextmanager
def quietly(
    connection: Connection, *, mails: dict[int, datetime] | None, now: datetime, is_old: bool = False
) -> Iterator[None]:
    """Doubt what is composed within: because of `mails` (row to arrival) from before, or all of it where `is_old`.

    `mails` None: no mail is its cause.
    """
    quiet = find_quiet(connection)
    old = {mail for mail, at in (mails or {}).items() if quiet is not None and at <= quiet.until}
    if quiet is None or not (old or is_old):
        yield
        return
    after = last_outbox(connection)
    yield
    count = doubt(connection, quiet, after=after, mails=None if is_old else old, now=now)
    if count:
        log.warning("mails uncertain after a restoration", extra={"count": count})


def is_from_before(connection: Connection, moments: Collection[datetime]) -> bool:
    """Whether one of the moments lies before the last restoration was let go on."""
    quiet = find_quiet(connection)
    return quiet is not None and any(at <= quiet.until for at in moments)
