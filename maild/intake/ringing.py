"""Wakes a connection that waits for mail when there is something else to do."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from maild.doors.imap import ImapConnection

TICK_SECONDS = 0.5
"""How late `stop` may be noticed."""

GATHER_SECONDS = 0.2
"""How long to wait for more of the same: in batches a mail costs a hundredth."""

PATIENCE_SECONDS = 3.0
"""How long a server may keep a stopping maild waiting; systems kill a service after 10 s."""


class Ringer:
    """A thread that turns a bell, or `stop`, into a wake of the connection of the moment."""

    def __init__(self, *, bell: threading.Event, stop: threading.Event) -> None:
        self._bell = bell
        self._stop = stop
        self._done = threading.Event()
        self._lock = threading.Lock()
        self._connection: ImapConnection | None = None
        self._thread = threading.Thread(target=self._run, name="ringer", daemon=True)

    def __enter__(self) -> Self:
        """Begin to listen."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End the thread."""
        self._done.set()
        self._thread.join()

    @contextmanager
    def waking(self, connection: ImapConnection) -> Iterator[None]:
        """Wake this connection from now on."""
        self._connect(connection)
        try:
            yield
        finally:
            self._connect(None)

    def _connect(self, connection: ImapConnection | None) -> None:
        with self._lock:
            self._connection = connection

    def _run(self) -> None:
        while not self._done.is_set() and not self._stop.is_set():
            if self._bell.wait(TICK_SECONDS):
                self._stop.wait(GATHER_SECONDS)
                self._bell.clear()
                self._wake()
        self._wake()
        if not self._done.wait(PATIENCE_SECONDS):
            self._hang_up()

    def _hang_up(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.hang_up()

    def _wake(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.wake()
