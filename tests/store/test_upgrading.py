"""A database that has grown since the first version comes to this one with every row of every table intact."""

from datetime import UTC, datetime
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    make_url,
    select,
)

from maild.store.database.migrating import configuration
from maild.store.database.opening import WRITES, file_of, make_file, open_engine
from maild.store.database.standing import FOLDER, newest
from maild.store.engine import Store
from maild.store.knowledge.searching import search
from maild.store.tables import metadata

MEANT = {
    "digest": "d" * 64, "outcome": "ticket", "state": "sent", "status": "open", "subject": "Printer jams", "standing": "retired",
    "new_text": "The printer in the hall jams.", "source": "tsm", "role": "client", "kind": "x", "key": "1", "text": "printer",
}  # fmt: skip
"""What stands in a column of this name; anything would do, but for what migrations look at."""

NOT_OURS = ("alembic_version", "search_fts")

Rows = dict[str, dict[str, Any]]


def a_value(column: Column[Any]) -> object:
    """A value that the column takes; whatever refers to a row refers to the first."""
    if isinstance(column.type, LargeBinary):
        return b"\x78\x01\x03\x00\x00\x00\x00\x01"
    if isinstance(column.type, Boolean):
        return True
    if isinstance(column.type, DateTime):
        at = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
        return at if column.type.timezone else at.replace(tzinfo=None)
    if isinstance(column.type, (Integer, Float)):
        return 1
    if isinstance(column.type, JSON):
        return {"words": ["kept"]}
    length = getattr(column.type, "length", None) or 100
    return MEANT.get(column.name, "kept")[:length]


def fill(connection: Connection, rows: Rows) -> None:
    """Put a row into each table that has none yet."""
    reflected = MetaData()
    reflected.reflect(connection, only=lambda name, _: not name.startswith(NOT_OURS))
    for table in reflected.sorted_tables:
        # 0012 makes the table of incidents anew: nothing had ever been written into the older one
        if (table.name not in rows or table.name == "incidents") and connection.execute(
            select(table).limit(1)
        ).first() is None:
            rows[table.name] = {column.name: a_value(column) for column in table.columns}
            connection.execute(table.insert(), rows[table.name])


def kept(connection: Connection, name: str) -> list[dict[str, Any]]:
    table = Table(name, MetaData(), autoload_with=connection)
    return [dict(row) for row in connection.execute(select(table)).mappings()]


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
def test_rows_of_every_version_are_there_in_this_one(empty_url: str) -> None:
    revisions = [each.revision for each in ScriptDirectory(str(FOLDER)).walk_revisions()][::-1]
    rows: Rows = {}
    if empty_url.startswith("sqlite"):
        make_file(file_of(make_url(empty_url)))
    engine = open_engine(empty_url, None, for_migration=True)
    for revision in revisions:
        with engine.connect() as plain:
            connection = plain.execution_options(**{WRITES: True})
            command.upgrade(configuration(connection), revision)
            fill(connection, rows)
            connection.commit()
    with engine.connect() as connection:
        for name, row in rows.items():
            found = kept(connection, name)
            wanted = {column: value for column, value in row.items() if name != "search_texts"}
            assert any(all(each.get(column) == value for column, value in wanted.items()) for each in found), name
    engine.dispose()
    assert len(revisions) >= 16
    assert revisions[-1] == newest()
    store = Store(empty_url)
    assert not store.needs_upgrade()
    with store.read() as connection:
        assert [hit.key for hit in search(connection, "ticket", "printer", limit=5)] == ["1"]
    store.close()
    # search_texts has what the mails of before say, and was never empty
    assert {table.name for table in metadata.sorted_tables} - set(rows) == {"search_texts"}
