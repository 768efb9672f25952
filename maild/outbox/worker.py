"""A worker: one connection to the mail server, and the mails that go over it."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from maild.doors.smtp import SmtpDoor
from maild.errors import Refused, Unavailable, Uncertain, Unnoted
from maild.outbox.claims import Claims
from maild.outbox.fate import decide_fate
from maild.outbox.schedule import Schedule
from maild.store.outgoing.outbox import Due

CLAIMED_AT_ONCE = 25

LAST_MOMENT_SECONDS = 1.0
"""What is being written down gets as long, once the worker must end."""

LookOver = Callable[[bytes], None]
"""Raises Refused for a mail that must not leave, or not yet."""

SLOW = timedelta(seconds=10)
"""After this time the rest of the claimed mails is given back: another worker may be luckier."""


class Worker:
    """Claims, submits and settles, one mail after the other."""

    def __init__(
        self,
        door: SmtpDoor,
        claims: Claims,
        *,
        schedule: Schedule,
        clock: Callable[[], datetime],
        look_over: LookOver | None = None,
        sending_lease: timedelta | None = None,
    ) -> None:
        """`sending_lease`: by default longer than the door's time limits, as it must be outside of tests."""
        self.is_stopping = False
        self.is_interruptible = False
        """Whether the running task may be cancelled: no mail is left in doubt by it."""

        self.counts: Counter[str] = Counter()
        """Mails by the state that they were brought to."""

        self._door, self._claims = door, claims
        self._schedule, self._clock, self._sending_lease = schedule, clock, sending_lease
        self._look_over = look_over
        self._settling: asyncio.Task[None] | None = None

    async def submit_some(self) -> int:
        """Claim a few mails, submit them, and say how many were claimed.

        Raises Unavailable when the server is of no use to any mail; what was not submitted is due again.
        """
        with self._claims.on_board():
            return await self._submit_some()

    async def _submit_some(self) -> int:
        claimed_at = self._clock()
        in_hand = await self._claims.claim(CLAIMED_AT_ONCE)
        claimed = len(in_hand)
        try:
            while in_hand and not self.is_stopping and self._clock() - claimed_at < SLOW:
                with self.interruptible():
                    await self._door.open()
                outcome = await self._submit(in_hand[0])
                await self._settle(in_hand.pop(0), outcome, is_last=not in_hand)
            await self._settled()
        finally:
            await self._claims.give_back(in_hand)
        return claimed

    async def reach_server(self) -> None:
        """Connect anew while no mail is in hand. Raises Unavailable where the server is still of no use."""
        self._door.drop()
        with self.interruptible():
            await self._door.open()

    async def take_door(self, door: SmtpDoor) -> None:
        """Go on over another connection."""
        await self._door.close()
        self._door = door

    async def close(self) -> None:
        """Give what is being written down a last moment, and hang up."""
        if self._settling is not None:
            await asyncio.wait([self._settling], timeout=LAST_MOMENT_SECONDS)
            self._settling.cancel()
        await self._door.close()

    @contextmanager
    def interruptible(self) -> Iterator[None]:
        """Mark a wait that a clean stop may cut short."""
        self.is_interruptible = True
        try:
            yield
        finally:
            self.is_interruptible = False

    async def _submit(self, due: Due) -> str | Refused | None:
        """Give the server's answer or refusal; None: the mail is not ours any more."""
        try:
            if self._look_over is not None:
                with self.interruptible():
                    await asyncio.to_thread(self._look_over, due.content)
            with self.interruptible():
                await self._door.open_envelope(
                    envelope_from=due.envelope_from, recipient=due.recipient, size=len(due.content)
                )
            if not await self._begin(due):
                await self._door.leave_envelope()
                return None
            return await self._submit_content(due)
        except Refused as refusal:
            return refusal

    async def _begin(self, due: Due) -> bool:
        try:
            return await self._claims.begin(due, self._lease(due))
        except Refused as error:
            # Whether this was written down nobody knows, but DATA has not begun: the mail is deferred from either state.
            raise Unnoted(f"not submitted, because the store cannot note it: {error}") from error

    async def _submit_content(self, due: Due) -> str:
        try:
            return await self._door.submit_content(due.content)
        except Refused:
            raise
        except BaseException as error:
            # Cancelled at the end of a stop's patience, or a fault of ours: the server may have it.
            self._door.drop()
            raise Uncertain(f"submitting was cut off: {type(error).__name__} {error}".strip()) from error

    async def _settle(self, due: Due, outcome: str | Refused | None, *, is_last: bool) -> None:
        """Begin to write the fate down; meanwhile the next envelope may be opened."""
        await self._settled()
        if outcome is None:
            return
        fate = decide_fate(due, outcome, schedule=self._schedule, now=self._clock())
        self._settling = asyncio.create_task(self._claims.settle(due, fate, urgent=is_last))
        self.counts[fate.state] += 1
        if isinstance(outcome, Unavailable):
            await self._settled()
            raise outcome

    async def _settled(self) -> None:
        if self._settling is not None:
            await self._settling
            self._settling = None

    def _lease(self, due: Due) -> timedelta:
        return self._sending_lease or self._door.longest_submission(len(due.content)) + self._door.timeout
