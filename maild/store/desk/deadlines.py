"""Deadlines: points in time at which something is owed to a ticket."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, bindparam, func, insert, or_, select, update

from maild.process.clocks.kinds import PAUSED, Clock, Stretch
from maild.store.database.batching import batched
from maild.store.database.together import Writer
from maild.store.desk.tickets import Cause
from maild.store.tables import deadlines

POSTPONED = timedelta(hours=1)
"""How long a deadline is left alone after acting on it has failed."""

_START = batched(insert(deadlines))
_STOP = (
    update(deadlines)
    .where(deadlines.c.ticket_id == bindparam("number"), deadlines.c.kind == bindparam("of_kind"))
    .where(or_(deadlines.c.settled_at.is_(None), deadlines.c.because == PAUSED))
    .values(
        settled_at=func.coalesce(deadlines.c.settled_at, bindparam("at", type_=deadlines.c.settled_at.type)),
        because=bindparam("why"),
        stopped_mail_id=bindparam("by_mail"),
        stopped_deadline_id=bindparam("by_deadline"),
    )
)
_STRETCHES = (
    select(deadlines.c.kind, deadlines.c.due_at, deadlines.c.settled_at, deadlines.c.because)
    .where(deadlines.c.ticket_id == bindparam("number"))
    .order_by(deadlines.c.id)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A point in time at which something is owed to a ticket."""

    id: int
    ticket: int
    kind: str
    due_at: datetime


def start_clocks(writer: Writer, number: int, started: Mapping[Clock, datetime], cause: Cause) -> None:
    """Deadlines that begin, and what made them begin."""
    made_by = {"mail_id": cause.mail, "deadline_id": cause.deadline}
    rows = [
        {"ticket_id": number, "kind": clock.value, "due_at": due_at, **made_by} for clock, due_at in started.items()
    ]
    if rows:
        writer.execute(_START, rows)


def stop_clocks(
    connection: Connection, number: int, stopped: Mapping[str, str], cause: Cause, *, now: datetime
) -> None:
    """Deadlines that are over before their time, kind to why, and what made it so; a paused one may stop for good."""
    made_by = {"number": number, "at": now, "by_mail": cause.mail, "by_deadline": cause.deadline}
    rows = [{"of_kind": kind, "why": why, **made_by} for kind, why in stopped.items()]
    if rows:
        connection.execute(_STOP, rows)


def read_stretches(connection: Connection, number: int) -> list[Stretch]:
    """All runs of the ticket's clocks, oldest first."""
    rows = connection.execute(_STRETCHES, {"number": number})
    return [Stretch(clock=row.kind, due_at=row.due_at, settled_at=row.settled_at, because=row.because) for row in rows]


def claim_deadlines(connection: Connection, *, now: datetime, limit: int) -> list[Deadline]:
    """Deadlines that have passed, oldest first, locked for this transaction."""
    query = (
        select(deadlines.c.id, deadlines.c.ticket_id, deadlines.c.kind, deadlines.c.due_at)
        .where(deadlines.c.settled_at.is_(None), deadlines.c.due_at <= now)
        .where(or_(deadlines.c.lease_until.is_(None), deadlines.c.lease_until <= now, _is_too_far(now)))
        .order_by(deadlines.c.due_at, deadlines.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = connection.execute(query)
    return [Deadline(id=row.id, ticket=row.ticket_id, kind=row.kind, due_at=row.due_at) for row in rows]


def _is_too_far(now: datetime) -> ColumnElement[bool]:
    """Nothing is postponed for so long: the clock has been put back since. `due_at` is another matter: a point in time."""
    return deadlines.c.lease_until > now + POSTPONED


def is_live(connection: Connection, deadline_id: int) -> bool:
    """Whether it has not been settled meanwhile."""
    query = select(deadlines.c.id).where(deadlines.c.id == deadline_id, deadlines.c.settled_at.is_(None))
    return connection.scalar(query) is not None


def settle_deadline(connection: Connection, deadline_id: int, *, because: str, now: datetime) -> None:
    """The deadline has been acted on."""
    settled = update(deadlines).where(deadlines.c.id == deadline_id)
    connection.execute(settled.values(settled_at=now, because=because))


def postpone_deadline(connection: Connection, deadline_id: int, *, now: datetime) -> None:
    """Look at this deadline again later: acting on it failed."""
    connection.execute(update(deadlines).where(deadlines.c.id == deadline_id).values(lease_until=now + POSTPONED))


def next_deadline_at(connection: Connection) -> datetime | None:
    """When the next live deadline passes."""
    query = select(deadlines.c.due_at).where(deadlines.c.settled_at.is_(None)).order_by(deadlines.c.due_at).limit(1)
    return connection.scalar(query)
