"""Working time: which hours count, and when a stretch of them ends."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from maild.process.public_holidays import public_holidays

REMEMBERED = 128
"""Answers: the tickets that one transaction opens are owed the same from the same moment on."""

_HORIZON = 3660
"""Days to look ahead before a calendar is called closed for good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A duration as an admin writes it: time of the clock (`4h`), days (`2 days`), or business days (`3 business days`)."""

    clock: timedelta = timedelta()
    """It runs only while the desk is open."""

    days: int = 0
    """Days of the calendar, free ones included."""

    business_days: int = 0
    """Days on which the desk works."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """When the desk works."""

    zone: ZoneInfo
    hours: Mapping[int, tuple[time, time]] = field(hash=False)
    """Weekday (Monday is 0) to opening and closing time; a day that is missing is free."""

    holidays: frozenset[date] = field(default_factory=frozenset)
    country: str = ""
    """Code of the country whose public holidays are free (ISO 3166-1 alpha-2); empty: only `holidays` are."""

    subdivision: str = ""
    """Code of its part (ISO 3166-2, without the country)."""

    def opening(self, day: date) -> tuple[datetime, datetime] | None:
        """Opening and closing of a day, with the zone; None on a free day."""
        if day.weekday() not in self.hours or self.is_holiday(day):
            return None
        start, end = self.hours[day.weekday()]
        # 24:00 is where the next day begins: a desk that never closes loses no moment at midnight.
        closing = datetime.combine(day + timedelta(days=1), time()) if end == time.max else datetime.combine(day, end)
        return datetime.combine(day, start, self.zone), closing.replace(tzinfo=self.zone)

    def shown(self, at: datetime) -> str:
        """A moment as the desk's people read it, on their own clocks."""
        return f"{at.astimezone(self.zone):%Y-%m-%d %H:%M} ({self.zone.key})"

    def is_holiday(self, day: date) -> bool:
        """Whether it is one of the desk's own holidays, or a public one."""
        if day in self.holidays:
            return True
        return bool(self.country) and day in public_holidays(self.country, self.subdivision, day.year)


def working_time_after(start: datetime, span: Span, calendar: Calendar) -> datetime:
    """The point in time (UTC) at which `span` of working time has passed since `start`.

    Clock time runs only while the desk is open. Days end at the same hour that many days later, or at the next opening
    where the desk is closed then. Business days end at the same hour, held between opening and closing, that many open
    days later. Raises ValueError for a calendar that is never open.
    """
    return _after(start.astimezone(UTC), span, calendar)


def working_time_between(start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    """How much working time lies between two points in time; none where `end` is not after `start`."""
    return _between(start.astimezone(UTC), end.astimezone(UTC), calendar)


# What is remembered is asked for in UTC: two equal hours of a night in which the clocks change are one key in their zone.
@lru_cache(maxsize=REMEMBERED)
def _after(start: datetime, span: Span, calendar: Calendar) -> datetime:
    at = _next_open(_days_later(start, span.days, calendar), calendar)
    for _ in range(span.business_days):
        at = _same_hour_next_day(at, calendar)
    return _add_clock(at, span.clock, calendar).astimezone(UTC)


@lru_cache(maxsize=REMEMBERED)
def _between(start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    first, last = start.astimezone(calendar.zone).date(), end.astimezone(calendar.zone).date()
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    openings = (opening for day in days if (opening := calendar.opening(day)))
    return sum((_overlap(start, end, *opening) for opening in openings), timedelta())


def _overlap(start: datetime, end: datetime, opening: datetime, closing: datetime) -> timedelta:
    # In UTC: two times of one zone are subtracted as the wall shows them, also where the clocks change between them.
    begin = max(start.astimezone(UTC), opening.astimezone(UTC))
    return max(min(end.astimezone(UTC), closing.astimezone(UTC)) - begin, timedelta())


def _days_later(start: datetime, days: int, calendar: Calendar) -> datetime:
    """The same hour of another day; through UTC, as a night in which the clocks change may not have that hour."""
    local = start.astimezone(calendar.zone)
    # A sum forgets which of two equal hours it was, so nothing is added where there is nothing to add.
    return (local + timedelta(days=days)).astimezone(UTC).astimezone(calendar.zone) if days else local


def _next_open(at: datetime, calendar: Calendar) -> datetime:
    """`at` itself while the desk is open, otherwise the next opening."""
    for days in range(_HORIZON):
        opening = calendar.opening(at.date() + timedelta(days=days))
        if opening and at < opening[1]:
            return max(at, opening[0])
    raise ValueError("this calendar is never open: give [calendar] hours for at least one weekday")


def _same_hour_next_day(at: datetime, calendar: Calendar) -> datetime:
    midnight = datetime.combine(at.date() + timedelta(days=1), time(), calendar.zone)
    opening, closing = calendar.opening(_next_open(midnight, calendar).date()) or (midnight, midnight)
    wished = datetime.combine(opening.date(), at.timetz())
    return min(max(wished, opening), closing)


def _add_clock(at: datetime, rest: timedelta, calendar: Calendar) -> datetime:
    while rest > timedelta():
        at = _next_open(at, calendar)
        _, closing = calendar.opening(at.date()) or (at, at)
        # Differences are taken in UTC: local clocks jump twice a year.
        available = closing.astimezone(UTC) - at.astimezone(UTC)
        if rest <= available:
            return (at.astimezone(UTC) + rest).astimezone(calendar.zone)
        rest -= available
        at = closing
    return at


def clock_time(hour: str, minute: str) -> time:
    """The time of day; the last microsecond stands for 24:00, which `time` does not know. Raises ValueError for none."""
    return time.max if (hour, minute) == ("24", "00") else time(int(hour), int(minute))
