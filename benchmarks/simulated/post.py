"""The simulated submission server: it takes the outbox's mails, refuses some, and sometimes maild dies while it submits."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from maild.desk.delivering import note_delivery
from maild.process.rules import Rules
from maild.replies.voice import Voice
from maild.store.engine import Connection, Store
from maild.store.outgoing import outbox, settling
from maild.store.outgoing.outbox import Due

LEASE = timedelta(minutes=5)
"""By the real clock: leases are not simulated."""

DEFERRED, DIES_BEFORE, DIES_AFTER = 0.01, 0.005, 0.003
"""How often a mail is refused for now; how often maild ends before DATA, and before the answer is written down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A mail that the server has taken."""

    message_id: str
    recipient: str
    kind: str
    ticket: int | None
    content: bytes
    at: datetime


@dataclass(kw_only=True)
class PostOffice:
    """Takes what is due, in the two phases of the real outbox, and hands it to its recipient."""

    store: Store
    rules: Rules
    voice: Voice
    chance: random.Random
    hand_over: Callable[[Accepted], None]
    refused: frozenset[str] = frozenset()
    """Addresses that the server refuses for good."""

    accepted: list[Accepted] = field(default_factory=list)
    deaths: int = 0
    _lives: int = 0

    def submit_due(self, now: datetime) -> None:
        """Submit until nothing is due."""
        while self._submit_some(now):
            pass

    def next_at(self) -> datetime | None:
        """When the next mail is due."""
        with self.store.read() as connection:
            return outbox.next_due_at(connection)

    @property
    def _holder(self) -> str:
        return f"simulated {self._lives}"

    def _submit_some(self, now: datetime) -> bool:
        self.store.transact(lambda connection: self._expire(connection, now), serial=True)
        lease = timedelta() if self.chance.random() < DIES_BEFORE else LEASE
        due = self.store.transact(
            lambda connection: outbox.claim_due(connection, holder=self._holder, lease=lease, limit=10, now=now)
        )
        if not lease and due:
            self._die()
            return True
        for one in due:
            self._submit(one, now)
        return bool(due)

    def _die(self) -> None:
        self.deaths += 1
        self._lives += 1

    def _submit(self, due: Due, now: datetime) -> None:
        if due.recipient in self.refused:
            self._settle(due, "bounced", "550 5.1.1 no such mailbox", now)
        elif self.chance.random() < DEFERRED:
            later = now + timedelta(minutes=5)
            self.store.transact(
                lambda connection: outbox.defer(
                    connection, due.id, due_at=later, answer="451 4.3.2 try again later", holder=self._holder
                )
            )
        else:
            self._transfer(due, now)

    def _transfer(self, due: Due, now: datetime) -> None:
        dies = self.chance.random() < DIES_AFTER
        lease = timedelta() if dies else LEASE
        if not self.store.transact(outbox.sending(due.id, holder=self._holder, lease=lease)):
            return
        accepted = Accepted(
            message_id=due.message_id,
            recipient=due.recipient,
            kind=due.kind,
            ticket=due.ticket_id,
            content=due.content,
            at=now,
        )
        self.accepted.append(accepted)
        if dies:
            self.deaths += 1
        else:
            self._settle(due, "sent", "250 2.0.0 accepted", now)
        self.hand_over(accepted)

    def _settle(self, due: Due, state: str, answer: str, now: datetime) -> None:
        def settle(connection: Connection) -> None:
            change = settling.settlement(due.id, state=state, answer=answer, now=now, holder=self._holder)
            if change(connection) and state == "bounced":
                self._note(connection, due.id, state, answer, now)

        self.store.transact(settle, serial=True)

    def _expire(self, connection: Connection, now: datetime) -> None:
        for vanished in settling.expire_sending(connection, now=now, lease=LEASE):
            self._note(connection, vanished, "uncertain", "its process ended in the middle of submitting it", now)

    def _note(self, connection: Connection, outbox_id: int, state: str, answer: str, now: datetime) -> None:
        partial(note_delivery, rules=self.rules, voice=self.voice)(connection, outbox_id, state, answer, now)
