"""Migrations: from nothing to the tables of this version, whoever starts first."""

import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from maild.errors import Refused
from maild.store.database.opening import open_engine
from maild.store.engine import Store
from maild.store.tables import metadata


def is_ours(name: str | None, kind: str, _: object) -> bool:
    """Each database keeps the words of search in its own way (0013); store/test_searching.py tests that."""
    return not (kind in {"table", "index"} and str(name).startswith(("search_fts", "ix_search_texts_words")))


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index")
def test_migrations_and_tables_agree(store: Store) -> None:
    with store.read() as connection:
        options = {"compare_type": True, "compare_server_default": True, "include_name": is_ours}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []
        if connection.dialect.name == "sqlite":
            there = set(connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'index'")))
            assert {index.name for table in metadata.tables.values() for index in table.indexes} <= there


def test_an_upgrade_makes_the_tables_once(empty_url: str) -> None:
    store = Store(empty_url)
    assert store.needs_upgrade()
    store.upgrade()
    assert not store.needs_upgrade()
    store.upgrade()
    assert not store.needs_upgrade()
    store.close()


def test_a_copy_without_a_write_ahead_log_gets_it_back(sqlite_url: str) -> None:
    store, path = Store(sqlite_url), sqlite_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as copy:
        assert copy.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",)
    store.upgrade()
    store.close()
    with closing(sqlite3.connect(path)) as copy:
        assert copy.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_processes_that_start_together_migrate_once(empty_url: str) -> None:
    stores = [Store(empty_url) for _ in range(6)]
    with ThreadPoolExecutor(len(stores)) as pool:
        for running in [pool.submit(store.upgrade) for store in stores]:
            running.result(timeout=60)
    assert not stores[0].needs_upgrade()
    for store in stores:
        store.close()


def test_processes_that_open_a_new_file_at_the_same_moment_wait_for_each_other(tmp_path: Path) -> None:
    """SQLite says busy at once to some of those who begin a write-ahead log together, once in fifteen times or so."""
    together = Barrier(6)

    def begin(url: str) -> None:
        engine = open_engine(url, None, for_migration=True)
        together.wait(timeout=60)
        with engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        engine.dispose()

    with ThreadPoolExecutor(6) as pool:
        for number in range(250):
            file = tmp_path / f"{number}.db"
            file.touch()
            for opened in [pool.submit(begin, f"sqlite:///{file}") for _ in range(6)]:
                opened.result(timeout=60)


def test_tables_of_a_newer_version_are_refused(empty_url: str) -> None:
    store = Store(empty_url)
    store.upgrade()
    store.transact(lambda c: c.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    with pytest.raises(Refused, match="newer maild"):
        store.upgrade()
    with pytest.raises(Refused, match="newer maild"):
        store.needs_upgrade()
    store.close()


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("DELETE FROM alembic_version", "has no row"),
        ("INSERT INTO alembic_version VALUES ('0007')", r"has 2 rows \(0007, \d{4}\)"),
        ("DROP TABLE alembic_version", "is not there"),
    ],
)
def test_tables_of_an_unknown_version_are_refused_and_it_is_said_where_and_what_helps(
    empty_url: str, statement: str, told: str
) -> None:
    store = Store(empty_url)
    store.upgrade()
    store.transact(lambda c: c.execute(text(statement)))
    for ask in (store.upgrade, store.needs_upgrade):
        with pytest.raises(
            Refused, match=f"The database .*: alembic_version, .* {told}; nothing was changed.*maild restore"
        ):
            ask()
    store.close()


def test_only_the_owner_may_read_the_file(tmp_path: Path) -> None:
    path = tmp_path / "var" / "maild.db"
    store = Store(f"sqlite:///{path}")
    store.upgrade()
    store.close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
