"""A small HTTP server on loopback for webhooks: one path, bounded bodies, bounded time, few connections at once."""

import logging
import socket
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from maild.errors import Deferred, Refused

log = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"
LONGEST_BODY = 1_000_000
PATIENCE_SECONDS = 10.0
MOST_AT_ONCE = 16

Take = Callable[[bytes, Mapping[str, str]], None]
"""Body, and header fields by their names in lower case. Raises Refused for what is not believed, Deferred to hear it later."""


class WebhookServer:
    """Listens from `start` to `close`. Whoever reaches it is nobody until their signature says otherwise."""

    def __init__(self, port: int, path: str, take: Take) -> None:
        """Open the port. Raises Refused where it cannot be had."""
        try:
            self._server = _Server((LOOPBACK, port), _handler(path, take))
        except OSError as error:
            raise Refused(f"[linear] webhook_port = {port}: {error.strerror or error}; give another port") from error
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.2,), name="webhooks", daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def close(self) -> None:
        """End; what is being taken is taken."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = MOST_AT_ONCE

    def __init__(self, *arguments: Any) -> None:
        self._places = threading.BoundedSemaphore(MOST_AT_ONCE)
        super().__init__(*arguments)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Beyond the most at once, the connection is closed: the tracker comes again."""
        if not self._places.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve one, within its time whatever it does."""
        ending = threading.Timer(PATIENCE_SECONDS, _hang_up, [request])
        ending.daemon = True
        ending.start()
        try:
            super().process_request_thread(request, client_address)
        finally:
            ending.cancel()
            self._places.release()

    def handle_error(self, *_: Any) -> None:
        """A connection that broke is nobody's business here."""
        log.debug("webhook connection broke")


def _hang_up(request: socket.socket) -> None:
    try:
        request.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


class _Handler(BaseHTTPRequestHandler):
    timeout = PATIENCE_SECONDS
    server_version, sys_version = "maild", ""
    take: Take
    at: str
    """The path."""

    def do_POST(self) -> None:
        """Take a webhook; everything else is nothing here."""
        length = self.headers.get("Content-Length", "")
        if self.path.partition("?")[0] != self.at:
            self._answer(404)
        elif not (length.isascii() and length.isdigit()):
            self._answer(411)
        elif len(length) > len(str(LONGEST_BODY)) or int(length) > LONGEST_BODY:
            self._answer(413)
        else:
            body = self.rfile.read(int(length))
            self._answer(self._taken(body) if len(body) == int(length) else 400)

    def _taken(self, body: bytes) -> int:
        try:
            type(self).take(body, {name.lower(): value for name, value in self.headers.items()})
        except Deferred as trouble:
            log.warning("webhook not taken, it comes again", extra={"because": str(trouble)})
            return 503
        except Refused as refusal:
            log.warning("webhook refused", extra={"because": str(refusal), "from": self.client_address[0]})
            return 401
        except Exception:
            log.exception("webhook failed, it comes again")
            return 500
        return 200

    def _answer(self, status: int) -> None:
        self.close_connection = True
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.send_header("Connection", "close")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Our own log says what matters."""


def _handler(path: str, take: Take) -> type[_Handler]:
    return type("Handler", (_Handler,), {"at": path, "take": staticmethod(take)})
