"""Chance: how probable it is that so many mails like one another came by accident. Pure.

Mails of one kind come by a Poisson process whose rate nobody knows. With a gamma prior on the rate, what comes next is
negative binomial (Gelman et al., Bayesian Data Analysis, 3rd ed. 2013, sections 2.6 and 2.7); shrinking rare counts towards
what is expected of their kind by a gamma prior is DuMouchel's (The American Statistician 53, 1999).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

HOUR, WEEK = timedelta(hours=1), timedelta(weeks=1)
HOURS = 168
"""Of a week."""

FEW_WEEKLY = 10.0
"""Tickets a week that are reckoned with while a desk has no history."""

ALIKE_SHARE = 0.02
"""The share of a category's tickets that is expected to be like any one of them, before anything is known."""

OWN_RHYTHM = 10
"""So many past mails of one kind say as much about when they come as all tickets do."""

UNEVENNESS = 0.5
"""Shape of the gamma distribution of such shares: many things are asked almost never, and a few all the time."""


def hour_of_week(at: datetime, zone: tzinfo) -> int:
    """From Monday 0."""
    local = at.astimezone(zone)
    return local.weekday() * 24 + local.hour


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    """When the tickets of a desk come: how much of a week lies in each of its hours."""

    zone: tzinfo
    counts: Counter[int] = field(default_factory=Counter)
    """Hour of the week, from Monday 0, to tickets."""

    def see(self, at: datetime) -> None:
        """Count a ticket."""
        self.counts[hour_of_week(at, self.zone)] += 1

    def share(self, since: datetime, until: datetime) -> float:
        """The share of a week's tickets that is expected in this time.

        An hour's count is shrunk towards what its time of day and its day make expect, with one ticket's weight, and
        those towards an even week likewise.
        """
        total, at = 0.0, since
        while at < until:
            end = min(until, at.replace(minute=0, second=0, microsecond=0) + HOUR)
            total += self._of_hour(hour_of_week(at, self.zone)) * ((end - at) / HOUR)
            at = end
        return total

    def _of_hour(self, hour: int) -> float:
        seen = self.counts.total()
        of_day = sum(self.counts[day * 24 + hour % 24] for day in range(7))
        of_hours = sum(self.counts[hour // 24 * 24 + each] for each in range(24))
        expected = ((of_day + 1) / (seen + 24)) * ((of_hours + 1) / (seen + 7))
        return (self.counts[hour] + HOURS * expected) / (seen + HOURS)


def share_of_alike(past: Sequence[datetime], share: float, *, since: datetime, until: datetime) -> float:
    """The share of a week's mails of one kind that is expected in this time.

    Some things are asked on Monday mornings alone. How many of the past ones came at this time of the week, an hour more or
    less, is shrunk towards the share of all tickets with the weight of a few of them.
    """
    length = until - since + 2 * HOUR
    there = sum((until + HOUR - at) % WEEK <= length for at in past)
    return (there + OWN_RHYTHM * share) / (len(past) + OWN_RHYTHM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What is expected of mails like one another, from a desk's history."""

    alike: int
    """Of them there were so many."""

    weekly: float
    """Of their category so many come in a week."""

    weeks: float
    """Length of the history in which there were so many alike."""

    @property
    def shape(self) -> float:
        """Of the gamma distribution of the weekly rate."""
        return UNEVENNESS + self.alike

    @property
    def exposure(self) -> float:
        """Of that distribution, in weeks; the prior's is such that its mean is the expected share of the category."""
        return UNEVENNESS / (ALIKE_SHARE * self.weekly) + self.weeks

    def mean(self, share: float) -> float:
        """Mails that are expected in a time that usually holds this share of a week."""
        return self.shape / self.exposure * share

    def tail(self, count: int, share: float) -> float:
        """The probability of `count` such mails or more in that time."""
        return negative_binomial_tail(count, shape=self.shape, odds=share / self.exposure)


def negative_binomial_tail(count: int, *, shape: float, odds: float) -> float:
    """P(K >= count) where K is Poisson with a rate from a gamma distribution of this shape and mean `shape * odds`.

    P(K = 0) = (1 + odds)^-shape and P(K = k + 1) / P(K = k) = (shape + k) / (k + 1) * odds / (1 + odds). The tail is summed
    from its first term upwards, so that a tiny one is not lost in 1 - (nearly 1).
    """
    if count <= 0:
        return 1.0
    ratio, term = odds / (1 + odds), (1 + odds) ** -shape
    for k in range(count):
        term *= (shape + k) / (k + 1) * ratio
    total, k = 0.0, count
    while term > total * 1e-12 and k < count + 10_000:
        total += term
        term *= (shape + k) / (k + 1) * ratio
        k += 1
    return min(1.0, total)


def weekly(count: int, weeks: float) -> float:
    """Tickets a week; a desk without a history is reckoned with as a small one."""
    return max(FEW_WEEKLY, count / weeks if weeks > 1 else float(count))
