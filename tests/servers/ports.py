"""Free ports that stay free: below those that the system gives to connections, so that none takes one while its server is down."""

import os
import random
import socket
from collections.abc import Iterator
from contextlib import contextmanager

FIRST, LAST = 10_000, 32_000
"""Linux gives connections what is above (ip_local_port_range)."""

WORKERS = 16
"""Side by side: each looks among ports of its own, for between a look and the start of a server lies a moment."""

_chance = random.SystemRandom()  # the suite seeds the usual one the same in each worker
_given: set[int] = set()


def listen() -> socket.socket:
    """Listen on loopback, on a port that this process has not given to anybody before."""
    place = int("".join(filter(str.isdigit, os.environ.get("PYTEST_XDIST_WORKER", "0"))))
    while True:
        port = _chance.randrange(FIRST, LAST) // WORKERS * WORKERS + place % WORKERS
        if port in _given:
            continue
        _given.add(port)
        try:
            return socket.create_server(("127.0.0.1", port))
        except OSError:
            continue


def free_ports(number: int) -> list[int]:
    """Ports on which nobody listens."""
    ports = []
    for _ in range(number):
        with listen() as listening:
            ports.append(int(listening.getsockname()[1]))
    return ports


@contextmanager
def closed_port() -> Iterator[int]:
    """A port that refuses every connection, and that nobody else can have meanwhile."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield int(bound.getsockname()[1])
