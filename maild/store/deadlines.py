"""Deadlines: points in time at which something is owed to a ticket."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, literal, or_, select, update

from maild.store.tables import deadlines
from maild.store.together import Writer

_SET = insert(deadlines)
_SUPERSEDE = (
    update(deadlines)
    .where(deadlines.c.ticket_id == bindparam("number"), deadlines.c.kind == bindparam("of_kind"))
    .where(deadlines.c.settled_at.is_(None))
    .values(settled_at=bindparam("at"), because="superseded")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A point in time at which something is owed to a ticket."""

    id: int
    ticket: int
    kind: str
    due_at: datetime


def add_deadline(writer: Writer, number: int, *, kind: str, due_at: datetime, mail_id: int | None) -> None:
    """The first deadline of its kind that the ticket has."""
    writer.execute(_SET, {"ticket_id": number, "kind": kind, "due_at": due_at, "mail_id": mail_id})


def set_deadline(connection: Connection, number: int, *, kind: str, due_at: datetime, mail_id: int | None) -> None:
    """A live deadline of the ticket; one of the same kind is superseded."""
    connection.execute(_SUPERSEDE, {"number": number, "of_kind": kind, "at": due_at})
    add_deadline(connection, number, kind=kind, due_at=due_at, mail_id=mail_id)


def has_live_deadline(connection: Connection, number: int) -> bool:
    """Whether something is owed to the ticket."""
    live = select(literal(1)).where(deadlines.c.ticket_id == number, deadlines.c.settled_at.is_(None))
    return connection.scalar(live.limit(1)) is not None


def claim_deadlines(connection: Connection, *, now: datetime, limit: int) -> list[Deadline]:
    """Deadlines that have passed, oldest first, locked for this transaction."""
    query = (
        select(deadlines.c.id, deadlines.c.ticket_id, deadlines.c.kind, deadlines.c.due_at)
        .where(deadlines.c.settled_at.is_(None), deadlines.c.due_at <= now)
        .where(or_(deadlines.c.lease_until.is_(None), deadlines.c.lease_until <= now))
        .order_by(deadlines.c.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = connection.execute(query)
    return [Deadline(id=row.id, ticket=row.ticket_id, kind=row.kind, due_at=row.due_at) for row in rows]


def settle_deadline(connection: Connection, deadline_id: int, *, because: str, now: datetime) -> None:
    """The deadline has been acted on."""
    settled = update(deadlines).where(deadlines.c.id == deadline_id)
    connection.execute(settled.values(settled_at=now, because=because))


def settle_deadlines(connection: Connection, number: int, *, because: str, now: datetime) -> None:
    """Nothing is owed to the ticket any more."""
    live = update(deadlines).where(deadlines.c.ticket_id == number, deadlines.c.settled_at.is_(None))
    connection.execute(live.values(settled_at=now, because=because))


def postpone_deadline(connection: Connection, deadline_id: int, *, until: datetime) -> None:
    """Look at this deadline again later: acting on it failed."""
    connection.execute(update(deadlines).where(deadlines.c.id == deadline_id).values(lease_until=until))


def next_deadline_at(connection: Connection) -> datetime | None:
    """When the next live deadline passes."""
    query = select(deadlines.c.due_at).where(deadlines.c.settled_at.is_(None)).order_by(deadlines.c.due_at).limit(1)
    return connection.scalar(query)
