"""The pulse of each line: whether it really turns, or has stood still for longer than anything it does can take."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

STILL_SECONDS = 300.0
"""Longer than any wait for a server's answer, a database that is busy, or a group of the hardest mails."""


class Pulse(threading.Event):
    """The event `stop`, as one line sees it: each look at it in the line's own thread is a beat."""

    def __init__(self, stop: threading.Event, *, allowance: float, seconds: Callable[[], float]) -> None:
        """`allowance`: how long the line may be without a look, in seconds; its waits come on top."""
        super().__init__()
        self._stop, self._allowance, self._seconds = stop, allowance, seconds
        self._thread: int | None = None
        self._until = 0.0

    def begin(self) -> None:
        """The line's thread is this one."""
        self._thread = threading.get_ident()
        self.beat()

    def beat(self, wait: float = 0.0) -> None:
        """Say that the line turns, and is going to wait; said by another thread it means nothing."""
        if self._thread == threading.get_ident():
            self._until = self._seconds() + self._allowance + wait

    def is_still(self) -> bool:
        """Whether it has begun, and not been heard of for too long."""
        return self._thread is not None and self._seconds() > self._until

    def is_set(self) -> bool:
        """Whether everything is to stop."""
        self.beat()
        return self._stop.is_set()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for that."""
        self.beat(timeout or 0.0)
        is_set = self._stop.wait(timeout)
        self.beat()
        return is_set

    def set(self) -> None:
        """Stop everything."""
        self._stop.set()


@dataclass(kw_only=True)
class Pulses:
    """All lines of a process."""

    stop: threading.Event
    seconds: Callable[[], float] = time.monotonic
    """A clock that never jumps."""

    _pulses: dict[str, Pulse] = field(default_factory=dict)

    def of(self, line: str, *, allowance: float = STILL_SECONDS) -> Pulse:
        """The pulse of a line; the same one whenever it is asked for."""
        if line not in self._pulses:
            self._pulses[line] = Pulse(self.stop, allowance=allowance, seconds=self.seconds)
        return self._pulses[line]

    def still(self) -> list[str]:
        """Lines that stand still."""
        return sorted(name for name, pulse in list(self._pulses.items()) if pulse.is_still())

    def lines(self) -> list[str]:
        """All lines."""
        return sorted(self._pulses)
