"""Who of a process writes next where a database has one writer: whoever wrote for long lets the others catch up."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

BREATH_SECONDS = 0.03
"""Whoever writes little comes back so soon, if at all: an envelope at the mail server lies between two commits of the outbox."""

MOST_SECONDS = 0.3
"""For no longer do others go first, however long somebody has written."""


class OneWriter:
    """One at a time. Whoever writes for long leaves as much time to the others afterwards, while they make use of it.

    A plain lock is had by whoever asks at once, which was the desk: the outbox stood still until the last mail was
    decided, and then worked alone. Its commits need the disk more than the processor, and mails are read meanwhile.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Nobody writes."""
        self._clock = clock
        self._condition = threading.Condition()
        self._is_taken = False
        self._waiting = 0
        """How many who write little."""

        self._last: int | None = None
        self._breath_ends_at = self._owed_until = 0.0

    @contextmanager
    def turn(self, *, is_long: bool) -> Iterator[None]:
        """Wait for the turn, and have it."""
        with self._condition:
            self._await_others() if is_long else self._await_turn()
            self._is_taken = True
        began = self._clock()
        try:
            yield
        finally:
            with self._condition:
                self._leave(began, is_long=is_long)

    def _await_turn(self) -> None:
        self._waiting += 1
        try:
            while self._is_taken:
                self._condition.wait()
        finally:
            self._waiting -= 1

    def _await_others(self) -> None:
        while self._is_taken or (seconds := self._seconds_for_others()) > 0:
            self._condition.wait(None if self._is_taken else seconds)

    def _seconds_for_others(self) -> float:
        """How long to wait for those who write little, unless they come before; not for oneself."""
        end = self._owed_until
        if not self._waiting:
            end = 0.0 if self._last == threading.get_ident() else min(end, self._breath_ends_at)
        return end - self._clock()

    def _leave(self, began: float, *, is_long: bool) -> None:
        self._is_taken, now = False, self._clock()
        if is_long:
            self._owed_until = now + min(now - began, MOST_SECONDS)
        else:
            self._last, self._breath_ends_at = threading.get_ident(), now + BREATH_SECONDS
        self._condition.notify_all()
