"""What one process writes into the store's outbox: claims, `sending`, settlements."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from maild.errors import Deferred
from maild.outbox.commits import SharedCommits
from maild.outbox.fate import Fate
from maild.store import outbox
from maild.store.engine import Connection
from maild.store.outbox import Due

NOTED = frozenset({"bounced", "uncertain"})
LONGEST_PAUSE_SECONDS = 30.0

log = logging.getLogger(__name__)


class Note(Protocol):
    """Writes on the ticket what became of its mail, within the transaction that settles it; may be called again."""

    def __call__(self, connection: Connection, outbox_id: int, state: str, answer: str, now: datetime, /) -> None:
        """`state`: `bounced` or `uncertain`; `answer`: why."""


class Claims:
    """The mails that this process has, under one holder's name."""

    def __init__(
        self, commits: SharedCommits, *, holder: str, lease: timedelta, note: Note, clock: Callable[[], datetime]
    ) -> None:
        self._commits, self._holder, self._lease = commits, holder, lease
        self._note, self._clock = note, clock

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
        begun = await self._commits.commit(
            lambda connection: outbox.begin_sending(connection, [due.id], holder=self._holder, lease=lease)
        )
        return due.id in begun

    async def settle(self, due: Due, fate: Fate) -> None:
        """Write the fate down, however long the store is away: only this process knows it."""
        now, pause = self._clock(), 1.0
        while True:
            try:
                is_ours = await self._commits.commit(
                    lambda connection: self._write(connection, due, fate, now), serial=fate.state in NOTED
                )
            except Deferred as error:
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
        """Declare mails uncertain whose process vanished in the middle of submitting them."""
        now = self._clock()
        expired = await self._commits.commit(lambda connection: self._expire(connection, now), serial=True)
        for outbox_id in expired:
            log.warning("mail uncertain", extra={"outbox_id": outbox_id, "because": "its process vanished"})

    async def next_due_at(self) -> datetime | None:
        """When to look again."""
        return await self._commits.read(outbox.next_due_at)

    def _write(self, connection: Connection, due: Due, fate: Fate, now: datetime) -> bool:
        if fate.due_at is not None:
            return outbox.defer(connection, due.id, due_at=fate.due_at, answer=fate.answer, holder=self._holder)
        if fate.state == "held":
            return outbox.hold(connection, due.id, answer=fate.answer, holder=self._holder)
        settled = outbox.settle(connection, due.id, state=fate.state, answer=fate.answer, now=now, holder=self._holder)
        if settled and fate.state in NOTED:
            self._note(connection, due.id, fate.state, fate.answer, now)
        return settled

    def _expire(self, connection: Connection, now: datetime) -> list[int]:
        expired = outbox.expire_sending(connection, now=now)
        for outbox_id in expired:
            self._note(connection, outbox_id, "uncertain", "maild ended while the mail was being submitted", now)
        return expired


def _tell(due: Due, fate: Fate, *, is_ours: bool) -> None:
    facts = {"outbox_id": due.id, "ticket": due.ticket_id, "kind": due.kind, "answer": fate.answer}
    if not is_ours:
        log.warning("mail settled by somebody else", extra=facts | {"state": fate.state})
    else:
        log.log(
            logging.INFO if fate.state in ("sent", "deferred") else logging.WARNING, "mail %s", fate.state, extra=facts
        )
