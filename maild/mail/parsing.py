"""A chunk of mails on its way through the pool, and what ends the wait for it where nobody answers."""

import logging
import time
from concurrent.futures import Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from maild.errors import Unreadable
from maild.mail.worker import Parsed

if TYPE_CHECKING:
    from pebble import ProcessFuture, ProcessPool

GLANCE_SECONDS = 0.5
"""Between two looks at a pool that may have broken: it forgets what it had not handed out yet."""

SILENCE_FACTOR = 4
"""Limits of a mail after which a process that says nothing is ended: it is stopped, or hangs where its own timer does not run."""

STANDSTILL_SECONDS = 600.0
"""And more without any answer, after which a pool is begun anew; its processes need long to start on a busy machine."""

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Pulse:
    """When a pool last came to an end with anything, by a clock that nobody can set."""

    beat_at: float = field(default_factory=time.monotonic)

    def beat(self, future: "Future[list[Parsed | Unreadable]]") -> None:
        """Note an end; and let go of a mail on which the pipe broke: Python 3.12 and later complain of its buffer."""
        self.beat_at = time.monotonic()
        error = None if future.cancelled() else future.exception()
        if error is not None:
            error.__traceback__ = None
        if isinstance(error, BrokenProcessPool):
            error.__cause__ = error.__context__ = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsing:
    """One chunk on its way, and the pool that it was given to."""

    pool: "ProcessPool"
    future: "ProcessFuture[list[Parsed | Unreadable]]"
    pulse: Pulse
    limit: float
    """Seconds that a mail may take by the timer of its own process."""

    given_at: float = field(default_factory=time.monotonic)

    def result(self) -> list[Parsed | Unreadable]:
        """Wait; raises what the task raised, or BrokenProcessPool when its process hung, or the pool has ended."""
        taken_at: float | None = None
        while not wait([self.future], timeout=GLANCE_SECONDS).done:
            if not self.pool.active and not self.future.done():
                raise BrokenProcessPool("the pool ended before the mail was parsed")
            if self.future.running():
                taken_at = taken_at or time.monotonic()
                self._end_silent(taken_at)
            else:
                self._end_standing_still()
        try:
            return self.future.result()
        except Exception as error:
            if self.pool.active:
                raise
            raise BrokenProcessPool(f"the pool ended while it had the mail: {error!r}") from None

    def _end_silent(self, taken_at: float) -> None:
        """Have the process ended that has this chunk; its mails are not to blame, and may be tried in another one."""
        patience = SILENCE_FACTOR * self.limit
        if time.monotonic() - taken_at > patience and self.future.cancel():  # type: ignore[no-untyped-call]
            logger.warning("parsing process ended: it said nothing", extra={"seconds": patience})
            raise BrokenProcessPool(f"its process said nothing for {patience:g} s and was ended")

    def _end_standing_still(self) -> None:
        """End a pool of which no process takes anything: one may hang that holds the lock of all."""
        since = max(self.given_at, self.pulse.beat_at)
        if time.monotonic() - since > SILENCE_FACTOR * self.limit + STANDSTILL_SECONDS:
            logger.warning("parsing pool ended: it stands still")
            self.pool.stop()  # type: ignore[no-untyped-call]
