"""Survival: how long something takes, when for some it is not over yet. Pure.

Kaplan and Meier (1958): tickets that are still running count as long as they have run, and are neither left out (which
would flatter) nor counted as ended.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import NormalDist

from maild.classify.evaluation.interval import CONFIDENCE

_Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)


@dataclass(frozen=True, slots=True)
class Lasted:
    """One span."""

    hours: float
    is_over: bool
    """False: it has lasted so long and goes on (censored)."""

    ticket: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """From these hours on, this share is not over; between low and high with 95 % confidence."""

    hours: float
    share: float
    summed: float
    """Of Greenwood's variance (1926), so far."""

    @property
    def low(self) -> float:
        """Of the interval."""
        return self._interval(1)

    @property
    def high(self) -> float:
        """Likewise."""
        return self._interval(-1)

    def _interval(self, sign: int) -> float:
        """On the log(-log) scale (Kalbfleisch and Prentice 1980)."""
        if not 0 < self.share < 1:
            return self.share
        return float(self.share ** exp(sign * _Z * sqrt(self.summed) / abs(log(self.share))))


def survival(spans: Sequence[Lasted]) -> list[Step]:
    """Give the curve."""
    steps: list[Step] = []
    at_risk, share, summed = len(spans), 1.0, 0.0
    ordered = sorted(spans, key=lambda span: span.hours)
    place = 0
    while place < len(ordered):
        hours, over, together = ordered[place].hours, 0, 0
        while place < len(ordered) and ordered[place].hours == hours:
            over, together, place = over + ordered[place].is_over, together + 1, place + 1
        if over:
            share *= 1 - over / at_risk
            summed += over / (at_risk * (at_risk - over)) if at_risk > over else 0.0
            steps.append(Step(hours=hours, share=share, summed=summed))
        at_risk -= together
    return steps


def quantile(steps: Sequence[Step], part: float) -> float | None:
    """Hours after which `part` of them are over; None where so many never were."""
    return next((step.hours for step in steps if step.share <= 1 - part), None)


def quantile_interval(steps: Sequence[Step], part: float) -> tuple[float | None, float | None]:
    """Where the curve's own interval crosses (Brookmeyer and Crowley 1982)."""
    low = next((step.hours for step in steps if step.low <= 1 - part), None)
    high = next((step.hours for step in steps if step.high <= 1 - part), None)
    return low, high
