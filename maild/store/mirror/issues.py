"""The issues of tickets: which there are, which have something to do, and who has them (a lease)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Float, Row, bindparam, func, or_, select, update

from maild.process.tracker import Changed, Fields
from maild.store.database.adding import add_missing
from maild.store.database.bells import ring
from maild.store.database.clock import clock_ahead, clock_plus
from maild.store.database.portions import portions
from maild.store.mirror.mirroring import is_own
from maild.store.tables import mirror_issues

FREE = {"lease_holder": None, "lease_until": None}
BELL = "mirror"


@dataclass(frozen=True, slots=True, kw_only=True)
class MirroredIssue:
    """A ticket's issue, as the store knows it."""

    ticket: int
    issue: str
    key: str | None
    made_at: datetime | None
    """None: not there yet."""

    told: Fields
    seen: Fields
    looked_at: datetime | None
    gone_at: datetime | None
    asked: int
    """How often it has been made due; by it a newer wish is known."""

    attempts: int


_DUE = (
    select(mirror_issues)
    .where(mirror_issues.c.due_at <= bindparam("now"))
    .where(or_(mirror_issues.c.lease_until.is_(None), mirror_issues.c.lease_until <= clock_plus()))
    .order_by(mirror_issues.c.due_at, mirror_issues.c.ticket_id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_HOLD = (
    update(mirror_issues)
    .where(mirror_issues.c.ticket_id == bindparam("ticket"))
    .values(
        lease_holder=bindparam("holder"),
        lease_until=clock_ahead(bindparam("seconds", type_=Float())),
        attempts=mirror_issues.c.attempts + 1,
    )
)


def add_issue(connection: Connection, ticket: int, issue: str) -> None:
    """Give a ticket an issue, under this id; one that has one keeps it."""
    add_missing(connection, mirror_issues, [{"ticket_id": ticket, "issue": issue, "attempts": 0, "asked": 0}])


def find_issue(connection: Connection, ticket: int) -> MirroredIssue | None:
    """The ticket's issue."""
    row = connection.execute(select(mirror_issues).where(mirror_issues.c.ticket_id == ticket)).first()
    return _issue(row) if row else None


def list_urls(connection: Connection, tickets: Collection[int]) -> list[str]:
    """Where people find the issues of these tickets, as far as they are there."""
    return [
        url
        for some in portions(sorted(tickets))
        for url in connection.scalars(select(mirror_issues.c.url).where(mirror_issues.c.ticket_id.in_(some)))
        if url
    ]


def have_issues(connection: Connection, tickets: Collection[int]) -> set[int]:
    """Those of the tickets that have one."""
    query = select(mirror_issues.c.ticket_id).where(mirror_issues.c.ticket_id.in_(sorted(tickets)))
    return set(connection.scalars(query))


def is_taken(connection: Connection, issue: str) -> bool:
    """Whether some ticket has an issue under this id."""
    return connection.scalar(select(mirror_issues.c.ticket_id).where(mirror_issues.c.issue == issue)) is not None


def make_due(connection: Connection, tickets: Collection[int], *, now: datetime) -> None:
    """Have these looked at now, unless they are gone there; rings "mirror"."""
    _make_due(connection, mirror_issues.c.ticket_id.in_(sorted(tickets)), now)


def make_changed_due(connection: Connection, changes: Collection[Changed], *, now: datetime) -> int:
    """Have the tickets looked at whose issues changed, or got a comment that is not ours; how many. Rings "mirror"."""
    own = is_own(connection, {each.comment for each in changes if each.comment})
    fresh = {each.issue for each in changes if each.comment and each.comment not in own}
    moved = {each.issue: each.at for each in changes if not each.comment}
    ours = select(mirror_issues.c.issue, mirror_issues.c.updated_at).where(mirror_issues.c.issue.in_(sorted(moved)))
    for row in connection.execute(ours):
        if row.updated_at is None or moved[row.issue] is None or moved[row.issue] > row.updated_at:
            fresh.add(row.issue)
    return _make_due(connection, mirror_issues.c.issue.in_(sorted(fresh)), now) if fresh else 0


def _make_due(connection: Connection, which: Any, now: datetime) -> int:
    # Also while somebody has it: what they have read may be older than what is new. A pause after trouble stays.
    waits = func.coalesce(mirror_issues.c.due_at, now) > now
    due = update(mirror_issues).where(
        which, mirror_issues.c.gone_at.is_(None), or_(~waits, mirror_issues.c.attempts == 0)
    )
    count = connection.execute(due.values(due_at=now, asked=mirror_issues.c.asked + 1)).rowcount
    if count:
        ring(connection, BELL)
    return count


def claim_issue(connection: Connection, *, holder: str, lease: timedelta, now: datetime) -> MirroredIssue | None:
    """Take the one that is due longest; it is the holder's until the lease ends."""
    row = connection.execute(_DUE, {"now": now}).first()
    if row is None:
        return None
    connection.execute(_HOLD, {"ticket": row.ticket_id, "holder": holder, "seconds": lease.total_seconds()})
    return _issue(row)


def keep_issue(connection: Connection, ticket: int, *, holder: str, lease: timedelta) -> bool:
    """Before each call: have it for longer; False: it is somebody else's by now."""
    kept = update(mirror_issues).where(*_ours(ticket, holder), mirror_issues.c.lease_until > clock_plus())
    return connection.execute(kept.values(lease_until=clock_plus(lease))).rowcount == 1


def settle_issue(connection: Connection, claimed: MirroredIssue, *, holder: str) -> None:
    """Nothing is left to do, unless it was made due anew meanwhile; nothing happens where it is somebody else's."""
    ours = _ours(claimed.ticket, holder)
    done = update(mirror_issues).where(*ours, mirror_issues.c.asked == claimed.asked).values(due_at=None)
    connection.execute(done)
    connection.execute(update(mirror_issues).where(*ours).values(attempts=0, trouble=None, **FREE))


def defer_issue(connection: Connection, ticket: int, *, holder: str, due_at: datetime, trouble: str) -> None:
    """Try again later."""
    values = {"due_at": due_at, "trouble": trouble, **FREE}
    connection.execute(update(mirror_issues).where(*_ours(ticket, holder)).values(values))


def give_back_issue(connection: Connection, ticket: int, *, holder: str) -> None:
    """As if it had never been claimed."""
    back = {"attempts": mirror_issues.c.attempts - 1, **FREE}
    connection.execute(update(mirror_issues).where(*_ours(ticket, holder)).values(back))


def note_issue(connection: Connection, ticket: int, **values: Any) -> None:
    """Write down what is known of it now: `key`, `url`, `made_at`, `told`, `seen`, `looked_at`, `updated_at`, `gone_at`."""
    plain = {name: value.document() if isinstance(value, Fields) else value for name, value in values.items()}
    connection.execute(update(mirror_issues).where(mirror_issues.c.ticket_id == ticket).values(plain))


def next_issue_at(connection: Connection) -> datetime | None:
    """When the next one is due."""
    at: datetime | None = connection.scalar(select(func.min(mirror_issues.c.due_at)))
    return at


def count_due(connection: Connection) -> int:
    """How many have something to do, now or after a pause."""
    query = select(func.count()).select_from(mirror_issues).where(mirror_issues.c.due_at.is_not(None))
    return int(connection.scalar(query) or 0)


def retry_issues(connection: Connection, tickets: Collection[int], *, now: datetime) -> int:
    """Try these again now, and everything that waits after trouble; how many. Rings "mirror"."""
    which = or_(mirror_issues.c.ticket_id.in_(sorted(tickets)), mirror_issues.c.trouble.is_not(None))
    again = update(mirror_issues).where(which, mirror_issues.c.gone_at.is_(None))
    ring(connection, BELL)
    return connection.execute(again.values(due_at=now, asked=mirror_issues.c.asked + 1, attempts=0)).rowcount


def _ours(ticket: int, holder: str) -> tuple[Any, ...]:
    return mirror_issues.c.ticket_id == ticket, mirror_issues.c.lease_holder == holder


def _issue(row: Row[Any]) -> MirroredIssue:
    return MirroredIssue(
        ticket=row.ticket_id,
        issue=row.issue,
        key=row.key,
        made_at=row.made_at,
        told=Fields.read(row.told or {}),
        seen=Fields.read(row.seen or {}),
        looked_at=row.looked_at,
        gone_at=row.gone_at,
        asked=row.asked,
        attempts=row.attempts,
    )
