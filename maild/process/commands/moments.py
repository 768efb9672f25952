"""When: what a TSM writes behind /eta, to a moment."""

import re
from datetime import UTC, datetime, time, timedelta

from maild.process.calendar import Calendar, Span, working_time_after

_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ t]+(\d{1,2})[:.h](\d{2}))?")
_LOCAL_DATE = re.compile(r"(\d{1,2})[.](\d{1,2})[.](\d{4})(?:[ ,]+(\d{1,2})[:.h](\d{2}))?")
_SPAN = re.compile(r"(?:in )?(\d{1,3}) ?(m|min|minutes?|h|hours?|d|days?|w|weeks?|business days?)")
_DAY = re.compile(
    r"(?:on )?(today|tomorrow|mon|tue|wed|thu|fri|sat|sun)[a-z]*(?:[ ,]+(?:at )?(\d{1,2})(?:[:.h](\d{2}))?)?"
)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LONGEST = timedelta(days=730)

EXAMPLES = "2026-12-01 15:00, tomorrow 15:00, Friday, 4h, 3 business days"


def read_moment(text: str, *, now: datetime, calendar: Calendar) -> datetime | str:
    """The moment in UTC; a text says what is wrong. A day without a time is its closing time."""
    wanted = " ".join(text.casefold().split())
    try:
        moment = _by_date(wanted, calendar) or _by_day(wanted, now, calendar) or _by_span(wanted, now, calendar)
    except ValueError as error:
        return f"{text} is no date: {error}"
    if moment is None:
        return f"{text or 'nothing'} is no time that maild understands; write it like {EXAMPLES}"
    if moment <= now:
        return f"{text} is over: it is {now.astimezone(calendar.zone):%Y-%m-%d %H:%M} now"
    return moment if moment - now <= _LONGEST else f"{text} is more than two years away"


def _by_date(wanted: str, calendar: Calendar) -> datetime | None:
    if match := _DATE.fullmatch(wanted):
        year, month, day = match[1], match[2], match[3]
    elif match := _LOCAL_DATE.fullmatch(wanted):
        year, month, day = match[3], match[2], match[1]
    else:
        return None
    return _at(datetime(int(year), int(month), int(day), tzinfo=calendar.zone), match[4], match[5], calendar)


def _by_day(wanted: str, now: datetime, calendar: Calendar) -> datetime | None:
    match = _DAY.fullmatch(wanted)
    if match is None:
        return None
    today = now.astimezone(calendar.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    if match[1] in _WEEKDAYS:
        days = (_WEEKDAYS.index(match[1]) - today.weekday() - 1) % 7 + 1
    else:
        days = int(match[1] == "tomorrow")
    return _at(today + timedelta(days=days), match[2], match[3], calendar)


def _by_span(wanted: str, now: datetime, calendar: Calendar) -> datetime | None:
    match = _SPAN.fullmatch(wanted)
    if match is None:
        return None
    number, unit = int(match[1]), match[2]
    if unit.startswith("business"):
        return working_time_after(now, Span(business_days=number), calendar)
    name = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}[unit[0]]
    return now + timedelta(**{name: number})


def _at(day: datetime, hour: str | None, minute: str | None, calendar: Calendar) -> datetime:
    opening = calendar.opening(day.date())
    if hour is not None:
        moment = datetime.combine(day.date(), time(int(hour), int(minute or 0)), calendar.zone)
    else:
        last = datetime.combine(day.date(), time(23, 59), calendar.zone)
        moment = min(opening[1], last) if opening else datetime.combine(day.date(), time(17), calendar.zone)
    return moment.astimezone(UTC)
