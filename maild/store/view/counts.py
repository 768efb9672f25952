"""How many there are: tickets, mails that wait, the outbox."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Column, Connection, Table, func, select

from maild.store.tables import mails, outbox, tickets


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The desk in numbers."""

    tickets: Mapping[str, int]
    """By status."""

    outbox: Mapping[str, int]
    """By state."""

    waiting: int
    """Mails that wait to be taken in."""

    held: int


def count(connection: Connection) -> Counts:
    """Count; reads whole tables, so for people and metrics, not for every mail."""
    held = select(func.count()).select_from(mails).where(mails.c.outcome == "held")
    waiting = select(func.count()).select_from(mails).where(mails.c.outcome.is_(None))
    return Counts(
        tickets=_by(connection, tickets, tickets.c.status),
        outbox=_by(connection, outbox, outbox.c.state),
        waiting=connection.execute(waiting).scalar_one(),
        held=connection.execute(held).scalar_one(),
    )


def _by(connection: Connection, table: Table, column: Column[str]) -> dict[str, int]:
    query = select(column, func.count()).select_from(table).group_by(column).order_by(column)
    return dict(connection.execute(query).all())
