"""Which version of the tables a database has, asked without alembic: to import that takes a tenth of a second."""

from functools import cache
from pathlib import Path

from sqlalchemy import Connection, inspect, text

VERSION_TABLE = "alembic_version"
FOLDER = Path(__file__).parent.parent / "migrations"


def is_current(connection: Connection) -> bool:
    """Whether the tables are those of this version, and nothing is left to be done to them."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return False
    # A copy that somebody put back may lack the write-ahead log.
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA journal_mode").scalar() != "wal":
        return False
    return connection.scalars(text(f"SELECT version_num FROM {VERSION_TABLE}")).all() == [newest()]  # noqa: S608 - our own name


@cache
def newest() -> str:
    """Give the version of this maild's tables."""
    return max(path.name for path in FOLDER.glob("versions/[0-9]*_*.py")).partition("_")[0]
