"""The weekly summary: when it falls due, and of which days it tells. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAYS = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekly:
    """Whether and when the leads get it."""

    send: bool = True
    day: int = 0
    """Weekday; Monday is 0."""

    hour: int = 8
    """Of the desk's time zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Seven days of the desk's zone, from midnight to midnight, wherever its clocks change between them."""

    name: str
    """ISO 8601 week in which it is told, such as `2026-W10`: one summary is written for each name."""

    days: str
    """ISO 8601 week that most of its days belong to: for programs, which have the days of a week under that name."""

    since: datetime
    until: datetime
    """Left out."""


def newest_week(now: datetime, weekly: Weekly, zone: ZoneInfo) -> Week:
    """Give the week whose summary fell due last. What fell due before it, while maild stood still, is passed over."""
    today = now.astimezone(zone).date()
    day = today - timedelta(days=(today.weekday() - weekly.day) % 7)
    if _moment(day, time(weekly.hour), zone) > now:
        day -= DAYS
    return week_before(day, zone)


def week_before(day: date, zone: ZoneInfo) -> Week:
    """Give the seven days that ended when this day began."""
    midnight = time()
    return Week(
        name=f"{day:%G-W%V}",
        days=f"{day - DAYS + DAYS // 2:%G-W%V}",
        since=_moment(day - DAYS, midnight, zone),
        until=_moment(day, midnight, zone),
    )


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """In UTC. Of an hour that comes twice the first one; one that is left out is an hour later."""
    return datetime.combine(day, at.replace(fold=0), zone).astimezone(UTC)
