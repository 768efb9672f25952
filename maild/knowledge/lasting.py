"""How long such tickets last: an interval that holds although some are not over yet. Pure.

What is not solved has no time to resolution yet. Leaving it out flatters (who is quick is over), and counting it as it stands
flatters too. But it is known of each ticket, solved or not, how long it could be watched: since it was opened. So the times are
censored by a time that is always known (Candès, Lei and Ren, Conformalized survival analysis, J. R. Stat. Soc. B 85, 2023,
24-45), and what they do is done here: only what could be watched for HORIZON counts, whatever became of it, and each by the
shorter one of its time and HORIZON. Of that nothing is unknown. Their weights, the inverse of the probability that one like it
could be watched so long, are equal: when a ticket was opened tells nothing of how long it will take.

Split conformal prediction (Papadopoulos et al. 2002; Lei et al. 2018) of the shorter time then holds in finite samples where
the future is like the past, and where its upper end is below HORIZON it is one of the time itself. It is experience, and never a promise.
"""

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, floor

HORIZON = timedelta(weeks=4)
"""Of a ticket that was opened less long ago nobody knows yet whether it takes longer. Fixed, so that no time chooses it."""

SURE = 0.8
LEAST = 40
"""Tickets below which nothing is said."""

MOST = 200
"""The newest ones that count: older ones say less about today."""

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """One ticket's time."""

    opened_at: datetime
    solved_at: datetime | None
    """None: it is not over."""

    @property
    def hours(self) -> float:
        """Its length, or HORIZON where it is longer or not over."""
        end = self.solved_at or self.opened_at + HORIZON
        return min(end - self.opened_at, HORIZON) / _HOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Within which hours at least SURE of such tickets are solved, neither sooner nor later."""

    low: float
    high: float
    n: int
    """Tickets that it is from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """How often earlier intervals have held for the tickets that came after them."""

    hits: int
    n: int


def find_interval(spells: Sequence[Spell], now: datetime) -> Interval | None:
    """The interval for one more such ticket; None: too few could be watched, or too many take longer than anybody watched.

    `spells`: by the time at which they were opened.
    """
    watched = [each.hours for each in spells if each.opened_at <= now - HORIZON]
    return _interval(sorted(watched[-MOST:]))


def walk(spells: Sequence[Spell], now: datetime) -> Held:
    """Measure: for each ticket that could be watched the interval that would have been told when it was opened."""
    hits = n = 0
    waiting, counted, times = deque(spells), deque[float](), list[float]()
    for spell in spells:
        if spell.opened_at > now - HORIZON:
            break
        while waiting[0].opened_at <= spell.opened_at - HORIZON:
            counted.append(waiting.popleft().hours)
            insort(times, counted[-1])
            if len(counted) > MOST:
                del times[bisect_left(times, counted.popleft())]
        told = _interval(times)
        if told is not None:
            n += 1
            hits += told.low <= spell.hours <= told.high
    return Held(hits=hits, n=n)


def _interval(times: Sequence[float]) -> Interval | None:
    """Between order statistics, each of which leaves out half of what may be missed; `times` from the shortest up."""
    n = len(times)
    missed = (n + 1) * (1 - SURE) / 2
    # Rounded, because 0.1 is no binary number: a tenth of 100 is not 9.99.
    low, high = floor(round(missed, 6)), ceil(round(n + 1 - missed, 6))
    if n < LEAST or times[high - 1] >= HORIZON / _HOUR:
        return None
    return Interval(low=times[low - 1], high=times[high - 1], n=n)
