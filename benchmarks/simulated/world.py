"""The simulated world: a clock that is moved, what people plan to do, and maild's lines between them."""

import heapq
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.policy import default
from itertools import count
from typing import Protocol

from benchmarks.simulated.letters import Received
from benchmarks.simulated.post import Accepted, PostOffice
from benchmarks.simulated.words import Marks, Topic
from maild.deadlines import Deadlines
from maild.intake.line import Intake
from maild.mail.pool import ParsingPool
from maild.process.rules import Rules
from maild.replies.voice import Voice
from maild.store.engine import Connection, Store
from maild.store.incoming.arrivals import store_alone


class Reader(Protocol):
    """Somebody with a mail client."""

    def hear(self, received: Received) -> None:
        """A mail of the desk has come in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """What a client needs help with."""

    mark: str
    client: str
    """Address."""

    topic: Topic
    language: str


@dataclass(slots=True)
class Truth:
    """What really happened, for the invariants: maild never sees it."""

    issues: dict[str, Issue] = field(default_factory=dict)
    """Mark to issue."""

    relays: dict[str, str] = field(default_factory=dict)
    """Mark of public words to the client for whom they were written."""

    circles: set[frozenset[str]] = field(default_factory=set)
    """A client, and whom they put in Cc of a mail that their domain vouches for: both may read what is answered."""

    arrived: int = 0
    """Mails that came to the desk's mailbox."""

    repeated: int = 0
    """Of them, mails that came a second time."""

    forged: int = 0
    failures: list[str] = field(default_factory=list)
    """What maild's log calls an error."""

    def may_read(self, reader: str, client: str) -> bool:
        """Whether somebody may read what is written to a client."""
        return reader == client or frozenset({reader, client}) in self.circles


class _Failures(logging.Handler):
    """Keeps what is logged as an error, and the warnings that something failed together."""

    def __init__(self, found: list[str]) -> None:
        super().__init__(logging.WARNING)
        self._found = found

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the first line of it."""
        if record.levelno >= logging.ERROR or "failed" in record.getMessage():
            error = record.exc_info[1] if record.exc_info else getattr(record, "because", "")
            self._found.append(f"{record.name}: {record.getMessage()} {error!r}"[:300])


class World:
    """One store, maild's lines over it, and everybody who writes to it."""

    def __init__(
        self,
        store: Store,
        pool: ParsingPool,
        rules: Rules,
        voice: Voice,
        *,
        start: datetime,
        seed: int,
        refused: frozenset[str] = frozenset(),
    ) -> None:
        self.store, self.rules = store, rules
        self.now = start
        self.chance = random.Random(seed)
        self.marks, self.truth = Marks(), Truth()
        self.readers: dict[str, Reader] = {}
        """By address."""

        self.is_up = True
        self.stops: list[tuple[datetime, datetime]] = []
        """When maild does not run."""

        self._plans: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = count()
        self._mailbox: list[bytes] = []
        self._intake = Intake(store=store, pool=pool, rules=rules, voice=voice, holder="simulated", clock=self.clock)
        self._deadlines = Deadlines(store=store, rules=rules, voice=voice, clock=self.clock)
        self.post = PostOffice(
            store=store,
            rules=rules,
            voice=voice,
            chance=random.Random(seed + 1),
            hand_over=self._hand_over,
            refused=refused,
        )

    def clock(self) -> datetime:
        """The simulated time."""
        return self.now

    def plan(self, when: datetime, act: Callable[[], None]) -> None:
        """Something will be done; never earlier than now."""
        heapq.heappush(self._plans, (max(when, self.now), next(self._order), act))

    def arrive(self, source: bytes) -> None:
        """A mail comes to the desk's mailbox."""
        self.truth.arrived += 1
        self._mailbox.append(source)

    def live(self, end: datetime) -> None:
        """Let everything happen until then."""
        logger, failures = logging.getLogger("maild"), _Failures(self.truth.failures)
        logger.addHandler(failures)
        propagates, logger.propagate = logger.propagate, False
        try:
            while self._plans and self._plans[0][0] <= end:
                when, _, act = heapq.heappop(self._plans)
                self._let_time_pass(when)
                act()
                self._work()
            self._let_time_pass(end)
        finally:
            logger.removeHandler(failures)
            logger.propagate = propagates

    def _let_time_pass(self, until: datetime) -> None:
        while self.is_up and (due := self._next_due()) and due <= until:
            self.now = max(self.now, due)
            before = self._next_due()
            self._work()
            if self._next_due() == before:
                break  # what failed is tried again later, and said in the log
        self.now = max(self.now, until)

    def _next_due(self) -> datetime | None:
        moments = (self._deadlines.next_at(), self.post.next_at())
        return min((moment for moment in moments if moment is not None), default=None)

    def _work(self) -> None:
        """One round of maild's lines."""
        if not self.is_up:
            return
        if self._mailbox:
            waiting, self._mailbox = self._mailbox, []
            self.store.transact(lambda connection: self._store(connection, waiting))
            self._intake.take_in_all()
        self._deadlines.act_on_all()
        self.post.submit_due(self.now)

    def _store(self, connection: Connection, sources: list[bytes]) -> None:
        for source in sources:
            store_alone(connection, source, now=self.now)

    def _hand_over(self, accepted: Accepted) -> None:
        reader = self.readers.get(accepted.recipient.casefold())
        if reader is not None:
            reader.hear(read_mail(accepted))


def read_mail(accepted: Accepted) -> Received:
    """What the recipient sees."""
    message = message_from_bytes(accepted.content, policy=default)
    part = message.get_body(("plain",))
    text = str(part.get_content()) if part else ""
    return Received(message=message, text=text, kind=accepted.kind, at=accepted.at)
