"""Shared commits: the pieces of work that wait at the same time go into one transaction."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from maild.errors import Refused
from maild.store.database.row_changes import Work, work_all
from maild.store.engine import Connection, Store

T = TypeVar("T")
LINGER_SECONDS = 0.01
"""How long what is not urgent waits: about as long as the next envelope of a quick server needs."""

MUSTER_SECONDS = 0.005
"""How long what is urgent waits for the rest of the crew, who are at their envelopes: less than a disk flush costs, as a rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    """A piece of work and the one who waits for it."""

    work: Work
    is_serial: bool
    is_urgent: bool
    future: "asyncio.Future[Any]"


class SharedCommits:
    """A disk flush costs more than the work before it: while one is under way, the next group gathers.

    For one asyncio loop; the transactions run in a thread of their own.
    """

    def __init__(self, store: Store) -> None:
        """Nobody is on board."""
        self._store, self._crew = store, 0
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="outbox commits")
        self._waiting: list[_Waiting] = []
        self._flushing: asyncio.Task[None] | None = None
        self._alarm: asyncio.TimerHandle | None = None

    @contextmanager
    def on_board(self) -> Iterator[None]:
        """Belong to the crew: once all of it wait for something urgent, nobody else is waited for."""
        self._crew += 1
        try:
            yield
        finally:
            self._crew -= 1
            self._muster()

    async def commit(self, work: Callable[[Connection], T], *, serial: bool = False, urgent: bool = True) -> T:
        """Do the work (it may be done again, so it must not mind) and return once it is committed.

        `serial`: as in Store.transact; not `urgent`: it may wait longer for a commit that it can share.
        Raises what the work raises, without harm to the rest of its group, or what the store raises.
        """
        future = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(work=work, is_serial=serial, is_urgent=urgent, future=future))
        self._muster()
        return cast("T", await future)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Look something up, in the same thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._read, work)

    def close(self) -> None:
        """End the thread, after what it has begun; what nobody waits for any more is left."""
        self._disarm()
        self._thread.shutdown()

    def _muster(self) -> None:
        """Begin the next flush if all are there, or set the time when it begins without the others."""
        if self._flushing is not None or not self._waiting:
            return
        urgent = sum(waiting.is_urgent for waiting in self._waiting)
        if urgent and urgent >= self._crew:
            self._start()
            return
        loop = asyncio.get_running_loop()
        begins_at = loop.time() + (MUSTER_SECONDS if urgent else LINGER_SECONDS)
        if self._alarm is None or begins_at < self._alarm.when():
            self._disarm()
            self._alarm = loop.call_at(begins_at, self._start)

    def _start(self) -> None:
        self._disarm()
        self._flushing = asyncio.get_running_loop().create_task(self._flush())

    def _disarm(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None

    async def _flush(self) -> None:
        group, self._waiting = self._waiting, []
        results = await asyncio.get_running_loop().run_in_executor(self._thread, self._transact, group)
        for waiting, result in zip(group, results, strict=True):
            _tell(waiting.future, result)
        self._flushing = None
        self._muster()

    def _transact(self, group: list[_Waiting]) -> list[Any]:
        """Give the results in the group's order; an exception stands for itself."""
        try:
            return self._store.transact(
                lambda connection: work_all(connection, [one.work for one in group]),
                serial=any(one.is_serial for one in group),
            )
        except Refused as error:
            # The store itself refuses: one by one they would fare no better.
            return [error] * len(group)
        except Exception as error:
            if len(group) == 1:
                return [error]
            return [result for one in group for result in self._transact([one])]

    def _read(self, work: Callable[[Connection], T]) -> T:
        with self._store.read() as connection:
            return work(connection)


def _tell(future: "asyncio.Future[Any]", result: Any) -> None:
    if future.cancelled():
        return
    if isinstance(result, Exception):
        future.set_exception(result)
    else:
        future.set_result(result)
