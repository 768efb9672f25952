"""The store: one database, its transactions and its bells."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection, Engine, exc, inspect, make_url, text

from maild.store.database.bells import RUNG, Bells, Listener, announce
from maild.store.database.failures import asks_again, explain
from maild.store.database.one_writer import OneWriter
from maild.store.database.opening import WRITES, file_of, open_engine, open_listening
from maild.store.database.standing import is_current

__all__ = ["Connection", "Store", "take_turn"]

T = TypeVar("T")

ATTEMPTS = 8
"""How often a transaction is run again before its caller is told to come later."""

FIRST_PAUSE_SECONDS = 0.01
SERIAL_LOCK = 0x6D61696C64
"""Key of the advisory lock under which the desk's transactions run one after the other ("maild" in ASCII)."""


def take_turn(connection: Connection) -> None:
    """From here on until it ends: one after the other with all serial transactions. On SQLite those that write are it anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": SERIAL_LOCK})


class Store:
    """One database, SQLite or PostgreSQL; to be shared by all threads of a process."""

    def __init__(self, url: str, *, password: str | None = None, jitter: Callable[[], float] = random.random) -> None:
        """Open nothing yet. `url`: an SQLAlchemy URL; `jitter`: 0 to 1, spreads repeated attempts.

        Raises ConfigurationError for a database of another kind.
        """
        self.name = make_url(url).render_as_string(hide_password=True)
        self._url, self._password, self._jitter = url, password, jitter
        self._engine: Engine = open_engine(url, password)
        self.is_postgresql = self._engine.dialect.name == "postgresql"
        self._bells = Bells()
        self._listener: Listener | None = None
        self._opening = threading.Lock()
        # SQLite's writers wait for each other by polling; threads of one process can do better.
        self._writer = OneWriter()
        self._inside = threading.local()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Look at one moment of the database; writing fails.

        Raises Deferred when the database is gone, Refused when it lets nobody in or lacks its tables.
        """
        with self._explained(), self._engine.connect() as plain:
            options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True} if self.is_postgresql else {}
            yield plain.execution_options(**options)

    def transact(self, work: Callable[[Connection], T], *, serial: bool = False) -> T:
        """Do the work in one write transaction; it is done again when another transaction was in its way.

        `serial`: one after the other with all serial transactions of all processes. Whatever the work raises undoes it.
        Raises Deferred when the database is gone, full or too busy, Refused when it lets nobody in.
        """
        if getattr(self._inside, "is_writing", False):
            raise RuntimeError("a transaction inside a transaction would wait for itself")
        self._inside.is_writing = True
        try:
            with self._explained():
                return self._repeat(work, serial=serial)
        finally:
            self._inside.is_writing = False

    def bell(self, name: str) -> threading.Event:
        """Give an event of the caller's own, set when a commit rings `intake`, `marking` or `outbox`.

        It saves time and is no promise: who waits looks now and then without it.
        """
        bell = self._bells.hang(name)
        if self.is_postgresql:
            # only now: a listener sounds all bells when it begins to hear
            self._listen()
        return bell

    def upgrade(self) -> None:
        """Bring the tables to this version; harmless when several processes do it at once.

        Raises Refused for a database of a newer maild, Deferred when it is gone.
        """
        if self._is_current():
            self.transact(lambda _: None)  # what cannot be written is told at the start
            return
        from maild.store.database.migrating import upgrade

        with self._explained():
            upgrade(self._url, self._password)

    def write_anew(self) -> bool:
        """Leave no byte of what was erased in the files of SQLite; False: the database is another server's.

        Nobody can read or write meanwhile. Raises Deferred where that was not possible.
        """
        from maild.store.erasing.files import write_anew

        with self._alone():
            return write_anew(self._url)

    def needs_upgrade(self) -> bool:
        """Whether the tables are older than this version."""
        if self._is_current():
            return False
        from maild.store.database.migrating import is_behind

        with self._explained():
            return is_behind(self._url, self._password)

    def is_older(self) -> bool:
        """Whether there are tables, and of an older version than this one."""
        if self._is_current():
            return False
        from maild.store.database.migrating import is_behind

        with self._explained():
            return self.has_begun() and is_behind(self._url, self._password)

    def has_begun(self) -> bool:
        """Whether any maild has made its tables here."""
        if not self.is_postgresql and not file_of(make_url(self._url)).exists():
            return False
        with self.read() as connection:
            return inspect(connection).has_table("mails")

    def _is_current(self) -> bool:
        """Whether it is certain at a glance that nothing has to be brought forward; whatever is wrong, alembic's way tells."""
        try:
            with self._engine.connect() as connection:
                return is_current(connection)
        except exc.SQLAlchemyError:
            return False

    def close(self) -> None:
        """Let go of every connection."""
        with self._opening:
            if self._listener is not None:
                self._listener.close()
                self._listener = None
        self._engine.dispose()

    def _repeat(self, work: Callable[[Connection], T], *, serial: bool) -> T:
        for attempt in range(ATTEMPTS):
            try:
                return self._attempt(work, serial=serial)
            except _Undone as undone:
                if attempt == ATTEMPTS - 1:
                    raise undone.error from None
                time.sleep(FIRST_PAUSE_SECONDS * 2**attempt * (0.5 + self._jitter()))
        raise AssertionError("the last attempt returns or raises")

    def _attempt(self, work: Callable[[Connection], T], *, serial: bool) -> T:
        rung: set[str] = set()
        is_committing = False
        try:
            with self._alone(is_long=serial), self._engine.connect() as plain:
                connection = plain.execution_options(**{WRITES: True, RUNG: rung})
                if serial:
                    take_turn(connection)
                result = work(connection)
                announce(connection, rung)
                is_committing = True
                connection.commit()
        except exc.DBAPIError as error:
            # A connection that breaks during COMMIT leaves open whether it happened: that is for the caller to find out.
            if asks_again(error) or (error.connection_invalidated and not is_committing):
                raise _Undone(error) from error
            raise
        self._bells.sound(rung)
        return result

    @contextmanager
    def _alone(self, *, is_long: bool = True) -> Iterator[None]:
        if self.is_postgresql:
            yield
            return
        with self._writer.turn(is_long=is_long):
            yield

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except exc.SQLAlchemyError as error:
            explained = explain(error, self.name)
            if explained is None:
                raise
            raise explained from error

    def _listen(self) -> None:
        with self._opening:
            if self._listener is None:
                self._listener = Listener(self._bells, partial(open_listening, self._engine))


class _Undone(Exception):
    """The database has undone the transaction, and it may be done again."""

    def __init__(self, error: exc.DBAPIError) -> None:
        super().__init__(str(error))
        self.error = error
