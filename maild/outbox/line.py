"""The outbox's line of work: a few workers, woken by the bell and by time."""

import asyncio
import logging
import threading
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from maild.doors.smtp import SmtpDoor
from maild.errors import MaildError, Unavailable
from maild.outbox.claims import Claims, Note
from maild.outbox.commits import SharedCommits
from maild.outbox.schedule import Schedule
from maild.outbox.stopping import stop_workers, wait_unless_stopped
from maild.outbox.watching import Watch
from maild.outbox.worker import CLAIMED_AT_ONCE, LookOver, Worker
from maild.store.engine import Store

FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0

LARGEST = 100_000_000
"""Octets that no mail of ours has: whoever sends has a lease for less long than for these."""

CLAIM_TIMEOUTS = 3
"""A claim outlasts MAIL FROM, RCPT TO and a reserve; where it ends all the same, the next step notices (`Claims.begin`)."""

log = logging.getLogger(__name__)

Work = Callable[[list[Worker], Claims, threading.Event], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What one round of submitting came to: mails by their new state."""

    sent: int = 0
    deferred: int = 0
    bounced: int = 0
    uncertain: int = 0
    held: int = 0
    trouble: str | None = None
    """Why the round ended early; everything else is still due."""


class Outbox:
    """Submits what is due, in one thread; any number of processes may do so on one store."""

    def __init__(
        self,
        store: Store,
        door_factory: Callable[[], SmtpDoor],
        *,
        holder: str,
        note: Note,
        clock: Callable[[], datetime],
        connections: int = 3,
        look_over: LookOver | None = None,
        schedule: Schedule | None = None,
        claim_lease: timedelta | None = None,
        sending_lease: timedelta | None = None,
        grace: timedelta = timedelta(seconds=6),
    ) -> None:
        """`holder`: unique among all processes; `grace`: how long a stop waits for mails whose content is under way.

        Unless they are given, the leases follow from the door's time limits.
        """
        self.trouble: str | None = None
        """Why nothing can be submitted at the moment."""

        self._breaks = 0
        """How often the server was of no use to any mail."""

        self._store, self._door_factory = store, door_factory
        self._holder, self._note, self._clock = holder, note, clock
        self._connections, self._schedule = connections, schedule or Schedule()
        self._look_over = look_over
        self._claim_lease, self._sending_lease, self._grace = claim_lease, sending_lease, grace

    def run(self, stop: threading.Event) -> Round:
        """Submit whatever becomes due until `stop` is set; what then cannot be finished within `grace` is uncertain."""
        return asyncio.run(self._run(stop, self._until_stopped))

    def submit_due_once(self, stop: threading.Event | None = None) -> Round:
        """Submit all that is due now, or less if `stop` is set. Raises Deferred when the store is gone."""
        return asyncio.run(self._run(stop or threading.Event(), self._once))

    async def _run(self, stop: threading.Event, work: Work) -> Round:
        commits = SharedCommits(self._store)
        doors = [self._door_factory() for _ in range(self._connections)]
        claims = [self._new_claims(commits, door, number) for number, door in enumerate(doors, start=1)]
        workers = [self._new_worker(door, its_own) for door, its_own in zip(doors, claims, strict=True)]
        try:
            await work(workers, claims[0], stop)
        finally:
            await asyncio.gather(*(worker.close() for worker in workers))
            commits.close()
        counts = sum((worker.counts for worker in workers), Counter[str]())
        return Round(**counts, trouble=self.trouble)

    async def _until_stopped(self, workers: list[Worker], claims: Claims, stop: threading.Event) -> None:
        watch = Watch(claims, self._store.bell("outbox"), self._clock)
        tasks = [asyncio.create_task(self._serve(worker, watch)) for worker in workers]
        try:
            await watch.keep(stop)
        finally:
            await stop_workers(workers, tasks, grace=self._grace)

    async def _once(self, workers: list[Worker], claims: Claims, stop: threading.Event) -> None:
        await claims.expire()
        tasks = [asyncio.create_task(self._submit_all(worker)) for worker in workers]
        await wait_unless_stopped(tasks, stop)
        await stop_workers(workers, tasks, grace=self._grace)
        for task in tasks:
            if not task.cancelled():
                task.result()

    async def _serve(self, worker: Worker, watch: Watch) -> None:
        pause, known_breaks = FIRST_PAUSE_SECONDS, 0
        while not worker.is_stopping:
            before = worker.counts.total()
            try:
                if known_breaks != self._breaks:
                    # Who does not reach the server must not keep mails from machines that do.
                    await worker.reach_server()
                    known_breaks = self._breaks
                claimed = await worker.submit_some()
            except Exception as error:
                self._breaks += isinstance(error, Unavailable)
                self._report(error)
                with worker.interruptible():
                    await asyncio.sleep(pause)
                await self._renew_door(worker)
                pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
                continue
            pause = FIRST_PAUSE_SECONDS
            if worker.counts.total() > before:  # one that was stopped with mails in hand has not reached the server
                self._report(None)
            await self._wait_for_work(worker, watch, claimed)

    async def _renew_door(self, worker: Worker) -> None:
        """Begin anew, with the password that is there now."""
        try:
            await worker.take_door(self._door_factory())
        except MaildError as error:
            self._report(error)

    async def _wait_for_work(self, worker: Worker, watch: Watch, claimed: int) -> None:
        if claimed:
            watch.look_again()
        if claimed == CLAIMED_AT_ONCE:
            watch.wake_another()
        if not claimed:
            with worker.interruptible():
                await watch.wait()

    async def _submit_all(self, worker: Worker) -> None:
        try:
            while not worker.is_stopping and await worker.submit_some():
                pass
        except Unavailable as error:
            self._report(error)

    def _report(self, error: Exception | None) -> None:
        """Say once that nothing goes out, and once that it does again."""
        if error is not None and self.trouble is None:
            fault = None if isinstance(error, MaildError) else error
            facts = {"because": str(error), "cure": "all mail stays due and is tried again; maild check tells more"}
            log.warning("outbox stands still", extra=facts, exc_info=fault)
        if error is None and self.trouble is not None:
            log.info("outbox goes on")
        self.trouble = None if error is None else str(error)

    def _new_claims(self, commits: SharedCommits, door: SmtpDoor, number: int) -> Claims:
        """Under a name of its own: a slow worker must not settle what another has taken over once its lease had ended."""
        lease = self._claim_lease or door.timeout * CLAIM_TIMEOUTS
        return Claims(
            commits,
            holder=f"{number}/{self._holder}",
            lease=lease,
            longest_lease=self._sending_lease or door.longest_submission(LARGEST) + door.timeout,
            note=self._note,
            clock=self._clock,
            pauses=self._schedule.pauses,
        )

    def _new_worker(self, door: SmtpDoor, claims: Claims) -> Worker:
        return Worker(
            door,
            claims,
            schedule=self._schedule,
            clock=self._clock,
            look_over=self._look_over,
            sending_lease=self._sending_lease,
        )
