"""Whether the interval for the time to resolution holds.

Desks are simulated whose tickets take lognormal times (median one or four days; in the last desk longer with each week) and
3 % of which are never solved. At moments of chance everything that is known then is given to each rule, and the tickets of
the next two weeks say whether it was right: their whole times are known to the simulation. The rules:

- *ours*: `maild.knowledge.lasting`.
- *solved ones*: split conformal on what is solved, the rest left out.
- *as they stand*: the open ones count as long as they have lasted.

Aim: it holds for 80 %.
Takes half a minute. Run: python -m benchmarks.lasting
"""

import argparse
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil, exp, floor

from maild.knowledge.lasting import HORIZON, LEAST, MOST, SURE, Spell, find_interval, walk

BEGIN = datetime(2026, 1, 5, tzinfo=UTC)
WEEK, HOUR = timedelta(weeks=1), timedelta(hours=1)
NEVER = 0.03
SPREAD = 1.4
DESKS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A kind of desk."""

    name: str
    weekly: float
    growth: float = 1.0
    """By which tickets a week grow each week."""

    slowing: float = 1.0
    """By which times grow each week."""

    weeks: int = 40
    days: float = 1.0
    """Median at the beginning."""


SCENARIOS = (
    Scenario(name="steady, 20 a week", weekly=20),
    Scenario(name="young: 10 weeks old, 20 a week", weekly=20, weeks=10),
    Scenario(name="slow: median 4 days", weekly=20, days=4),
    Scenario(name="slow and young: 10 weeks old", weekly=20, days=4, weeks=10),
    Scenario(name="growing by 5 % a week", weekly=8, growth=1.05),
    Scenario(name="few: 4 a week", weekly=4),
    Scenario(name="slower by 3 % each week", weekly=20, slowing=1.03),
)

Rule = Callable[[Sequence[Spell], datetime], tuple[float, float] | None]


def ours(spells: Sequence[Spell], now: datetime) -> tuple[float, float] | None:
    """The rule of maild."""
    found = find_interval(spells, now)
    return (found.low, found.high) if found else None


def of_solved(spells: Sequence[Spell], now: datetime) -> tuple[float, float] | None:
    """The rest left out."""
    return _between([(s.solved_at - s.opened_at) / HOUR for s in spells if s.solved_at and s.solved_at <= now][-MOST:])


def as_they_stand(spells: Sequence[Spell], now: datetime) -> tuple[float, float] | None:
    """The open ones count as they are."""
    return _between([(min(s.solved_at or now, now) - s.opened_at) / HOUR for s in spells][-MOST:])


def _between(times: Sequence[float]) -> tuple[float, float] | None:
    n = len(times)
    if n < LEAST:
        return None
    ordered = sorted(times)
    return ordered[floor((n + 1) * (1 - SURE) / 2) - 1], ordered[ceil((n + 1) * (1 + SURE) / 2) - 1]


RULES: dict[str, Rule] = {"ours": ours, "solved ones": of_solved, "as they stand": as_they_stand}


def desk(chance: random.Random, scenario: Scenario) -> list[Spell]:
    """All tickets of a desk, with what nobody knows at the time."""
    spells, at = [], BEGIN
    while (week := (at - BEGIN) / WEEK) < scenario.weeks + 2:
        at += chance.expovariate(scenario.weekly * scenario.growth**week) * WEEK
        hours = exp(chance.gauss(0, SPREAD)) * 24 * scenario.days * scenario.slowing**week
        is_over = chance.random() >= NEVER
        spells.append(Spell(opened_at=at, solved_at=at + timedelta(hours=hours) if is_over else None))
    return spells


def known(spells: Sequence[Spell], now: datetime) -> list[Spell]:
    """What can be known then."""
    opened = (each for each in spells if each.opened_at <= now)
    return [
        each if each.solved_at and each.solved_at <= now else Spell(opened_at=each.opened_at, solved_at=None)
        for each in opened
    ]


def measure(scenario: Scenario, seed: int) -> None:
    """Say how often each rule held."""
    chance = random.Random(seed)
    hits, n, silent, told_hits, told_n = dict.fromkeys(RULES, 0), dict.fromkeys(RULES, 0), dict.fromkeys(RULES, 0), 0, 0
    for _ in range(DESKS):
        spells, now = desk(chance, scenario), BEGIN + scenario.weeks * WEEK
        then = known(spells, now)
        future = [each for each in spells if now < each.opened_at <= now + 2 * WEEK]
        for name, rule in RULES.items():
            found = rule(then, now)
            if found is None:
                silent[name] += 1
                continue
            whole = [(each.solved_at - each.opened_at) / HOUR if each.solved_at else float("inf") for each in future]
            hits[name] += sum(found[0] <= hours <= found[1] for hours in whole)
            n[name] += len(whole)
        held = walk(then, now)
        told_hits, told_n = told_hits + held.hits, told_n + held.n
    shown = " | ".join(f"{hits[k] / n[k]:.1%} (n = {n[k]:,})" if n[k] else "says nothing" for k in RULES)
    report = f"{told_hits / told_n:.1%} (n = {told_n:,})" if told_n else "nothing"
    print(f"| {scenario.name} | {shown} | {report} | {silent['ours']} of {DESKS} |")


def main() -> None:
    """Measure each kind of desk."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    print(f"A ticket counts from {HORIZON.days} days on.\n")
    print(
        "| desk | ours | solved ones | as they stand | what the report measures itself | says nothing |\n|---|--:|--:|--:|--:|--:|"
    )
    for seed, scenario in enumerate(SCENARIOS):
        measure(scenario, seed)


if __name__ == "__main__":
    main()
