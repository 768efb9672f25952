"""Duty: when a person of the desk works, and when they are away."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from maild.process.calendar import Calendar, clock_time
from maild.process.people.team import Person

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_STRETCH = re.compile(
    r"(mon|tue|wed|thu|fri|sat|sun)[a-z]*(?:\s*-\s*(mon|tue|wed|thu|fri|sat|sun)[a-z]*)?\s+"
    r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})",
    re.IGNORECASE,
)
_HORIZON = 400
"""Days that are looked ahead for somebody's next duty."""

EXAMPLE = "Mon-Thu 09:00-17:00, Fri 09:00-14:00"


@lru_cache(maxsize=1_000)
def read_hours(text: str) -> Mapping[int, tuple[time, time]]:
    """Weekday (Monday is 0) to begin and end. Raises ValueError for what is no such text."""
    hours: dict[int, tuple[time, time]] = {}
    for stretch in re.split(r"[,;]", text):
        match = _STRETCH.fullmatch(stretch.strip())
        if match is None:
            raise ValueError(f"working hours such as {EXAMPLE}")
        begin, end = clock_time(match[3], match[4]), clock_time(match[5], match[6])
        if begin >= end:
            raise ValueError("working hours that end later than they begin, on the same day")
        first, last = _DAYS.index(match[1].lower()), _DAYS.index((match[2] or match[1]).lower())
        hours.update(dict.fromkeys(((first + day) % 7 for day in range((last - first) % 7 + 1)), (begin, end)))
    return hours


def calendar_of(person: Person, desk: Calendar) -> Calendar:
    """The person's own hours on the desk's working days; the desk's where they have none."""
    return replace(desk, hours=read_hours(person.hours)) if person.hours else desk


def is_away(person: Person, day: date) -> bool:
    """Whether the person has a day off."""
    stretches = (stretch.partition("..") for stretch in person.away)
    return any(date.fromisoformat(first) <= day <= date.fromisoformat(last or first) for first, _, last in stretches)


def is_on_duty(person: Person, at: datetime, desk: Calendar) -> bool:
    """Whether the person works at this moment."""
    return next_duty(person, at, desk) == at.astimezone(desk.zone)


def next_duty(person: Person, at: datetime, desk: Calendar) -> datetime | None:
    """`at` itself while the person works, otherwise the beginning of their next duty; None: not within 400 days."""
    calendar, local = calendar_of(person, desk), at.astimezone(desk.zone)
    for days in range(_HORIZON):
        day = local.date() + timedelta(days=days)
        opening = None if is_away(person, day) else calendar.opening(day)
        if opening and local < opening[1]:
            return max(local, opening[0])
    return None
