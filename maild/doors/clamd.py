"""The virus scanner: clamd over its socket, by its INSTREAM command (clamd(8))."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from maild.errors import Bounced, Unavailable

CHUNK_OCTETS = 1 << 16
MOST_ANSWERED = 4_096
FOUND, CLEAN, TOO_LARGE = " FOUND", "stream: OK", "size limit exceeded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clamd:
    """Where it listens."""

    place: str
    """Path of its socket, or host:port."""

    timeout: float
    """Seconds for each answer."""

    def find_virus(self, content: bytes) -> str | None:
        """Give the name of what is in it, or None where it is clean.

        Raises Bounced for what is larger than it looks at, whenever it is asked, and Unavailable for anything else.
        """
        with self._connected() as connection:
            with suppress(BrokenPipeError, ConnectionResetError):  # it says why, and hangs up in the middle
                _send(connection, content)
            answer = _read(connection)
        if answer.endswith(FOUND):
            return answer.removeprefix("stream: ").removesuffix(FOUND)
        if answer == CLEAN:
            return None
        if TOO_LARGE in answer:
            raise Bounced(
                f"the virus scanner at {self.place} looks at nothing so large (StreamMaxLength of clamd.conf)"
            )
        raise Unavailable(f"the virus scanner at {self.place} answers: {answer or 'nothing'}")

    def version(self) -> str:
        """Its version and that of its signatures. Raises Unavailable."""
        with self._connected() as connection:
            connection.sendall(b"zVERSION\0")
            return _read(connection)

    @contextmanager
    def _connected(self) -> Iterator[socket.socket]:
        try:
            with self._connect() as connection:
                yield connection
        except OSError as error:
            because = error.strerror or str(error) or type(error).__name__
            raise Unavailable(f"the virus scanner at {self.place} cannot be asked: {because}") from error

    def _connect(self) -> socket.socket:
        if not self.place.startswith("/"):
            host, _, port = self.place.rpartition(":")
            return socket.create_connection((host, int(port)), self.timeout)
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(self.timeout)
        try:
            connection.connect(self.place)
        except OSError:
            connection.close()
            raise
        return connection


def _send(connection: socket.socket, content: bytes) -> None:
    """In chunks, each behind its length; an empty one ends it."""
    connection.sendall(b"zINSTREAM\0")
    for start in range(0, len(content), CHUNK_OCTETS):
        chunk = content[start : start + CHUNK_OCTETS]
        connection.sendall(len(chunk).to_bytes(4, "big") + chunk)
    connection.sendall(bytes(4))


def _read(connection: socket.socket) -> str:
    """One answer: up to its NUL, or to the end."""
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < MOST_ANSWERED and (more := connection.recv(MOST_ANSWERED)):
        answer += more
    return answer.rstrip(b"\0").decode("utf-8", "replace")
