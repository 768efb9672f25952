"""Working time: which hours count, and when a stretch of them ends."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A duration as an admin writes it: clock time (`4h`), or business days (`3 business days`)."""

    clock: timedelta = timedelta()
    business_days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """When the desk works."""

    zone: ZoneInfo
    hours: Mapping[int, tuple[time, time]]
    """Weekday (Monday is 0) to opening and closing time; a day that is missing is free."""

    holidays: frozenset[date] = field(default_factory=frozenset)
