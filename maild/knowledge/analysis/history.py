"""The history that is analysed: what the store reads for the report. Values only."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from maild.knowledge.analysis.course import Course


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From `since` (included) to `until` (left out), told in weeks of the desk's zone."""

    since: datetime
    until: datetime
    zone: ZoneInfo

    def has(self, at: datetime | None) -> bool:
        """Whether it lies inside."""
        return at is not None and self.since <= at < self.until

    def week(self, at: datetime) -> int:
        """Which week of the period, from 0."""
        return max(0, bisect_right(self.starts, at) - 1)

    def __len__(self) -> int:
        """How many weeks, a begun one included."""
        return len(self.starts)

    @property
    def starts(self) -> tuple[datetime, ...]:
        """When each begins: whole weeks are counted back from the end, the first may be a part of one."""
        return _starts(self.since, self.until, self.zone)

    @property
    def weeks(self) -> tuple[str, ...]:
        """The first day of each."""
        return tuple(f"{start.astimezone(self.zone):%d %b}" for start in self.starts)

    def last(self, back: int = 0) -> "Period":
        """Give its last week as a period of its own, or the one so many weeks before that."""
        ends = (*self.starts, self.until)
        return Period(since=ends[-2 - back], until=ends[-1 - back], zone=self.zone)


@lru_cache
def _starts(since: datetime, until: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """By the clock on the desk's wall: a week in which the clocks change has an hour more or less."""
    local, starts = until.astimezone(zone), [until]
    while starts[-1] > since:
        starts.append((local - timedelta(days=7 * len(starts))).astimezone(UTC))
    return tuple(reversed(starts[1:])) or (since,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One promise of time: a service level, or an update that was owed."""

    ticket: int
    clock: str
    due_at: datetime
    is_kept: bool
    priority: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A person's label on a mail that the model had judged."""

    ticket: int | None
    question: str
    source: str
    verdict: str | None
    value: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """What a ticket is about, in the client's words."""

    number: int
    subject: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseStudy:
    """An article, and the tickets behind it."""

    name: str
    title: str
    tickets: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskFacts:
    """What the desk's configuration says."""

    categories: frozenset[str] = frozenset()
    """Technical ones."""

    guides: frozenset[str] = frozenset()
    """Categories that have a guide."""

    skills: Sequence[tuple[str, tuple[str, ...]]] = ()
    """TSM to their skills."""

    names: Mapping[str, str] = field(default_factory=dict)
    """Address in lower case to the name of whoever of the desk writes from it."""

    longer: Mapping[tuple[str, int], str] = field(default_factory=dict)
    """Clock and priority to twice the time that is promised now, as the files write it."""

    working_hours: float = 0.0
    """Of the desk's calendar, inside the period."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """All that is asked for one report."""

    period: Period
    courses: Sequence[Course]
    """Every ticket that was opened before the end, oldest first."""

    happened: Mapping[str, Sequence[tuple[int, datetime]]]
    """Event to ticket and time, inside the period, oldest first."""

    by_person: Mapping[str, Sequence[tuple[int, datetime]]]
    """TSM to the answers they wrote inside the period."""

    promises: Sequence[Kept]
    labels: Sequence[Said]
    verdicts: Mapping[str, Mapping[str, tuple[int, int]]]
    """Question to week (as `Period.weeks`) to mails judged, and how many of them the model decided."""

    issues: Sequence[Issue]
    incidents: Sequence[tuple[str, str, tuple[int, ...]]] = ()
    """Title, standing, tickets."""

    articles: Sequence[CaseStudy] = ()

    suggestions: Mapping[str, int] = field(default_factory=dict)
    """What became of suggested articles: outcome to how often."""

    desk: DeskFacts = field(default_factory=DeskFacts)
