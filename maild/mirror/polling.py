"""Poll: ask what has changed in the tracker since the last time, and have those tickets looked at."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from maild.mirror.parts import MirroredDesk
from maild.store.mirror import issues
from maild.store.mirror import mirroring as store

POLLED = "polled"
OVERLAP = timedelta(minutes=2)
"""Clocks differ, and what was written at the same moment may show late."""

PAGE = 100


def poll(desk: MirroredDesk, go_on: Callable[[], None]) -> None:
    """Page after page; where it ends early, the next time begins at the same place."""
    with desk.store.read() as connection:
        last = store.place(connection, POLLED)
    now = desk.clock()
    since = (datetime.fromisoformat(last) if last else now) - OVERLAP
    reached = since + OVERLAP
    changes = desk.tracker.changed(since=since)
    while page := list(islice(changes, PAGE)):
        go_on()
        desk.store.transact(partial(issues.make_changed_due, changes=page, now=now))
        reached = max([reached, *(each.at for each in page if each.at)])
    desk.store.transact(lambda connection: store.put_place(connection, POLLED, reached.isoformat()))
