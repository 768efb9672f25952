"""Who of a process writes next where a database has one writer: whoever wrote for long lets the others catch up."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

BREATH_SECONDS = 0.03
"""Whoever writes little comes back so soon, if at all: an envelope at the mail server lies between two commits of the outbox."""

MOST_SECONDS = 0.3
"""For no longer do others go first, however long somebody has written."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Writer:
    """Somebody who waits."""

    is_long: bool


class OneWriter:
    """One at a time, in the order in which they come.

    Whoever writes for long leaves as much time to the others afterwards, while they make use of it. A plain lock is had by
    whoever asks at once, which was the desk: the outbox stood still until the last mail was decided, and then worked
    alone. Its commits need the disk more than the processor, and mails are read meanwhile.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Nobody writes."""
        self._clock = clock
        self._condition = threading.Condition()
        self._is_taken = False
        self._waiting: list[_Writer] = []
        self._debtor: int | None = None
        """The thread that wrote for long last: what it writes beside that is no use that others make of their time."""

        self._breath_ends_at = self._owed_until = 0.0

    @contextmanager
    def turn(self, *, is_long: bool) -> Iterator[None]:
        """Wait for the turn, and have it."""
        with self._condition:
            self._await_turn(_Writer(is_long=is_long))
        began = self._clock()
        try:
            yield
        finally:
            with self._condition:
                self._leave(began, is_long=is_long)

    def _await_turn(self, writer: _Writer) -> None:
        self._waiting.append(writer)
        try:
            while self._is_taken or self._next() is not writer:
                self._condition.wait(self._seconds(writer))
            self._is_taken = True
        finally:
            self._waiting.remove(writer)
            if not self._is_taken:
                self._condition.notify_all()

    def _next(self) -> _Writer | None:
        """Of those who wait; None: time is left to somebody who is likely to come."""
        first = self._waiting[0]
        if not first.is_long or self._seconds_for_others() <= 0:
            return first
        return self._first_short()

    def _first_short(self) -> _Writer | None:
        return next((writer for writer in self._waiting if not writer.is_long), None)

    def _seconds(self, writer: _Writer) -> float | None:
        """How long to wait unless woken: whoever leaves wakes all, and only the first waits for who has not come."""
        is_alone = not self._is_taken and self._waiting[0] is writer
        return self._seconds_for_others() if is_alone else None

    def _seconds_for_others(self) -> float:
        """How long the next one waits for those who write little, unless they come before."""
        end = self._owed_until
        if self._first_short() is None:
            end = min(end, self._breath_ends_at)
        return end - self._clock()

    def _leave(self, began: float, *, is_long: bool) -> None:
        self._is_taken, now, thread = False, self._clock(), threading.get_ident()
        if is_long:
            self._debtor, self._owed_until = thread, now + min(now - began, MOST_SECONDS)
        elif thread != self._debtor:
            self._breath_ends_at = now + BREATH_SECONDS
        self._condition.notify_all()
