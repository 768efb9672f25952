"""Waiting for mail on a connection that idles (RFC 2177), until another thread wakes it."""

import imaplib
import socket
from contextlib import suppress
from selectors import EVENT_READ, DefaultSelector
from typing import Any

IDLE_AT_MOST = 28 * 60.0
"""Seconds. A server may hang up on a client that idles for 30 minutes."""


class IdleRefused(Exception):
    """The server advertises IDLE and says NO to it; the connection lives on."""


class Idle:
    """The waiting of one connection; only `wake` may be called from another thread."""

    def __init__(self) -> None:
        self._waker, self._woken = socket.socketpair()
        self._waker.setblocking(False)
        self._woken.setblocking(False)

    def wake(self) -> None:
        """End the `wait` of another thread at once, or its next one."""
        # a full or a closed pipe: a wake is under way already, or nobody waits any more
        with suppress(OSError):
            self._waker.send(b"!")

    def wait(self, client: Any, seconds: float) -> bool:
        """Idle until the server says anything or `wake` is called; False: the time is over.

        Raises IdleRefused; an OSError means that the server hung up.
        """
        # a mail of this very moment may be announced before the server's consent, or in the same packet
        is_early = _ask(client) or bool(_read_lines(client))
        if not is_early:
            is_early, is_spoken_to = self._listen(client.socket(), min(seconds, IDLE_AT_MOST))
            # readable, and yet nothing to read: that is how the end of a connection looks
            if is_spoken_to and not _read_lines(client):
                raise ConnectionError("it hung up")
        client.idle_done()
        self._forget()
        return is_early

    def sleep(self, seconds: float) -> bool:
        """Wait without the server, for one that cannot idle; False: the time is over."""
        with DefaultSelector() as selector:
            selector.register(self._woken, EVENT_READ)
            is_early = bool(selector.select(seconds))
        self._forget()
        return is_early

    def close(self) -> None:
        """Give the pipe back."""
        self._waker.close()
        self._woken.close()

    def _listen(self, server: socket.socket, seconds: float) -> tuple[bool, bool]:
        """Wait for the server and for a wake; answers whether any of both came, and whether the server did."""
        with DefaultSelector() as selector:
            key = selector.register(server, EVENT_READ)
            selector.register(self._woken, EVENT_READ)
            ready = [each for each, _ in selector.select(seconds)]
            return bool(ready), key in ready

    def _forget(self) -> None:
        with suppress(BlockingIOError):
            while self._woken.recv(1024):
                pass


def _ask(client: Any) -> bool:
    """Wait for the server's consent; answers whether it said anything before.

    Not by imapclient's `idle`: that one takes whatever comes first for a refusal.
    """
    imap, has_spoken = client._imap, False  # noqa: SLF001
    client._idle_tag = tag = imap._command("IDLE")  # noqa: SLF001
    while imap._get_response() is not None:  # noqa: SLF001
        if imap.tagged_commands[tag]:
            kind, lines = imap.tagged_commands.pop(tag)
            raise IdleRefused(f"{kind} {lines[0].decode('ascii', 'replace')}")
        has_spoken = True
    return has_spoken


def _read_lines(client: Any) -> list[bytes]:
    """Read what is there already.

    Not by imapclient's `idle_check`: that one answers [] to silence and to a dead server alike, at once and for ever,
    and it does not look into the buffer.
    """
    server, lines = client.socket(), []
    timeout = server.gettimeout()
    server.setblocking(False)
    try:
        while line := client._imap.readline():  # noqa: SLF001
            if not line.endswith(b"\n"):
                # the rest of it is on its way
                server.settimeout(timeout)
                line += client._imap.readline()  # noqa: SLF001
                server.setblocking(False)
            lines.append(line)
    except (OSError, imaplib.IMAP4.abort):
        pass
    finally:
        server.settimeout(timeout)
    return lines
