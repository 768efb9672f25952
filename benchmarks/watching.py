"""One run under watch: how long it took, what it cost, and whether it is still alive."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.load import cpu_seconds, pss_bytes
from tests.stories.running import Process

CLIENT = b'"recipients": ["client'
PATIENCE_SECONDS = 900.0
POLL_SECONDS = 0.05
WEIGH_SECONDS = 1.0
"""Between two looks at memory, which cost the kernel some milliseconds each."""


class Died(RuntimeError):
    """What was measured ended before its work was done."""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One run."""

    name: str
    mails: int
    seconds: float
    """To the last reply that was accepted for a client."""

    rest_seconds: float
    """Until everything was done that the mails brought about; CPU is counted to here."""

    cpu_ms: float
    """A mail, the servers' share included."""

    own_cpu_ms: float
    """A mail, without the servers."""

    pss_mib: float

    @property
    def rate(self) -> float:
        """Mails a second."""
        return self.mails / self.seconds


class Recipients:
    """Counts the mails that the sink has accepted for clients, reading only what is new."""

    def __init__(self, record: Path) -> None:
        record.touch()
        self._file = record.open("rb")
        self._rest = b""
        self.count = 0

    def look(self) -> int:
        """Read on, and count."""
        lines, newline, self._rest = (self._rest + self._file.read()).rpartition(b"\n")
        self.count += (lines + newline).count(CLIENT)
        return self.count


def watch(
    name: str,
    mails: int,
    *,
    process: Process,
    servers: Sequence[int],
    recipients: Recipients,
    is_at_rest: Callable[[], bool],
) -> Measured:
    """Wait until every client has a reply, then until `is_at_rest`; raises Died when the process ends before."""
    own = [process.pid]
    # Not a new look: what has been accepted since the process was ready belongs to this run.
    began_with, started = recipients.count, time.monotonic()
    own_before, servers_before = cpu_seconds(own), cpu_seconds(servers)
    memory = _Memory(process.pid)
    _wait(lambda: recipients.look() - began_with >= mails, process, memory, name)
    seconds = time.monotonic() - started
    _wait(is_at_rest, process, memory, name)
    rest_seconds = time.monotonic() - started
    own_cpu, servers_cpu = cpu_seconds(own) - own_before, cpu_seconds(servers) - servers_before
    return Measured(
        name=name,
        mails=mails,
        seconds=seconds,
        rest_seconds=rest_seconds,
        cpu_ms=1000 * (own_cpu + servers_cpu) / mails,
        own_cpu_ms=1000 * own_cpu / mails,
        pss_mib=memory.peak / 2**20,
    )


class _Memory:
    """The highest weight of a family of processes."""

    def __init__(self, root: int) -> None:
        self._root, self._next = root, 0.0
        self.peak = 0

    def weigh(self) -> None:
        if time.monotonic() >= self._next:
            self.peak = max(self.peak, pss_bytes(self._root))
            self._next = time.monotonic() + WEIGH_SECONDS


def _wait(condition: Callable[[], bool], process: Process, memory: _Memory, name: str) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if (status := process.poll()) is not None:
            raise Died(f"{name}: its process ended with status {status} before its work was done")
        if time.monotonic() > end:
            raise Died(f"{name}: not done after {PATIENCE_SECONDS:.0f} s")
        memory.weigh()
        time.sleep(POLL_SECONDS)
