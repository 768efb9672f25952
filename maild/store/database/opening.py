"""How each database is opened so that no update is lost (FIELD.md, section 7)."""

import os
import sqlite3
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.pool import ConnectionPoolEntry, NullPool, QueuePool

from maild.errors import ConfigurationError, Refused
from maild.store.tables.columns import to_json
from maild.store.tables.damaged import read_text

if TYPE_CHECKING:
    import psycopg

BUSY_SECONDS = 5.0
"""How long SQLite waits for another writer before it reports busy."""

_PAUSE_SECONDS = 0.01

CONNECTIONS = 8
"""Kept open for the threads of one process; as many again in a rush."""

# Last in, first out: the connection that worked last knows the pages and the statements that the next one needs. SQLite
# throws a connection's pages away when another one has written, and each in turn would read them all again.
POOL: dict[str, Any] = {"pool_size": CONNECTIONS, "max_overflow": CONNECTIONS, "pool_use_lifo": True}

CACHE_KIB = 4_000
"""Pages that one SQLite connection keeps: the inner pages of every index of a desk with years of mail, and what is new."""

WRITES = "maild_writes"
"""Execution option of a connection whose transaction is going to write."""

# A statement's parameters are mails, keys and addresses: no error and no log may repeat them.
DISCREET: dict[str, Any] = {"json_serializer": to_json, "hide_parameters": True}

# A process that hangs or a machine that vanishes must not keep its locks for long: the server ends its session.
SESSION = " ".join(
    f"-c {name}={value}"
    for name, value in {
        "idle_in_transaction_session_timeout": "60s",
        "tcp_keepalives_idle": "20",
        "tcp_keepalives_interval": "10",
        "tcp_keepalives_count": "3",
        "timezone": "UTC",
        # Each line asks by an index, and for a few rows. Before a burst has been analysed, PostgreSQL believes that next to
        # nothing waits, and would read and sort all of it for each claim. To compile a query pays off only for long ones.
        "enable_seqscan": "off",
        "enable_bitmapscan": "off",
        "jit": "off",
    }.items()
)


def open_engine(url: str, password: str | None, *, for_migration: bool = False) -> Engine:
    """Make the engine; nothing is connected yet.

    Raises ConfigurationError for a URL of another kind of database.
    """
    parsed = make_url(url)
    match parsed.get_backend_name():
        case "sqlite":
            return _open_sqlite(parsed, for_migration=for_migration)
        case "postgresql":
            return _open_postgresql(parsed, password, for_migration=for_migration)
    raise ConfigurationError(f"[database] url = {url!r}: allowed are sqlite:///FILE and postgresql://USER@HOST/NAME")


def file_of(url: URL) -> Path:
    """Give the file of an SQLite database."""
    if not url.database or url.database == ":memory:":
        raise ConfigurationError(f"[database] url = {str(url)!r}: a file is needed, as in sqlite:///var/maild.db")
    return Path(url.database)


def make_file(path: Path) -> None:
    """Make an empty database file that only its owner may read: it is going to hold mail and keys."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        if os.path.isfile(path):  # noqa: PTH113  # says no, too, where the folder may not be entered
            cure = "Give the file and its folder to the user who runs maild."
            raise Refused(f"The database file {path} cannot be opened: {error.strerror}. {cure}") from error
        raise Refused(f"The database file {path} cannot be made: {error.strerror}. Look at its folder.") from error


def _open_sqlite(url: URL, *, for_migration: bool) -> Engine:
    # mode=rw: a read command before the first start must not leave an empty database behind.
    location = URL.create(
        "sqlite+pysqlite", database=f"file:{quote(str(file_of(url)))}", query={"mode": "rw", "uri": "true"}
    )
    arguments = {"timeout": BUSY_SECONDS}
    if for_migration:
        engine = create_engine(location, **DISCREET, poolclass=NullPool, connect_args=arguments)
    else:
        engine = create_engine(
            location,
            **DISCREET,
            poolclass=QueuePool,
            **POOL,
            connect_args={**arguments, "check_same_thread": False},
        )
    event.listen(engine, "connect", _prepare_for_migration if for_migration else _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver must not begin by itself: it would begin DEFERRED
    connection.text_factory = read_text
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _prepare_for_migration(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    _write_ahead(connection)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = OFF")  # a table that is rebuilt is dropped for a moment


def _write_ahead(connection: DBAPIConnection) -> None:
    """Keep a write-ahead log from now on; it stays in the file. Where several begin at once SQLite says busy without waiting."""
    end = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(_PAUSE_SECONDS)
        else:
            return


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    if connection.info.get(WRITES) is not writes:
        # query_only: what somebody writes while reading would be rolled back without a word.
        connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
        connection.info[WRITES] = writes
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _open_postgresql(url: URL, password: str | None, *, for_migration: bool) -> Engine:
    location = url.set(drivername="postgresql+psycopg")
    if password is not None:
        location = location.set(password=password)
    if for_migration:
        engine = create_engine(location, **DISCREET, poolclass=NullPool, connect_args=_postgresql_arguments())
    else:
        engine = create_engine(
            location,
            **DISCREET,
            **POOL,
            isolation_level="READ COMMITTED",
            connect_args=_postgresql_arguments(),
        )
    event.listen(engine, "handle_error", _without_rows)
    return engine


def _without_rows(context: ExceptionContext) -> None:
    """Take away the server's DETAIL: it shows the row that was refused."""
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error is not None and error.args:
            error.args = (str(error.args[0]).partition("\nDETAIL:")[0], *error.args[1:])


def _postgresql_arguments() -> dict[str, Any]:
    return {
        "connect_timeout": 10,
        "application_name": "maild",
        "options": SESSION,
        "keepalives_idle": 20,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        "tcp_user_timeout": 30_000,
    }


def open_listening(engine: Engine) -> "psycopg.Connection[Any]":
    """Connect once more, outside the pool and without transactions, to hear NOTIFY."""
    import psycopg

    _, arguments = engine.dialect.create_connect_args(engine.url)
    return psycopg.connect(**arguments, **_postgresql_arguments(), autocommit=True)
