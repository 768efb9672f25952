"""SQLite does not wait for the disk: no test cuts a machine's power, and what a killed process has written the system keeps.

Of the suite's own process alone; those that it starts wait as in earnest.
"""

import pytest
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from maild.store.database import opening

_PREPARE, _PREPARE_FOR_MIGRATION = opening._prepare, opening._prepare_for_migration


def _unsynced(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    _PREPARE(connection, _entry)
    connection.execute("PRAGMA synchronous = OFF")


def _unsynced_for_migration(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    _PREPARE_FOR_MIGRATION(connection, _entry)
    connection.execute("PRAGMA synchronous = OFF")


opening._prepare, opening._prepare_for_migration = _unsynced, _unsynced_for_migration


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> None:
    """It waits, as in earnest."""
    monkeypatch.setattr(opening, "_prepare", _PREPARE)
    monkeypatch.setattr(opening, "_prepare_for_migration", _PREPARE_FOR_MIGRATION)
