"""An engine that outlives its test: what it has compiled, connected and prepared serves the next thousand tests, too."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError

from maild.store.engine import Store
from maild.store.knowledge.frequencies import _KNOWN
from tests.servers.postgresql import EMPTY_EVERYTHING, PostgresqlServer


class KeptEngine:
    """Of one kind of database; lent to one store after the other."""

    def __init__(self) -> None:
        self._engine: Engine | None = None
        self._url: Any = None
        self._sessions: set[int] = set()

    @contextmanager
    def lent_to(self, store: Store) -> Iterator[Store]:
        """Let the store work with it, as with the engine of its own that it has not used yet."""
        own = store._engine
        if self._engine is None:
            self._engine = self._watched(own)
        self._url, store._engine = own.url, self._engine
        _KNOWN.pop(self._engine, None)  # another test's words
        try:
            yield store
        finally:
            store._engine = own
            store.close()
            if not store.is_postgresql:  # the next test has another file
                self._engine.dispose()

    def empty(self, server: PostgresqlServer, database: str) -> None:
        """Delete all rows and end every session but those that are kept."""
        if self._engine is not None:
            try:
                with self._engine.connect() as connection, connection.begin():
                    plain: Any = connection.connection.driver_connection
                    plain.execute("SET LOCAL lock_timeout = '5s'")
                    plain.execute(EMPTY_EVERYTHING.format(kept=", ".join(map(str, [0, *self._sessions]))))
            except (DBAPIError, psycopg.Error):
                self._engine.dispose()
            else:
                return
        server.empty(database)

    def _watched(self, engine: Engine) -> Engine:
        if engine.dialect.name == "postgresql":
            event.listen(engine, "connect", lambda plain, _: self._sessions.add(plain.info.backend_pid))
            event.listen(engine, "close", lambda plain, _: self._sessions.discard(plain.info.backend_pid))
        else:
            event.listen(engine, "do_connect", self._at_the_file_of_this_test)
        return engine

    def _at_the_file_of_this_test(self, dialect: Any, _: object, arguments: list[Any], __: object) -> None:
        arguments[:] = dialect.create_connect_args(self._url)[0]
