"""Erasures: who was forgotten when, by whom, and what is still to be done about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from maild.store.tables import erasures

NOBODY = "retention"
"""Stands where an erasure has the mark of an address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """One time that somebody was forgotten; whose the mark is, only who knows the address can ask."""

    id: int
    mark: str
    at: datetime
    said_by: str
    because: str | None
    counts: Mapping[str, int]
    before: str
    after: str
    left: Mapping[str, Sequence[str]]
    """Step to what it needs: `files`, and `models` with the questions that are to be trained anew."""

    done_at: datetime | None


def add_erasure(connection: Connection, **columns: object) -> int:
    """Write one down; its row."""
    added = connection.execute(insert(erasures).values(columns).returning(erasures.c.id))
    return int(added.scalar_one())


def complete_erasure(connection: Connection, number: int, **columns: object) -> None:
    """Fill in what is known only in the end."""
    connection.execute(update(erasures).where(erasures.c.id == number).values(columns))


def finish_step(connection: Connection, number: int, step: str, *, now: datetime) -> None:
    """A step is done; with the last one the whole is."""
    left = dict(connection.scalar(select(erasures.c.left).where(erasures.c.id == number)) or {})
    left.pop(step, None)
    complete_erasure(connection, number, left=left, done_at=None if left else now)


def newest_forgetting(connection: Connection) -> int:
    """Number of the newest erasure of a person; 0: there is none. What retention lets go of does not count."""
    query = select(func.coalesce(func.max(erasures.c.id), 0)).where(erasures.c.mark != NOBODY)
    return int(connection.execute(query).scalar_one())


def list_erasures(connection: Connection, *, mark: str | None = None) -> list[Erasure]:
    """All of them, or those of one address, oldest first."""
    query = select(erasures).order_by(erasures.c.id)
    rows = connection.execute(query if mark is None else query.where(erasures.c.mark == mark))
    return [Erasure(**row) for row in rows.mappings()]
