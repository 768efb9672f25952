"""Shared commits: the pieces of work that wait at the same time go into one transaction."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from maild.errors import Refused
from maild.store.engine import Connection, Store

T = TypeVar("T")
LINGER_SECONDS = 0.01
"""How long what is not urgent waits: about as long as the next envelope of a quick server needs."""

Work = Callable[[Connection], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    """A piece of work and the one who waits for it."""

    work: Work
    is_serial: bool
    future: "asyncio.Future[Any]"


class SharedCommits:
    """A disk flush costs more than the work before it: while one is under way, the next group gathers.

    For one asyncio loop; the transactions run in a thread of their own.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="outbox commits")
        self._waiting: list[_Waiting] = []
        self._flushing: asyncio.Task[None] | None = None

    async def commit(self, work: Callable[[Connection], T], *, serial: bool = False, urgent: bool = True) -> T:
        """Do the work (it may be done again, so it must not mind) and return once it is committed.

        `serial`: as in Store.transact; not `urgent`: it may wait for a moment for a commit that it can share.
        Raises what the work raises, without harm to the rest of its group, or what the store raises.
        """
        loop = asyncio.get_running_loop()
        waiting = _Waiting(work=work, is_serial=serial, future=loop.create_future())
        self._waiting.append(waiting)
        if urgent:
            self._start()
        else:
            loop.call_later(LINGER_SECONDS, self._start)
        return cast("T", await waiting.future)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Look something up, in the same thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._read, work)

    def close(self) -> None:
        """End the thread, after what it has begun."""
        self._thread.shutdown()

    def _start(self) -> None:
        if self._flushing is None and self._waiting:
            self._flushing = asyncio.get_running_loop().create_task(self._flush())

    async def _flush(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            group, self._waiting = self._waiting, []
            results = await loop.run_in_executor(self._thread, self._transact, group)
            for waiting, result in zip(group, results, strict=True):
                _tell(waiting.future, result)
        self._flushing = None

    def _transact(self, group: list[_Waiting]) -> list[Any]:
        """Give the results in the group's order; an exception stands for itself."""
        try:
            return self._store.transact(
                lambda connection: [one.work(connection) for one in group], serial=any(one.is_serial for one in group)
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
