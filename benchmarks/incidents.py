"""How soon an incident in the making is noticed, and how often a quiet desk is alarmed.

A desk of ordinary tickets is simulated by the week, with time passed in and everything drawn from one seed: tickets come by a
Poisson process whose rate follows office hours and is itself uneven from day to day (gamma, coefficient of variation 0.3),
from companies of very different size. Their texts are real requests of licensed collections (NOTICE), each used once. What is
asked is what the daemon asks: `maild.knowledge.bursts`, ticket by ticket.

- *quiet*: no incident at all; every proposal is a false alarm. The same things are asked again and again by chance. After eight
  weeks of learning, and in the first two weeks of a desk that knows nothing yet.
- *injected*: clients who have one problem write about it in their own words (all of them requests that people marked with one
  intent), the first at a random moment of office hours, the others at exponential distances. Counted is the burst that holds
  at least half of their tickets: after how many of their mails, and how many minutes after the first, it is proposed.
- *late joiners*: of the later mails of the incident those that would join a declared one, and of the ordinary tickets of the
  two days after it those that would join wrongly.

Aim: a quiet desk is alarmed at most 0.25 times a week.
Takes ten minutes or more. Run: python -m benchmarks.incidents --data FOLDER
"""

import argparse
import random
import statistics
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from maild.classify.training.corpora import rows_of
from maild.knowledge.bursts import ALIKE, JOINING, MEMORY, Alarm, Burst, History, Opened, common_terms, find_bursts
from maild.knowledge.likeness import count_terms, likeness, weigh

START = datetime(2026, 1, 5, tzinfo=UTC)
"""A Monday."""

WEEK, HOUR = timedelta(weeks=1), timedelta(hours=1)
LEARNING = 8
COMPANIES = 80
HOURS_OPEN = dict.fromkeys(range(8, 18), 1.0) | {7: 0.4, 18: 0.4, 19: 0.2}
ALARM = Alarm(false_alarms_a_week=0.25, least_clients=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A real request."""

    text: str
    topic: str
    """What people marked it with: the category of ordinary tickets, the problem of an incident."""


def read(folder: Path, name: str, *, text: str, topic: str) -> list[Request]:
    """The requests of a collection, each text once."""
    rows = {row[text].strip(): row for row in rows_of(folder / name / "train.csv.gz") if row[topic]}
    return [Request(text=words, topic=row[topic]) for words, row in rows.items()]


def moments(chance: random.Random, weeks: int, weekly: float) -> Iterator[datetime]:
    """When ordinary tickets come."""
    busy = 5 * sum(HOURS_OPEN.values()) + 2 * 24 * 0.05
    for day in range(7 * weeks):
        uneven = chance.gammavariate(1 / 0.09, 0.09)
        for hour in range(24):
            share = HOURS_OPEN.get(hour, 0.02) if day % 7 < 5 else 0.05
            due = START + timedelta(days=day, hours=hour)
            left, rate = 1.0, weekly * share / busy * uneven
            while (left := left - chance.expovariate(rate)) > 0:
                yield due + left * HOUR
    return


class Desk:
    """A simulated desk and its memory."""

    def __init__(self, background: Sequence[Request], chance: random.Random, *, weekly: float, weeks: int) -> None:
        """Draw everything that is ordinary."""
        self.chance, self.weeks = chance, weeks
        self.size = [1 / (1 + place) for place in range(COMPANIES)]
        times = sorted(moments(chance, weeks, weekly))
        texts = chance.sample(background, min(len(background), len(times)))
        self.tickets = [self.ticket(at, text) for at, text in zip(times, texts, strict=False)]
        self.weeks_simulated = (self.tickets[-1].at - START) / WEEK

    def ticket(self, at: datetime, request: Request, *, client: str = "") -> Opened:
        """A request as a ticket; its number comes later."""
        company = client or f"company-{self.chance.choices(range(COMPANIES), self.size)[0]}.example"
        terms = count_terms("", request.text)
        return Opened(number=0, at=at, client=company, is_proven=False, category=request.topic, mail=0, terms=terms)

    def incident(self, requests: Sequence[Request], *, count: int, minutes: float) -> list[Opened]:
        """Clients of different companies with one problem, in office hours after the time of learning."""
        while True:
            day = self.chance.randrange(7 * LEARNING, int(7 * self.weeks_simulated) - 1)
            if day % 7 < 5:
                break
        at = START + timedelta(days=day, hours=self.chance.uniform(8, 16))
        companies = self.chance.sample(range(COMPANIES), count)
        drawn = self.chance.sample(list(requests), count)
        made = []
        for company, request in zip(companies, drawn, strict=True):
            made.append(self.ticket(at, request, client=f"company-{company}.example"))
            at += timedelta(minutes=self.chance.expovariate(1 / minutes))
        return made


def follow(
    tickets: Sequence[Opened], *, until: datetime | None = None, learning: int = LEARNING
) -> Iterator[tuple[Burst, Opened, History]]:
    """Let the tickets come one after the other; each proposal, the ticket at which it is made, and the memory."""
    history, taken = History(zone=UTC), set[int]()
    for ticket in tickets:
        if until is not None and ticket.at > until:
            return
        history.see(ticket)
        if ticket.at < START + learning * WEEK:
            continue
        for burst in find_bursts([ticket], history, ALARM, taken=taken):
            taken |= {each.number for each in burst.tickets}
            yield burst, ticket, history
        # What follows a proposal is more of it.
        like = history.like(history.vector(ticket.number), since=ticket.at - 8 * HOUR)
        if taken.intersection(each.number for each in like):
            taken.add(ticket.number)


def fixed_rule(tickets: Sequence[Opened], *, learning: int) -> int:
    """What a simpler rule alarms: four clients of one category within half an hour, and not again for eight hours."""
    alarms, silent = 0, dict[str | None, datetime]()
    for place, ticket in enumerate(tickets):
        if ticket.at < START + learning * WEEK or ticket.at < silent.get(ticket.category, START):
            continue
        lately = (each for each in tickets[max(0, place - 200) : place + 1] if each.at > ticket.at - HOUR / 2)
        if len({each.client for each in lately if each.category == ticket.category}) >= ALARM.least_clients:
            alarms += 1
            silent[ticket.category] = ticket.at + 8 * HOUR
    return alarms


def numbered(tickets: Sequence[Opened]) -> list[Opened]:
    """In the order in which they come, each with its number."""
    fields = Opened.__slots__
    ordered = sorted(tickets, key=lambda each: each.at)
    return [
        Opened(**{**{name: getattr(each, name) for name in fields}, "number": number})
        for number, each in enumerate(ordered, start=1)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """What became of one injected incident."""

    mails: int | None
    """After how many of its mails it was proposed; None: never."""

    minutes: float = 0.0
    purity: float = 0.0
    """The share of the proposal's tickets that are its own."""

    joined: int = 0
    late: int = 0
    """Of its later mails so many came, and so many of them would have joined."""

    strangers: int = 0
    others: int = 0
    """Of ordinary tickets of the next two days likewise."""


def notice(desk: Desk, requests: Sequence[Request], *, count: int, minutes: float) -> Noticed:
    """Inject one incident."""
    own = desk.incident(requests, count=count, minutes=minutes)
    since = own[0].at - 8 * 7 * 24 * HOUR
    around = [each for each in desk.tickets if since < each.at < own[-1].at + 48 * HOUR]
    tickets = numbered([*around, *own])
    times = {each.at for each in own}
    for burst, ticket, history in follow(tickets, until=own[-1].at):
        numbers = {each.number for each in burst.tickets}
        inside = [each for each in tickets if each.at in times and each.number in numbers]
        if 2 * len(inside) < len(burst.tickets):
            continue
        later = [each for each in tickets if each.at > ticket.at]
        shared, rarity = common_terms([each.number for each in burst.tickets], history)
        joins = {each.number: likeness(weigh(each.terms, rarity), shared) >= JOINING for each in later}
        mine = [joins[each.number] for each in later if each.at in times]
        foreign = [joins[each.number] for each in later if each.at not in times]
        return Noticed(
            mails=sum(each.at <= ticket.at for each in own),
            minutes=(ticket.at - own[0].at).total_seconds() / 60,
            purity=len(inside) / len(burst.tickets),
            joined=sum(mine),
            late=len(mine),
            strangers=sum(foreign),
            others=len(foreign),
        )
    return Noticed(mails=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """How long a quiet desk is simulated, and how often."""

    weeks: int
    learning: int
    """Weeks in which it only remembers."""

    seeds: Sequence[int]


def quiet(name: str, background: Sequence[Request], length: Length, *, weekly: float) -> None:
    """Print false alarms a week."""
    alarms, fixed, watched, seen = 0, 0, 0.0, 0
    for seed in length.seeds:
        desk = Desk(background, random.Random(seed), weekly=weekly, weeks=length.weeks)
        tickets = numbered(desk.tickets)
        alarms += sum(1 for _ in follow(tickets, learning=length.learning))
        fixed += fixed_rule(tickets, learning=length.learning)
        watched += desk.weeks_simulated - length.learning
        seen += len(desk.tickets)
    print(
        f"| quiet, {name}, {weekly:.0f} a week | {watched:.0f} | {seen:,} | {alarms} | {alarms / watched:.2f} | "
        f"{fixed / watched:.2f} |"
    )


def injected(
    name: str, desks: Sequence[Desk], problems: Sequence[Sequence[Request]], *, count: int, minutes: float
) -> None:
    """Print how soon incidents are noticed, and who joins."""
    found = [
        notice(desk, requests, count=count, minutes=minutes)
        for desk in desks
        for requests in problems
        if len(requests) >= count
    ]
    hits = [each for each in found if each.mails is not None]
    mails = statistics.median(each.mails or 0 for each in hits) if hits else 0
    wait = statistics.median(each.minutes for each in hits) if hits else 0
    late, others = sum(each.late for each in hits), sum(each.others for each in hits)
    print(
        f"| {name}, {count} mails, one in {minutes:.0f} min | {len(hits)} of {len(found)} | {mails:.0f} mails | {wait:.0f} min | "
        f"{statistics.mean(each.purity for each in hits) if hits else 0:.2f} | "
        f"{sum(each.joined for each in hits)} of {late} | {sum(each.strangers for each in hits)} of {others} |"
    )


def by_topic(requests: Sequence[Request]) -> dict[str, list[Request]]:
    """Topic to its requests."""
    found: dict[str, list[Request]] = defaultdict(list)
    for each in requests:
        found[each.topic].append(each)
    return found


def main() -> int:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder of the collections")
    parser.add_argument("--seeds", type=int, default=3, help="simulated desks of each kind")
    parser.add_argument("--first", type=int, default=10, help="seed of the first one; 0 was used to choose thresholds")
    parser.add_argument("--weeks", type=int, default=34, help="simulated weeks, 8 of them learning")
    arguments = parser.parse_args()
    if arguments.data is None or not (arguments.data / "banking77").is_dir():
        print(f"{arguments.data or '--data FOLDER'}: no data here")
        return 0
    tickets = read(arguments.data, "endava_tickets", text="text", topic="category")
    bank = read(arguments.data, "banking77", text="text", topic="intent")
    chat = read(arguments.data, "multidogo", text="text", topic="intent")
    chance = random.Random(77 + arguments.first)
    chance.shuffle(bank)
    asked, kept = bank[: len(bank) // 2], bank[len(bank) // 2 :]
    seeds = range(arguments.first, arguments.first + arguments.seeds)
    print(f"alike {ALIKE}, joining {JOINING}, memory {MEMORY}, {ALARM}\n")
    known = Length(weeks=arguments.weeks, learning=LEARNING, seeds=seeds)
    fresh = Length(
        weeks=2, learning=0, seeds=range(1_000 + arguments.first, 1_000 + arguments.first + 4 * arguments.seeds)
    )
    for which, length in (("after 8 weeks", known), ("first two weeks", fresh)):
        for weekly in (50, 200, 600):
            quiet(f"Endava, {which}", tickets, length, weekly=weekly)
        quiet(f"Banking77, {which}", asked, length, weekly=140)
    topics = [requests for _, requests in sorted(by_topic(kept).items())]
    server = [by_topic(chat)["checkserverstatus"]]
    banks = [Desk(asked, random.Random(100 + seed), weekly=140, weeks=arguments.weeks) for seed in seeds]
    helps = [Desk(tickets, random.Random(200 + seed), weekly=200, weeks=arguments.weeks) for seed in seeds]
    print()
    for count, minutes in ((8, 5), (20, 5), (20, 20)):
        injected("Banking77", banks, topics[::4], count=count, minutes=minutes)
        injected("Endava, server down (MultiDoGO)", helps, server * 6, count=count, minutes=minutes)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
