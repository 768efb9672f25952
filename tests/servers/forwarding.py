"""Carries connections from one listening socket to a server on loopback, each way in a thread of its own."""

import socket
import threading
from contextlib import suppress


class Forwarding:
    """From a socket, which may belong to another network, to a port of 127.0.0.1."""

    def __init__(self, listening: socket.socket, port: int) -> None:
        self._listening, self._port = listening, port
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def close(self) -> None:
        """Accept no more, and hang up on everybody."""
        # a thread that waits in a socket holds it: closing alone would not wake it
        hang_up(self._listening)
        self._threads[0].join()
        for connection in self._open:
            hang_up(connection)
        for thread in self._threads:
            thread.join()
        for each in (self._listening, *self._open):
            each.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self._port))
            except OSError:
                client.close()
                continue
            self._open += (client, server)
            for source, target in ((client, server), (server, client)):
                self._threads.append(threading.Thread(target=carry, args=(source, target), daemon=True))
                self._threads[-1].start()


def carry(source: socket.socket, target: socket.socket) -> None:
    """Carry octets until one side has gone."""
    try:
        while octets := source.recv(65536):
            target.sendall(octets)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # the other side has gone


def hang_up(connection: socket.socket) -> None:
    """End both directions; who waits for it wakes up."""
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
