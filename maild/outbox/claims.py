"""What one worker writes into the store's outbox: claims, `sending`, settlements."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol, TypeVar

from maild.errors import Refused
from maild.outbox.commits import SharedCommits
from maild.outbox.fate import Fate
from maild.store.engine import Connection
from maild.store.outgoing import outbox, settling
from maild.store.outgoing.outbox import Due

T = TypeVar("T")

VANISHED = "its process ended in the middle of submitting it"
NOTED = frozenset({"bounced", "uncertain"})
LONGEST_PAUSE_SECONDS = 30.0

log = logging.getLogger(__name__)


class Note(Protocol):
    """Writes on the ticket what became of its mail, within the transaction that settles it; may be called again."""

    def __call__(self, connection: Connection, outbox_id: int, state: str, answer: str, now: datetime, /) -> None:
        """`state`: `bounced` or `uncertain`; `answer`: why."""


class Claims:
    """The mails that one worker has, under its own name as their holder."""

    def __init__(
        self,
        commits: SharedCommits,
        *,
        holder: str,
        lease: timedelta,
        longest_lease: timedelta,
        note: Note,
        clock: Callable[[], datetime],
        pauses: Sequence[timedelta],
    ) -> None:
        """`longest_lease`: of any mail while it is sent (`begin`); `pauses`: as in `bring_forward`."""
        self._commits, self._holder, self._lease, self._longest_lease = commits, holder, lease, longest_lease
        self._note, self._clock, self._pauses = note, clock, pauses

    def on_board(self) -> AbstractContextManager[None]:
        """At work, so that others wait a moment to commit together with this one."""
        return self._commits.on_board()

    async def claim(self, limit: int) -> list[Due]:
        """Take what is due longest."""
        now = self._clock()
        return await self._commits.commit(
            lambda connection: outbox.claim_due(
                connection, holder=self._holder, lease=self._lease, limit=limit, now=now
            )
        )

    async def begin(self, due: Due, lease: timedelta) -> bool:
        """Commit that DATA is about to begin; False: the claim has run out, and somebody else may have the mail."""
        return await self._commits.commit(outbox.sending(due.id, holder=self._holder, lease=lease))

    async def settle(self, due: Due, fate: Fate, *, urgent: bool) -> None:
        """Write the fate down, however long the store is away: only this process knows it. `urgent`: somebody waits for it."""
        now, pause = self._clock(), 1.0
        while True:
            try:
                is_ours = await self._settle_once(due, fate, now, urgent=urgent)
            except Refused as error:
                log.warning("mail not settled yet", extra={"outbox_id": due.id, "because": str(error)})
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
            else:
                _tell(due, fate, is_ours=is_ours)
                return

    async def give_back(self, dues: Sequence[Due]) -> None:
        """Make mails due again for which nothing was begun."""
        ids = [due.id for due in dues]
        if ids:
            await self._commits.commit(lambda connection: outbox.give_back(connection, ids, holder=self._holder))

    async def expire(self) -> None:
        """Declare mails uncertain whose process vanished in the middle of submitting them; let none wait for a clock."""
        now = self._clock()
        await self._bring_forward(now)
        for outbox_id in await self._commit_noted(lambda connection, note: self._expire(connection, now, note)):
            log.warning("mail uncertain", extra={"outbox_id": outbox_id, "because": VANISHED})

    async def _bring_forward(self, now: datetime) -> None:
        brought = await self._commits.commit(
            lambda connection: settling.bring_forward(connection, now=now, pauses=self._pauses), urgent=False
        )
        if brought:
            log.warning("clock was put back, mails are due now", extra={"count": len(brought)})

    async def next_due_at(self) -> datetime | None:
        """When to look again."""
        return await self._commits.read(outbox.next_due_at)

    def _expire(self, connection: Connection, now: datetime, note: Note) -> list[int]:
        expired = settling.expire_sending(connection, now=now, lease=self._longest_lease)
        for outbox_id in expired:
            note(connection, outbox_id, "uncertain", VANISHED, now)
        return expired

    async def _settle_once(self, due: Due, fate: Fate, now: datetime, *, urgent: bool) -> bool:
        if fate.state in NOTED:
            return await self._commit_noted(
                lambda connection, note: self._settle_noted(connection, due, fate, now, note)
            )
        return await self._commits.commit(self._change(due, fate, now), urgent=urgent)

    async def _commit_noted(self, work: Callable[[Connection, Note], T]) -> T:
        """Commit together with the note on the ticket; a note that fails must not take the mail's fate with it."""
        try:
            return await self._commits.commit(lambda connection: work(connection, self._note), serial=True)
        except Refused:
            raise
        except Exception:
            log.exception("ticket not told what became of its mail")
            return await self._commits.commit(lambda connection: work(connection, _no_note), serial=True)

    def _change(self, due: Due, fate: Fate, now: datetime) -> Callable[[Connection], bool]:
        """Write the fate into the row; answers whether the mail was ours."""
        if fate.due_at is not None:
            return partial(outbox.defer, outbox_id=due.id, due_at=fate.due_at, answer=fate.answer, holder=self._holder)
        if fate.state == "held":
            return partial(outbox.hold, outbox_id=due.id, answer=fate.answer, holder=self._holder)
        return settling.settlement(due.id, state=fate.state, answer=fate.answer, now=now, holder=self._holder)

    def _settle_noted(self, connection: Connection, due: Due, fate: Fate, now: datetime, note: Note) -> bool:
        is_ours = self._change(due, fate, now)(connection)
        if is_ours:
            note(connection, due.id, fate.state, fate.answer, now)
        return is_ours


def _no_note(_: Connection, __: int, ___: str, ____: str, _____: datetime, /) -> None:
    """Say nothing."""


def _tell(due: Due, fate: Fate, *, is_ours: bool) -> None:
    facts = {
        "outbox_id": due.id,
        "ticket": due.ticket_id,
        "kind": due.kind,
        "recipient": due.recipient,
        "answer": fate.answer,
    }
    if not is_ours:
        log.warning("mail settled by somebody else", extra=facts | {"state": fate.state})
    else:
        is_usual = fate.state in ("sent", "deferred") and not fate.is_our_trouble
        log.log(logging.INFO if is_usual else logging.WARNING, "mail %s", fate.state, extra=facts)
