"""Watch for bursts: what has come lately is compared, outside any transaction, and what is found is written in one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from maild.desk.advancing.proposing import add_alike, propose
from maild.desk.transaction import Transaction, begin
from maild.knowledge.bursts import (
    JOINING,
    MEMORY,
    WINDOWS,
    Alarm,
    Burst,
    History,
    Opened,
    common_terms,
    find_bursts,
)
from maild.knowledge.flood import find_flood
from maild.knowledge.lately import Lately, look_back
from maild.knowledge.likeness import count_terms
from maild.mail.message import Address
from maild.process.incident import Standing
from maild.process.rules import Rules
from maild.replies.voice import Voice
from maild.store.desk import incidents
from maild.store.desk.new_tickets import Grouped, OpenedTicket, grouped_since, opened_since, withheld_since
from maild.store.engine import Connection, Store

T = TypeVar("T")

MOST = 5_000
"""Tickets that are remembered when the watch begins; a busy desk needs no longer history."""

FLOOD = 200
"""New tickets of one look; of more than that the newest are looked at, so that a look is short whatever comes."""

QUIET = timedelta(weeks=1)
"""What was dismissed is not proposed again for this long, in whatever tickets."""


@dataclass(kw_only=True)
class IncidentWatch:
    """Remembers the tickets of the last weeks, and proposes bursts of similar ones to the lead."""

    store: Store
    rules: Rules
    voice: Voice
    clock: Callable[[], datetime]
    tell: Callable[[Lately], None] = lambda _: None
    """Told what several clients have written about lately, when that changes."""

    _history: History = field(init=False)
    _lately: Lately = field(default_factory=Lately)
    _has_looked: bool = False
    """Whether what was there at the beginning is remembered."""

    _last: int = 0
    """Number of the newest ticket that is remembered."""

    _withheld: set[int] = field(default_factory=set)
    _heard: int = 0
    """Row of the newest event of which it is known whether it says so of a ticket."""

    _kept: dict[int, tuple[int, ...]] = field(default_factory=dict)
    """Incident to its tickets when what they share was kept."""

    def __post_init__(self) -> None:
        """Nothing is remembered yet."""
        self._history = History(zone=self.rules.priorities.calendar.zone)

    def look(self) -> int:
        """Look at what has come; the number of incidents that were proposed. Raises Refused or Deferred."""
        policy, now = self.rules.policy.incidents, self.clock()
        if not policy.propose and not policy.join:
            return 0
        with self.store.read() as connection:
            most = FLOOD if self._has_looked else MOST
            come = opened_since(connection, last=self._last, since=now - MEMORY, most=most)
            groups = grouped_since(connection, since=now - MEMORY)
        self._has_looked = True
        fresh = self._remember(come, now)
        self._keep_terms(groups)
        if fresh:
            self._hear_of_floods()
        self._tell_lately(now)
        if not fresh or not policy.propose:
            return 0
        added = self._add(fresh, groups)
        left = [each for each in fresh if each.number not in added]
        return sum(self._propose(burst) for burst in self._bursts(left, groups, added, now))

    def recall(self) -> Lately:
        """What several clients have written about lately, as the store tells it; writes nothing. Raises Refused or Deferred."""
        policy, now = self.rules.policy.incidents, self.clock()
        if not policy.propose and not policy.join:
            return self._lately
        with self.store.read() as connection:
            come = opened_since(connection, last=self._last, since=now - MEMORY, most=MOST)
        if self._remember(come, now):
            self._hear_of_floods()
        return look_back(self._history, now, left_out=self._flood())

    def _tell_lately(self, now: datetime) -> None:
        lately = look_back(self._history, now, left_out=self._flood())
        if lately != self._lately:
            self.tell(lately)
            self._lately = lately

    def _remember(self, come: Sequence[OpenedTicket], now: datetime) -> list[Opened]:
        """Take in what has come; answers what of it may be part of a burst."""
        if len(self._history.opened) > 2 * MOST:
            self._history = self._history.newest(MOST)
        fresh = []
        for each in come:
            if each.is_ours:
                self._history.see(self._opened(each))
                fresh.append(self._history.opened[-1])  # without its terms: all at once they take 20 kB a ticket
        self._last = max([self._last, *(each.number for each in come)])
        return [each for each in fresh if each.at > now - WINDOWS[-1]][-FLOOD:]

    def _opened(self, ticket: OpenedTicket) -> Opened:
        """The ticket by its words. Who has no proof counts by their domain: one domain can write as many people."""
        author = Address(address=ticket.author)
        is_alone = ticket.is_proven or author.domain in self.rules.policy.limits.freemail
        return Opened(
            number=ticket.number,
            at=ticket.at,
            client=author.key if is_alone else author.domain,
            is_proven=ticket.is_proven,
            category=ticket.category,
            mail=ticket.mail,
            terms=count_terms(ticket.subject, ticket.text),
        )

    def _hear_of_floods(self) -> None:
        """What brought no acknowledgement, or was spam, is no part of what is usual. Read only where something came."""
        first = self._history.opened[0].number
        with self.store.read() as connection:
            withheld = withheld_since(connection, first=first, last=self._heard)
        self._withheld |= withheld.numbers
        self._heard = withheld.last

    def _flood(self) -> set[int]:
        return find_flood(self._history.opened, self._withheld) if self._withheld else set()

    def _keep_terms(self, groups: Sequence[Grouped]) -> None:
        """Late joiners are known by what the tickets of a declared incident share, as they are now."""
        for group in groups:
            if group.standing is not Standing.DECLARED or self._kept.get(group.id) == group.present:
                continue
            shared, rarity = common_terms(group.present, self._history)
            if shared:
                keep = partial(incidents.keep_terms, incident=group.id, weights=shared, rarity=rarity)
                self.store.transact(keep, serial=True)
            self._kept[group.id] = group.present

    def _add(self, fresh: Sequence[Opened], groups: Sequence[Grouped]) -> set[int]:
        """What says the same as an open proposal belongs to it; of a declared incident only while nobody could join it."""
        added: set[int] = set()
        for group in groups:
            nobody_could_join = group.standing is Standing.DECLARED and not group.terms
            if group.standing is not Standing.PROPOSED and not nobody_could_join:
                continue
            shared, _ = common_terms(group.present, self._history)
            alike = {each.number for each in self._history.like(shared, least=JOINING)}
            since = min(group.tickets)
            numbers = [each.number for each in fresh if each.number in alike and each.number > since]
            if numbers:
                added.update(self._write(partial(add_alike, row=group.id, numbers=numbers)))
        return added

    def _bursts(
        self, fresh: Sequence[Opened], groups: Sequence[Grouped], added: set[int], now: datetime
    ) -> list[Burst]:
        policy = self.rules.policy.incidents
        dismissed = [
            group
            for group in groups
            if group.standing is Standing.DISMISSED and group.settled_at and group.settled_at > now - QUIET
        ]
        declared = {Standing.DECLARED, Standing.RESOLVED}
        return find_bursts(
            fresh,
            self._history,
            Alarm(false_alarms_a_week=policy.false_alarms_a_week, least_clients=policy.least_clients),
            taken={number for group in groups for number in group.tickets} | added,
            left_out={number for group in groups if group.standing in declared for number in group.tickets}
            | self._flood(),
            dismissed=[common_terms(group.tickets, self._history)[0] for group in dismissed],
        )

    def _propose(self, burst: Burst) -> bool:
        shared, rarity = common_terms([each.number for each in burst.tickets], self._history)
        return self._write(partial(propose, burst=burst, shared=shared, rarity=rarity)) is not None

    def _write(self, work: Callable[[Transaction], T]) -> T:
        """In one of the desk's transactions."""

        def act(connection: Connection) -> T:
            with begin(connection, rules=self.rules, voice=self.voice, now=self.clock()) as transaction:
                return work(transaction)

        return self.store.transact(act, serial=True)
