"""The mirror for people: how many tickets have an issue, what has yet to be told, and what is in trouble."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, func, select

from maild.process.desk import Desk
from maild.store.tables import mirror_heard, mirror_issues, mirror_outbox

LISTED = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class MirrorLine:
    """A ticket whose issue is in trouble, or of which something was refused."""

    ticket: str
    issue: str | None
    """As people call it there; None: it is not there yet."""

    because: str
    again_at: datetime | None
    """When it is tried again by itself; None: it is not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MirrorStanding:
    """How the mirror stands."""

    issues: int
    """Tickets whose issue is there."""

    waiting: int
    """Tickets that have something to be told, or to be looked at."""

    oldest_at: datetime | None
    """Since when the one has waited that is due longest; only those read it who ask for JSON."""

    comments: int
    """Comments and links that were made."""

    heard: int
    """What people wrote and decided there."""

    gone: int
    """Issues that were deleted there, or moved to another team."""

    troubles: tuple[MirrorLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MirrorWatched:
    """How the mirror stands, in numbers for a machine that watches; all zero where there is none."""

    waiting: int
    """Tickets that have something to be told, or to be looked at."""

    waiting_since: datetime | None
    """Of what waits longest, whatever pauses there were; None: nothing does."""

    refused: int
    """Comments and links that the tracker refused, and tickets that it would not take; a person must look."""


NO_MIRROR = MirrorWatched(waiting=0, waiting_since=None, refused=0)


def watch_mirror(connection: Connection, *, now: datetime) -> MirrorWatched:
    """Count what waits; the words of what has yet to be told know best for how long."""
    one, told = mirror_issues.c, mirror_outbox.c
    waiting = select(func.count(), func.min(one.due_at)).where(one.due_at.is_not(None), one.gone_at.is_(None))
    count, due_at = connection.execute(waiting).one()
    joined = mirror_issues.join(mirror_outbox, told.ticket_id == one.ticket_id)
    untold = select(func.min(told.created_at)).select_from(joined).where(one.due_at.is_not(None), told.state == "due")
    moments = [at for at in (due_at, connection.scalar(untold)) if at is not None and at <= now]
    refused = select(func.count()).select_from(mirror_outbox).where(told.state == "refused")
    troubled = select(func.count()).select_from(mirror_issues).where(one.trouble.is_not(None))
    return MirrorWatched(
        waiting=count,
        waiting_since=min(moments, default=None),
        refused=_count(connection, refused) + _count(connection, troubled),
    )


def read_mirror(connection: Connection, desk: Desk) -> MirrorStanding:
    """Count, and list what needs a person."""
    one, told, said = mirror_issues.c, mirror_outbox.c, mirror_heard.c
    waiting = select(func.count()).select_from(mirror_issues).where(one.due_at.is_not(None))
    oldest = select(func.min(one.due_at))
    heard = select(func.count()).select_from(mirror_heard).where(said.outcome != "agreed")
    return MirrorStanding(
        issues=_count(connection, select(func.count()).select_from(mirror_issues).where(one.made_at.is_not(None))),
        waiting=_count(connection, waiting),
        oldest_at=connection.scalar(oldest),
        comments=_count(connection, select(func.count()).select_from(mirror_outbox).where(told.state == "sent")),
        heard=_count(connection, heard),
        gone=_count(connection, select(func.count()).select_from(mirror_issues).where(one.gone_at.is_not(None))),
        troubles=(*_waiting(connection, desk), *_refused(connection, desk)),
    )


def _count(connection: Connection, query: Select[int]) -> int:
    return int(connection.scalar(query) or 0)


def _waiting(connection: Connection, desk: Desk) -> list[MirrorLine]:
    columns = (mirror_issues.c.ticket_id, mirror_issues.c.key, mirror_issues.c.trouble, mirror_issues.c.due_at)
    query = select(*columns).where(mirror_issues.c.trouble.is_not(None)).order_by(mirror_issues.c.ticket_id)
    return [
        MirrorLine(ticket=desk.show(row.ticket_id), issue=row.key, because=row.trouble, again_at=row.due_at)
        for row in connection.execute(query.limit(LISTED))
    ]


def _refused(connection: Connection, desk: Desk) -> list[MirrorLine]:
    joined = mirror_outbox.join(mirror_issues, mirror_issues.c.ticket_id == mirror_outbox.c.ticket_id)
    columns = (mirror_outbox.c.ticket_id, mirror_issues.c.key, mirror_outbox.c.kind, mirror_outbox.c.answer)
    query = select(*columns).select_from(joined).where(mirror_outbox.c.state == "refused").order_by(mirror_outbox.c.id)
    return [
        MirrorLine(
            ticket=desk.show(row.ticket_id), issue=row.key, because=f"{row.kind}: {row.answer or ''}", again_at=None
        )
        for row in connection.execute(query.limit(LISTED))
    ]
