"""An HTTP server in a thread of its own: what is posted to it is answered by a function."""

import socket
import threading
from collections.abc import Callable, Mapping
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

Reply = tuple[int, Mapping[str, str], bytes]
Answer = Callable[[str, "Message[str, str]", bytes], Reply | None]
"""Path, header fields and body, to what is answered; None: the connection is lost after the work is done."""


class Listener:
    """Listens on loopback while it is entered."""

    def __init__(self, answer: Answer, *, name: str) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(answer))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name=name)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"


def _handler(answer: Answer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            reply = answer(self.path, self.headers, self.rfile.read(int(self.headers["Content-Length"])))
            if reply is None:
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            status, headers, content = reply
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    return Handler
