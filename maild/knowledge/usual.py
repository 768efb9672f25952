"""What is usual at a desk: its tickets, counted once for as many questions as a burst brings. Pure."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo

from maild.knowledge.chance import WEEK, Rhythm, weekly


@dataclass(frozen=True, slots=True)
class Came:
    """A ticket, as far as it tells what is usual."""

    at: datetime
    category: str | None
    hour: int
    """Of the week, from Monday 0."""


class Usual:
    """Counts up to a moment: what came until the newest one, without the few that came after that moment."""

    def __init__(self, tickets: Iterable[Came], zone: tzinfo) -> None:
        """Count them all."""
        self._came = sorted(tickets, key=lambda each: each.at)
        self._moments = [each.at for each in self._came]
        self._hours = Counter(each.hour for each in self._came)
        self._categories = Counter(each.category for each in self._came)
        self._zone = zone

    def rate(self, at: datetime) -> tuple[float, float]:
        """Tickets a week, and the weeks of history."""
        count = bisect_right(self._moments, at)
        weeks = (at - self._moments[0]) / WEEK if count else 0.0
        return weekly(count, weeks), weeks

    def of_category(self, category: str | None, at: datetime) -> int:
        """Tickets of the category."""
        return self._categories[category] - sum(each.category == category for each in self._after(at))

    def rhythm(self, at: datetime) -> Rhythm:
        """When they came."""
        return Rhythm(zone=self._zone, counts=self._hours - Counter(each.hour for each in self._after(at)))

    def _after(self, at: datetime) -> list[Came]:
        return self._came[bisect_right(self._moments, at) :]
