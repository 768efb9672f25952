"""A database in trouble: one clear line that says what happened and what to do."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import exc, text

from maild.errors import ConfigurationError, Deferred, Refused
from maild.store.database import opening
from maild.store.engine import Connection, Store
from maild.store.incoming.mailboxes import try_writing
from tests.servers.postgresql import PostgresqlServer
from tests.support.rows import a_mailbox

DIES_INSIDE = """
import sys
from maild.store.engine import Store
from maild.store.incoming.mailboxes import adopt_mailbox
from tests.support.rows import NOW
def work(connection):
    adopt_mailbox(connection, account="killed", name="INBOX", since=NOW)
    print("inside", flush=True)
    sys.stdin.read()
Store(sys.argv[1]).transact(work, serial=True)
"""


def look(connection: Connection) -> object:
    return connection.scalar(text("SELECT count(*) FROM mailboxes"))


@pytest.fixture
def guarded_url(postgresql_server: PostgresqlServer) -> Iterator[str]:
    """A database of the role that needs a password."""
    postgresql_server.run("CREATE ROLE guarded LOGIN PASSWORD 'right'")
    postgresql_server.run("CREATE DATABASE guarded OWNER guarded")
    yield postgresql_server.url("guarded", role="guarded")
    postgresql_server.run("DROP DATABASE guarded WITH (FORCE)")
    postgresql_server.run("DROP ROLE guarded")


def test_a_wrong_password_is_refused_and_not_shown(guarded_url: str) -> None:
    store = Store(guarded_url, password="wrong-secret")
    with pytest.raises(Refused, match="password authentication failed") as caught:
        store.transact(look)
    assert not isinstance(caught.value, Deferred)
    assert "wrong-secret" not in str(caught.value)
    store.close()


def test_the_right_password_opens(guarded_url: str) -> None:
    store = Store(guarded_url, password="right")
    store.upgrade()
    assert store.transact(look) == 0
    store.close()


def test_a_server_that_is_away_means_later() -> None:
    with socket.socket() as nobody_listens:
        nobody_listens.bind(("127.0.0.1", 0))
        store = Store(f"postgresql://maild@127.0.0.1:{nobody_listens.getsockname()[1]}/maild")
        with pytest.raises(Deferred, match="does not answer"):
            store.transact(look)
        with pytest.raises(Deferred, match="does not answer"), store.read() as connection:
            look(connection)
    store.close()


def test_a_database_that_does_not_exist_is_refused(postgresql_server: PostgresqlServer) -> None:
    store = Store(postgresql_server.url("nowhere"))
    with pytest.raises(Refused, match='database "nowhere" does not exist'):
        store.needs_upgrade()
    store.close()


def test_a_restarted_server_is_not_even_noticed(postgresql_url: str, postgresql_server: PostgresqlServer) -> None:
    store = Store(postgresql_url)
    store.transact(look)
    postgresql_server.restart()
    assert store.transact(look) == 0
    store.close()


def test_a_full_disk_of_postgresql_means_later(postgresql_url: str) -> None:
    store = Store(postgresql_url)
    full = text("DO $$ BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = '53100'; END $$")
    with pytest.raises(Deferred, match="full"):
        store.transact(lambda c: c.execute(full))
    store.close()


def test_a_full_disk_of_sqlite_means_later_and_loses_nothing(sqlite_url: str) -> None:
    store = Store(sqlite_url)
    a_mailbox(store)

    def fill(connection: Connection) -> None:
        connection.execute(text("PRAGMA max_page_count = 1"))
        connection.execute(text("INSERT INTO sources VALUES ('x', zeroblob(1000000), 1)"))

    with pytest.raises(Deferred, match="full"):
        store.transact(fill)
    assert store.transact(look) == 1
    store.close()


def test_a_file_that_another_program_holds_means_later(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "BUSY_SECONDS", 0.01)
    store = Store(sqlite_url, jitter=lambda: 0.0)
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Deferred, match="held by another program"):
        store.transact(look)
    assert not store.needs_upgrade(), "looking needs no lock"
    other.close()
    assert store.transact(look) == 0
    store.close()


def test_reading_before_the_first_start_leaves_no_file_behind(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'maild.db'}")
    with pytest.raises(Refused, match="maild db upgrade"), store.read() as connection:
        look(connection)
    assert list(tmp_path.iterdir()) == []
    store.close()


def test_a_standby_of_postgresql_means_later(postgresql_server: PostgresqlServer) -> None:
    postgresql_server.run("CREATE DATABASE standby")
    store = Store(postgresql_server.url("standby"))
    store.upgrade()
    store.close()
    postgresql_server.run("ALTER DATABASE standby SET default_transaction_read_only = on")
    with pytest.raises(Deferred, match="can only be read"):
        store.transact(try_writing)
    store.close()
    postgresql_server.run("DROP DATABASE standby WITH (FORCE)")


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "maild.db"
    path.write_bytes(b"this is no database, whatever its name says; " * 100)
    store = Store(f"sqlite:///{path}")
    with pytest.raises(Refused, match="damaged"):
        store.upgrade()
    store.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_database_without_tables_asks_for_the_upgrade(
    kind: str, tmp_path: Path, postgresql_server: PostgresqlServer
) -> None:
    (tmp_path / "empty.db").touch()
    url = f"sqlite:///{tmp_path / 'empty.db'}" if kind == "sqlite" else postgresql_server.url("postgres")
    store = Store(url)
    with pytest.raises(Refused, match="maild db upgrade"):
        store.transact(look)
    store.close()


def test_maild_s_own_mistakes_are_not_disguised(store: Store) -> None:
    with pytest.raises(exc.DBAPIError):
        store.transact(lambda c: c.execute(text("SELECT nonsense (")))


@pytest.mark.parametrize("url", ["mysql://root@localhost/maild", "sqlite://", "sqlite:///:memory:"])
def test_other_databases_are_an_error_of_configuration(url: str) -> None:
    with pytest.raises(ConfigurationError, match=r"\[database\] url"):
        Store(url)


def test_a_process_killed_inside_its_transaction_leaves_nothing_and_stops_nobody(
    store: Store, database_url: str
) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", DIES_INSIDE, database_url], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert child.stdin
    assert child.stdout
    with child.stdin, child.stdout:
        assert child.stdout.readline() == b"inside\n"
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
    assert store.transact(look, serial=True) == 0


def test_what_a_failed_statement_was_to_write_is_never_repeated(store: Store) -> None:
    refused = text("INSERT INTO people (address, name) VALUES (:address, :name), (:address, :name)")
    row = {"address": "bea@client.example", "name": "a secret of Bea's"}
    with pytest.raises(exc.IntegrityError) as caught:
        store.transact(lambda connection: connection.execute(refused, row))
    told = "".join(traceback.format_exception(caught.value))
    assert "bea@client.example" not in told
    assert "secret of Bea" not in told
