"""Bells: who waits for work is woken when a transaction that made some has been committed."""

import logging
import select
import socket
import threading
import weakref
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text

if TYPE_CHECKING:
    import psycopg

CHANNEL = "maild"
RUNG = "maild_rung"
"""Execution option of a writing connection: the set of bells to ring after its commit."""

RECONNECT_SECONDS = 2.0

log = logging.getLogger(__name__)


def ring(connection: Connection, name: str) -> None:
    """Ring `intake`, `marking` or `outbox` once this transaction is committed; nothing if it is not."""
    rung: set[str] = connection.get_execution_options()[RUNG]
    rung.add(name)


def announce(connection: Connection, names: Iterable[str]) -> None:
    """Tell the other processes, at the end of the transaction (PostgreSQL; on SQLite they poll)."""
    told = ",".join(sorted(names))
    if told and connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_notify(:channel, :names)"), {"channel": CHANNEL, "names": told})


class Bells:
    """The events of this process's waiting threads."""

    def __init__(self) -> None:
        self._events: dict[str, weakref.WeakSet[threading.Event]] = {}
        self._lock = threading.Lock()

    def hang(self, name: str) -> threading.Event:
        """Give a new event: each waiting thread clears its own."""
        event = threading.Event()
        with self._lock:
            self._events.setdefault(name, weakref.WeakSet()).add(event)
        return event

    def sound(self, names: Iterable[str]) -> None:
        """Wake everybody who waits for one of the bells."""
        with self._lock:
            events = [event for name in names for event in self._events.get(name, ())]
        for event in events:
            event.set()

    def sound_all(self) -> None:
        """Wake everybody: something may have been missed."""
        with self._lock:
            names = list(self._events)
        self.sound(names)


class Listener:
    """The thread that hears PostgreSQL's NOTIFY; a lost connection is made again, and then all bells sound."""

    def __init__(self, bells: Bells, connect: Callable[[], "psycopg.Connection[Any]"]) -> None:
        self._bells = bells
        self._connect = connect
        self._hears = True  # one warning for each loss, however long it lasts
        self._stop, self._stopped = socket.socketpair()
        self._thread = threading.Thread(target=self._run, name="bells", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread."""
        self._stop.close()
        self._thread.join()
        self._stopped.close()

    def _run(self) -> None:
        while not self._is_stopped(0):
            try:
                self._listen()
            except Exception as error:
                if self._hears:
                    log.warning("bells are deaf, polling goes on", extra={"because": str(error).strip()})
                self._hears = False
                self._is_stopped(RECONNECT_SECONDS)

    def _listen(self) -> None:
        with self._connect() as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            self._hears = True
            self._bells.sound_all()
            heard, stopped = connection.fileno(), self._stopped.fileno()
            while stopped not in select.select([heard, stopped], [], [])[0]:
                for notice in connection.notifies(timeout=0):
                    self._bells.sound(notice.payload.split(","))

    def _is_stopped(self, seconds: float) -> bool:
        return bool(select.select([self._stopped], [], [], seconds)[0])
