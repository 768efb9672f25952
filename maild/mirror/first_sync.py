"""First sync: tickets that were there before the mirror get their issues; it can be stopped, and goes on where it was."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from maild.mirror.line import Mirror
from maild.mirror.planning import plan
from maild.store.engine import Connection
from maild.store.mirror import issues, reading
from maild.store.mirror import mirroring as store

SYNCED = "synced"
"""The last ticket that has been looked at, while a sync is under way."""

GROUP = 100
PATIENCE = timedelta(seconds=5)

Tell = Callable[[str, int, int | None], None]
Wait = Callable[[timedelta], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced:
    """How far it came."""

    planned: int
    """Tickets that have an issue, or get one."""

    left: int
    """Tickets that still have something to be told; the daemon goes on with them, or this command when it is run again."""

    trouble: str | None
    """Why it ended before all was told."""

    is_whole: bool


def sync(mirror: Mirror, *, closed: bool, tell: Tell, is_stopped: Callable[[], bool], wait: Wait) -> Synced:
    """Plan everything first, which is quick and asks nobody; then bring it to the tracker, as fast as its limits allow.

    `closed`: also the tickets that are over. Raises Unavailable or Unauthorized where the tracker is of no use.
    """
    planned = _plan_all(mirror, closed=closed, tell=tell, is_stopped=is_stopped)
    total = left = _count(mirror)
    while left and not is_stopped():
        before = left
        mirror.work(is_stopped, most=GROUP)
        left = _count(mirror)
        tell("tickets told", total - left, total)
        if left and not mirror.trouble and not _is_any_due(mirror):
            break
        if left == before:
            wait(PATIENCE)
    return Synced(planned=planned, left=left, trouble=mirror.trouble, is_whole=not left)


def _plan_all(mirror: Mirror, *, closed: bool, tell: Tell, is_stopped: Callable[[], bool]) -> int:
    desk, planned, looked_at = mirror.desk, 0, 0
    with desk.store.read() as connection:
        after = int(store.place(connection, SYNCED) or 0)
        total = reading.count_tickets(connection, after=after, closed=closed)
    while not is_stopped():
        now = desk.clock()

        def plan_group(connection: Connection, after: int = after, now: datetime = now) -> tuple[int, int, int]:
            numbers = reading.list_tickets(connection, after=after, limit=GROUP, closed=closed)
            count = plan(connection, numbers, desk.policy, now=now, closed=closed)
            store.put_place(connection, SYNCED, str(numbers[-1]) if numbers else "0")
            return len(numbers), count, numbers[-1] if numbers else 0

        seen, count, after = desk.store.transact(plan_group, serial=True)
        if not seen:
            break
        planned, looked_at = planned + count, looked_at + seen
        tell("tickets planned", looked_at, total)
    return planned


def _count(mirror: Mirror) -> int:
    with mirror.desk.store.read() as connection:
        return issues.count_due(connection)


def _is_any_due(mirror: Mirror) -> bool:
    """Whether anything is due now, be it another process's; all that is left otherwise waits after trouble of its own."""
    with mirror.desk.store.read() as connection:
        at = issues.next_issue_at(connection)
        return at is not None and at <= mirror.desk.clock()
