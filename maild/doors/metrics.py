"""The loopback port of whoever watches maild: /metrics in Prometheus' text format, /healthz and /readyz."""

import logging
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from socketserver import BaseServer
from typing import Any

from maild.errors import Refused

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
PATIENCE_SECONDS = 5.0
"""One request after the other: whoever is slow is hung up on, and can hold up nobody but the next one who looks."""

TEXT = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One figure, with a value for each set of labels."""

    name: str
    kind: str
    """`gauge` or `counter`."""

    help: str
    samples: Sequence[tuple[Mapping[str, str], float]] = field(default_factory=list)
    """Labels are names of ours: never an address, a subject or a number of a ticket."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Whether something holds, and what speaks against it."""

    troubles: tuple[str, ...] = ()

    @property
    def is_well(self) -> bool:
        """Nothing speaks against it."""
        return not self.troubles


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What the port shows."""

    metrics: Callable[[], Sequence[Metric]]
    alive: Callable[[], Health]
    ready: Callable[[], Health]


def render(metrics: Sequence[Metric]) -> str:
    """Write metrics in Prometheus' text format."""
    return "".join(line + "\n" for metric in metrics for line in _lines(metric))


def _lines(metric: Metric) -> Iterator[str]:
    yield f"# HELP {metric.name} {metric.help}"
    yield f"# TYPE {metric.name} {metric.kind}"
    for labels, value in metric.samples:
        named = ",".join(f'{name}="{_escaped(text)}"' for name, text in labels.items())
        yield f"{metric.name}{f'{{{named}}}' if named else ''} {value:.10g}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


@contextmanager
def serve(port: int, figures: Figures) -> Iterator[int]:
    """Answer on loopback, in a thread of its own; gives the port. Raises Refused where it is taken."""
    try:
        server = _Server((HOST, port), figures)
    except OSError as error:
        raise Refused(
            f"[operation] metrics_port = {port} of maild.toml cannot be opened: {error.strerror}. Name another one."
        ) from error
    thread = threading.Thread(target=server.serve_forever, name="metrics", daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(HTTPServer):
    def __init__(self, address: tuple[str, int], figures: Figures) -> None:
        self.figures = figures
        super().__init__(address, _Handler)

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002 - the library's signature
        """Whoever hangs up in the middle is no matter; anything else is a bug that must not stop the port."""
        log.debug("a look at the metrics failed", extra={"because": repr(sys.exception())})


class _Handler(BaseHTTPRequestHandler):
    timeout = PATIENCE_SECONDS
    server_version, sys_version = "maild", ""

    def __init__(self, request: Any, client_address: Any, server: BaseServer) -> None:
        assert isinstance(server, _Server)  # noqa: S101 - nobody else has this handler
        self.figures = server.figures
        super().__init__(request, client_address, server)

    def do_GET(self) -> None:
        """Answer a look."""
        match self.path.partition("?")[0]:
            case "/metrics":
                self._metrics()
            case "/healthz":
                self._health(self.figures.alive)
            case "/readyz":
                self._health(self.figures.ready)
            case _:
                self._answer(404, "allowed: /metrics, /healthz, /readyz\n")

    def _metrics(self) -> None:
        try:
            text = render(self.figures.metrics())
        except Refused as error:
            self._answer(503, f"{error}\n")
        else:
            self._answer(200, text)

    def _health(self, look: Callable[[], Health]) -> None:
        health = look()
        self._answer(200 if health.is_well else 503, "".join(f"{line}\n" for line in health.troubles) or "ok\n")

    def _answer(self, status: int, text: str) -> None:
        content = text.encode()
        with suppress(OSError):
            self.send_response(status)
            self.send_header("Content-Type", TEXT)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing: a look every few seconds is no event."""
