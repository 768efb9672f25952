"""Watching for mail that becomes due: by bell, by time, and now and then without either."""

import asyncio
import threading
from collections.abc import Callable
from datetime import datetime

from maild.errors import MaildError
from maild.outbox.claims import Claims
from maild.outbox.stopping import NOTICE_STOP_SECONDS

LOOK_SECONDS = 30.0
"""The longest time without a look into the store: bells may be missed, and other processes may vanish."""

SHORTEST_LOOK_SECONDS = 1.0
"""While bells ring all the time the workers look, and that is enough."""


class Watch:
    """Wakes one idle worker when there may be something to submit."""

    def __init__(self, claims: Claims, bell: threading.Event, clock: Callable[[], datetime]) -> None:
        self._claims, self._bell, self._clock = claims, bell, clock
        self._work = asyncio.Semaphore(0)
        self._time = asyncio.get_running_loop().time
        self._looked_at = self._expired_at = -LOOK_SECONDS
        self._look_at = 0.0

    async def wait(self) -> None:
        """Sleep until there may be something."""
        await self._work.acquire()

    def wake_another(self) -> None:
        """Wake one of those who sleep, or the next who would."""
        if self._work.locked():
            self._work.release()

    def look_again(self) -> None:
        """Look soon: a mail may have been deferred."""
        self._look_at = min(self._look_at, self._time() + SHORTEST_LOOK_SECONDS)

    async def keep(self, stop: threading.Event) -> None:
        """Watch until `stop` is set."""
        while not stop.is_set():
            await self._look()
            await self._wait_for_bell(stop)
            self.wake_another()

    async def _look(self) -> None:
        now = self._time()
        if now - self._looked_at < SHORTEST_LOOK_SECONDS:
            self._look_at = now + SHORTEST_LOOK_SECONDS
            return
        self._looked_at, self._look_at = now, now + LOOK_SECONDS
        try:
            await self._expire(now)
            next_due_at = await self._claims.next_due_at()
        except MaildError:
            # The workers meet the same trouble, and report it.
            return
        ahead = (next_due_at - self._clock()).total_seconds() if next_due_at else LOOK_SECONDS
        if ahead > 0:
            # What is due already the workers know of, even while they rest.
            self._look_at = now + min(ahead, LOOK_SECONDS)

    async def _expire(self, now: float) -> None:
        if now - self._expired_at >= LOOK_SECONDS:
            await self._claims.expire()
            self._expired_at = now

    async def _wait_for_bell(self, stop: threading.Event) -> None:
        while not stop.is_set() and (left := self._look_at - self._time()) > 0:
            if await asyncio.to_thread(self._bell.wait, min(left, NOTICE_STOP_SECONDS)):
                self._bell.clear()
                return
