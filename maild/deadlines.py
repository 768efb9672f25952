"""Line 2: time passed. What is owed becomes an event, and the desk applies it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from maild.desk.falling_due import fall_due
from maild.desk.telling.quiet import is_from_before, quietly
from maild.desk.telling.summing_up import sum_up
from maild.desk.transaction import begin
from maild.errors import Refused
from maild.process.rules import Rules
from maild.replies.voice import Voice
from maild.store.desk import deadlines as store
from maild.store.desk.deadlines import Deadline
from maild.store.engine import Connection, Store
from maild.store.outgoing.notices import next_notice_at

log = logging.getLogger(__name__)

GROUP = 20
"""Deadlines that share a commit."""


@dataclass(frozen=True, kw_only=True)
class Deadlines:
    """Acts on deadlines that have passed."""

    store: Store
    rules: Rules
    voice: Voice
    clock: Callable[[], datetime]

    def act_on_all(self, is_stopped: Callable[[], bool] = lambda: False) -> int:
        """Act until nothing is due; the number of deadlines."""
        count = 0
        while not is_stopped() and (acted := self._act_on_group(GROUP)):
            count += acted
        while not is_stopped() and (summed_up := self.store.transact(self._sum_up, serial=True)):
            count += summed_up
        return count

    def next_at(self) -> datetime | None:
        """When the next deadline passes."""
        with self.store.read() as connection:
            moments = (store.next_deadline_at(connection), next_notice_at(connection))
            return min((at for at in moments if at is not None), default=None)

    def _sum_up(self, connection: Connection) -> int:
        with begin(connection, rules=self.rules, voice=self.voice, now=self.clock()) as transaction:
            return sum_up(transaction)

    def _act_on_group(self, limit: int) -> int:
        now = self.clock()
        try:
            return self.store.transact(lambda connection: self._act(connection, now, limit), serial=True)
        except Refused:
            raise
        except Exception as error:
            if limit > 1:
                log.warning("deadlines failed together, each alone now", extra={"because": repr(error)})
                return self._act_on_group(1)
            log.exception("deadline failed, tried again in an hour")
            return self.store.transact(lambda connection: self._postpone(connection, now), serial=True)

    def _act(self, connection: Connection, now: datetime, limit: int) -> int:
        due = store.claim_deadlines(connection, now=now, limit=limit)
        is_old = is_from_before(connection, [deadline.due_at for deadline in due])
        with (
            quietly(connection, mails=None, is_old=is_old, now=now),
            begin(connection, rules=self.rules, voice=self.voice, now=now) as transaction,
        ):
            for deadline in due:
                event = fall_due(transaction, deadline)
                log.info("deadline passed", extra={"ticket": deadline.ticket, "event": event})
        return len(due)

    def _postpone(self, connection: Connection, now: datetime) -> int:
        due: list[Deadline] = store.claim_deadlines(connection, now=now, limit=1)
        for deadline in due:
            store.postpone_deadline(connection, deadline.id, now=now)
        return len(due)
