"""Stands before a real IMAP server and answers some commands itself, as odd servers do."""

import socket
import threading
from collections.abc import Callable
from typing import Self

from tests.servers.forwarding import carry

Answer = Callable[[bytes], bytes | None]
"""A client's line to what is answered in the server's place; None: the server answers."""


class ImapProxy:
    """A context manager; clients connect to `port`."""

    def __init__(self, server_port: int, answer: Answer) -> None:
        self._server_port, self._answer = server_port, answer
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self.connections = 0
        self.lines: list[bytes] = []
        """What clients said, without their tags."""

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        # a thread that waits in `accept` holds the socket: closing alone would not wake it
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            server = socket.create_connection(("127.0.0.1", self._server_port))
            threading.Thread(target=self._carry_commands, args=(client, server), daemon=True).start()
            threading.Thread(target=carry, args=(server, client), daemon=True).start()

    def _carry_commands(self, client: socket.socket, server: socket.socket) -> None:
        with client, server, client.makefile("rb") as lines:
            for line in lines:
                self.lines.append(line.partition(b" ")[2].strip())
                answer = self._answer(line)
                if answer is None:
                    server.sendall(line)
                else:
                    client.sendall(answer)
