"""A seeded history of a desk, written as raw rows; and the same numbers counted again, naively, from those rows alone."""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, Table, insert, select

from maild.store import tables
from maild.store.engine import Store

SINCE, UNTIL = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 5, 25, tzinfo=UTC)
CATEGORIES = ("network", "access", "storage", "printing")
ANSWERS = {"tsm_answered", "answered_directly", "asked", "progress_reported", "estimated", "resolved"}
Events = Mapping[int, Sequence[Any]]


def write_history(store: Store, *, number: int = 240, seed: int = 7) -> None:
    """Some tickets from before the period, some with events after it, some spam, some that come back."""
    chance = random.Random(seed)
    rows, happened, owed = [], [], []
    for ticket in range(1, number + 1):
        opened_at = SINCE - timedelta(days=10) + timedelta(hours=chance.uniform(0, 90 * 24))
        rows.append(_ticket(ticket, opened_at, chance))
        happened += list(_events(ticket, opened_at, chance))
        owed += list(_deadlines(ticket, opened_at, chance))
    for table, written in ((tables.tickets, rows), (tables.events, happened), (tables.deadlines, owed)):
        store.transact(partial(_write, table, written))


def _write(table: Table, rows: Sequence[Mapping[str, Any]], connection: Connection) -> None:
    connection.execute(insert(table), rows)


def _ticket(number: int, opened_at: datetime, chance: random.Random) -> dict[str, Any]:
    client = f"client{number % 30}@firm{number % 5}.example"
    words = {"client": client, "client_name": "C", "language": "en", "subject": f"Question {number}"}
    kind = {"category": chance.choice(CATEGORIES), "priority": chance.randint(1, 3), "technical": True}
    return {"id": number, "status": "open", "assignee": "Ana", "opened_at": opened_at, **words, **kind}


def _events(number: int, opened_at: datetime, chance: random.Random) -> Iterator[dict[str, Any]]:
    at = opened_at
    names = ["opened"]
    names += ["marked_spam"] if chance.random() < 0.05 else _life(chance)
    for name in names:
        actor = "ana@acme.example" if name in ANSWERS else "maild"
        row = {"ticket_id": number, "at": at, "actor": actor, "event": name, "because": "it was"}
        yield row
        if name == "closed_wrongly" and number % 3 == 0:
            yield {**row, "event": "closed_rightly"}
        at += timedelta(hours=chance.expovariate(1 / 30))


def _life(chance: random.Random) -> list[str]:
    ways = (["tsm_answered"], ["asked", "client_replied"], ["escalated", "deescalated"], ["assigned"], ["noted"])
    names = ["assigned", *(name for way in chance.choices(ways, k=chance.randint(0, 4)) for name in way)]
    for _ in range(chance.randint(0, 2)):
        names += chance.choice((["resolved", "closed"], ["resolved"], ["closed"], ["resolved", "client_replied"]))
        names += (
            chance.choice(([], ["reopened"], ["client_denied", "closed_wrongly"]))
            if names[-1] in {"resolved", "closed"}
            else []
        )
        if names[-1] == "closed":
            break
    return names


def _deadlines(number: int, opened_at: datetime, chance: random.Random) -> Iterator[dict[str, Any]]:
    for kind, ends in (
        ("first_response", ("answered", "service_level_breached")),
        ("next_update", ("renewed", "update_overdue", "closed")),
    ):
        due_at, because = opened_at + timedelta(hours=chance.uniform(2, 48)), chance.choice(ends)
        yield {"ticket_id": number, "kind": kind, "due_at": due_at, "settled_at": due_at, "because": because}


class Naive:
    """Every number by the simplest loop that can be thought of."""

    def __init__(self, store: Store) -> None:
        with store.read() as connection:
            self.tickets = {row.id: row for row in connection.execute(select(tables.tickets))}
            self.deadlines = list(connection.execute(select(tables.deadlines)))
            self.mails = list(connection.execute(select(tables.mails.c.arrived_at, tables.mails.c.verdicts)))
            found: defaultdict[int, list[Any]] = defaultdict(list)
            for row in connection.execute(select(tables.events).order_by(tables.events.c.id)):
                if row.at < UNTIL and row.event == "closed_rightly":  # what it takes back is the event before
                    found[row.ticket_id].pop()
                elif row.at < UNTIL:
                    found[row.ticket_id].append(row)
        self.events: Events = dict(found)
        self._all_spam = {n for n, rows in found.items() if any(row.event == "marked_spam" for row in rows)}
        spam = self._all_spam
        self.opened = [n for n, row in self.tickets.items() if SINCE <= row.opened_at < UNTIL and n not in spam]
        self.spam = [n for n in spam if self.tickets[n].opened_at >= SINCE]

    def states(self, number: int) -> Iterator[tuple[Any, str, str]]:
        """Event, status before, status after."""
        status = "none"
        moves = {
            "opened": "open",
            "asked": "waiting",
            "escalated": "escalated",
            "resolved": "resolved",
            "closed": "closed",
            "left_undecided": "new",
            "triaged": "open",
            "handed_off": "handed_off",
            "hand_off_returned": "new",
            "hand_off_confirmed": "closed",
            "merged": "closed",
            "client_confirmed": "closed",
            "escalation_raised": "escalated",
        }
        for row in self.events[number]:
            before = status
            if row.event in {"reopened", "client_denied", "deescalated"}:
                status = "open"
            elif row.event == "client_replied":
                status = "escalated" if status == "escalated" else "open"
            else:
                status = moves.get(row.event, status)
            yield row, before, status

    def solved_at(self, number: int) -> datetime | None:
        at = None
        for row, before, after in self.states(number):
            if after not in {"resolved", "closed"}:
                at = None
            elif before not in {"resolved", "closed"}:
                at = row.at
        return at

    def answered_at(self, number: int) -> datetime | None:
        return min((row.at for row in self.events[number] if row.event in ANSWERS), default=None)

    def quantile(self, ends: Mapping[int, datetime | None], part: float) -> float | None:
        """Kaplan-Meier, by counting at each end who was still there just before it."""
        spans = [((end or UNTIL) - self.tickets[n].opened_at, end is not None) for n, end in ends.items()]
        share = 1.0
        for time in sorted({span for span, is_over in spans if is_over}):
            there = sum(span >= time for span, _ in spans)
            share *= 1 - sum(span == time and is_over for span, is_over in spans) / there
            if share <= 1 - part:
                return float(time / timedelta(hours=1))
        return None

    def tickets_with(self, *names: str) -> set[int]:
        """Those to which it happened inside the period."""
        return {n for n, rows in self.events.items() if any(r.event in names and r.at >= SINCE for r in rows)}

    def came_back(self, status: str) -> set[int]:
        moves = [(n, row, before, after) for n in self.events for row, before, after in self.states(n)]
        return {n for n, row, before, after in moves if before == status and after == "open" and row.at >= SINCE}

    def closed(self) -> set[int]:
        moves = [
            (n, row, before, after)
            for n in self.events
            if n not in self.all_spam()
            for row, before, after in self.states(n)
        ]
        return {n for n, row, before, after in moves if before != "closed" == after and row.at >= SINCE}

    def all_spam(self) -> set[int]:
        return self._all_spam

    def live(self) -> list[int]:
        return [n for n in self.events if n not in self.all_spam() and list(self.states(n))[-1][2] != "closed"]

    def kept(self, kind: str, good: str, bad: str) -> tuple[int, int]:
        due = [
            r.because for r in self.deadlines if r.kind == kind and SINCE <= r.due_at < UNTIL and r.settled_at < UNTIL
        ]
        return due.count(good), due.count(good) + due.count(bad)
