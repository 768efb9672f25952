"""What was aimed at, and what the numbers say: one verdict for each aim."""

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from benchmarks.watching import Measured

SMALL, LARGE = 1_000, 5_000
STANDING = 100_000
DATABASES = ("sqlite", "postgresql")

Runs = Mapping[int, Sequence[Measured]]
"""Tickets that stood before, to the runs on top of them."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """One aim beside the worst that was measured."""

    aim: str
    limit: float
    measured: float
    where: str
    is_least: bool = False
    """More is better."""

    @property
    def is_met(self) -> bool:
        """Whether the worst case reaches it."""
        return self.measured >= self.limit if self.is_least else self.measured <= self.limit


def judge(runs: Runs) -> Iterator[Verdict]:
    """All aims of the line, each by the median of its runs and by its worst case."""
    places = list(product((SMALL, LARGE), DATABASES))
    rate = {place: _median(runs[0], "maild", *place, "rate") for place in places}
    stock = {place: _median(runs[0], "stock", *place, "rate") for place in places}
    cost = {place: _median(runs[0], "maild", *place, "cpu_ms") for place in places}
    standing = {base: _median(runs[STANDING], "maild", SMALL, base, "cpu_ms") for base in DATABASES}
    yield _least("mails/s", 110, rate)
    yield _most("CPU ms a mail, servers included", 12, cost)
    yield _most(
        "cost at 5,000 to cost at 1,000", 1.1, {base: cost[LARGE, base] / cost[SMALL, base] for base in DATABASES}
    )
    grown = {base: standing[base] / cost[SMALL, base] for base in DATABASES}
    yield _most("cost with 100,000 tickets to cost with none", 1.15, grown)
    yield _least("rate to that of the stock pipeline", 0.6, {place: rate[place] / stock[place] for place in places})
    peaks = {(run.mails, run.name): run.pss_mib for of in runs.values() for run in of if run.name.startswith("maild")}
    yield _most("peak PSS, MiB", 350, peaks)


def _median(runs: Sequence[Measured], what: str, mails: int, database: str, number: str) -> float:
    name = f"{what}, {database}"
    return statistics.median(float(getattr(run, number)) for run in runs if (run.name, run.mails) == (name, mails))


def _least(aim: str, limit: float, by_place: Mapping[Any, float]) -> Verdict:
    where = min(by_place, key=by_place.__getitem__)
    return Verdict(aim=aim, limit=limit, measured=by_place[where], where=_shown(where), is_least=True)


def _most(aim: str, limit: float, by_place: Mapping[Any, float]) -> Verdict:
    where = max(by_place, key=by_place.__getitem__)
    return Verdict(aim=aim, limit=limit, measured=by_place[where], where=_shown(where))


def _shown(where: object) -> str:
    return ", ".join(map(str, where)) if isinstance(where, tuple) else str(where)
