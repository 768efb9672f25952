"""Add rows that may be there already: the one insert that SQLite and PostgreSQL spell alike but apart."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, LargeBinary, Table
from sqlalchemy.dialects import postgresql, sqlite

from maild.store.database.batching import batched, write_rows
from maild.store.database.together import Writer

Insert = postgresql.Insert | sqlite.Insert


def insert_into(dialect: str, table: Table) -> Insert:
    """Begin an INSERT that knows ON CONFLICT; `dialect`: the name of the connection's."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


@cache
def insert_missing(dialect: str, table: Table) -> Insert:
    """An INSERT that leaves rows alone which are there already."""
    statement = insert_into(dialect, table).on_conflict_do_nothing()
    return statement if any(isinstance(column.type, LargeBinary) for column in table.c) else batched(statement)


def add_missing(writer: Writer, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows; those that are there already stay as they are."""
    if not rows:
        return
    statement = insert_missing(writer.dialect.name, table)
    if isinstance(writer, Connection):
        write_rows(writer, statement, rows)
    else:
        writer.execute(statement, rows)
