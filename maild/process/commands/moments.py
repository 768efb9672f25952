"""When: what a TSM writes behind /eta, to a moment."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from maild.classify.folding import fold
from maild.process.calendar import Calendar, Span, working_time_after

_TIME = r"(?:(?:at|um|gegen|vers|a|a las|a la)\s+)?(\d{1,2})(?:[:.h](\d{2}))?\s*(h|uhr|am|pm)?"
_DATE = re.compile(rf"(\d{{4}})-(\d{{1,2}})-(\d{{1,2}})(?:[ t,]+{_TIME})?")
_LOCAL_DATE = re.compile(rf"(\d{{1,2}})\. ?(\d{{1,2}})\.?(?:(?<=\.) ?(\d{{4}}))?(?:[ ,]+{_TIME})?")
_DAY = re.compile(rf"(?:(?:on|am|le|el) )?([a-z']+)\.?(?:[ ,]+{_TIME})?")
_SPAN = re.compile(r"(?:(?:in|dans|en) )?(\d{1,3}) ?([a-z ]+)")
_LONGEST = timedelta(days=730)

_TOMORROW = frozenset({"tomorrow", "morgen", "demain", "manana"})
_TODAY = frozenset({"today", "heute", "aujourd'hui", "hoy"})
_WEEKDAYS: Mapping[str, int] = {
    name: day
    for day, names in enumerate(
        (
            "mon monday montag mo lundi lunes",
            "tue tues tuesday dienstag di mardi martes",
            "wed wednesday mittwoch mi mercredi miercoles",
            "thu thurs thursday donnerstag do jeudi jueves",
            "fri friday freitag fr vendredi viernes",
            "sat saturday samstag sonnabend sa samedi sabado",
            "sun sunday sonntag so dimanche domingo",
        )
    )
    for name in names.split()
}
"""Folded, in the languages that ship; Monday is 0."""

_MINUTE, _HOUR, _DAY_LONG = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_UNITS: Mapping[str, timedelta] = {
    **dict.fromkeys(("m", "min", "minute", "minutes", "minuten", "minuto", "minutos"), _MINUTE),
    **dict.fromkeys(("h", "hour", "hours", "std", "stunde", "stunden", "heure", "heures", "hora", "horas"), _HOUR),
    **dict.fromkeys(("d", "day", "days", "tag", "tage", "tagen", "jour", "jours", "dia", "dias"), _DAY_LONG),
    **dict.fromkeys(("w", "week", "weeks", "woche", "wochen", "semaine", "semaines"), 7 * _DAY_LONG),
    **dict.fromkeys(("semana", "semanas"), 7 * _DAY_LONG),
}
_BUSINESS_DAYS = frozenset(
    {
        *("business day", "business days", "working day", "working days", "arbeitstag", "arbeitstage", "arbeitstagen"),
        *("werktag", "werktage", "werktagen", "jour ouvre", "jours ouvres", "jour ouvrable", "jours ouvrables"),
        *("dia habil", "dias habiles", "dia laborable", "dias laborables"),
    }
)

EXAMPLES = "2026-12-01 15:00, tomorrow 15:00, Friday, 4h, 3 business days"


def read_moment(text: str, *, now: datetime, calendar: Calendar) -> datetime | str:
    """The moment in UTC; a text says what is wrong. A day without a time is its closing time."""
    wanted = " ".join(fold(text).split())
    try:
        moment = _by_date(wanted, now, calendar) or _by_day(wanted, now, calendar) or _by_span(wanted, now, calendar)
    except (ValueError, OverflowError) as error:
        return f"{text} is no date: {error}"
    if moment is None:
        return f"{text or 'nothing'} is no time that maild understands; write it like {EXAMPLES}"
    if moment <= now:
        return f"{text} is over: it is {now.astimezone(calendar.zone):%Y-%m-%d %H:%M} now"
    return moment if moment - now <= _LONGEST else f"{text} is more than two years away"


def _by_date(wanted: str, now: datetime, calendar: Calendar) -> datetime | None:
    if match := _DATE.fullmatch(wanted):
        return _at(date(int(match[1]), int(match[2]), int(match[3])), match.groups()[3:], calendar)
    match = _LOCAL_DATE.fullmatch(wanted)
    if match is None:
        return None
    today = now.astimezone(calendar.zone).date()
    day = date(int(match[3] or today.year), int(match[2]), int(match[1]))
    if match[3] is None and day < today:
        day = day.replace(year=day.year + 1)
    return _at(day, match.groups()[3:], calendar)


def _by_day(wanted: str, now: datetime, calendar: Calendar) -> datetime | None:
    match = _DAY.fullmatch(wanted)
    if match is None:
        return None
    today, name = now.astimezone(calendar.zone).date(), match[1]
    if name in _WEEKDAYS:
        days = (_WEEKDAYS[name] - today.weekday() - 1) % 7 + 1
    elif name in _TOMORROW | _TODAY:
        days = int(name in _TOMORROW)
    else:
        return None
    return _at(today + timedelta(days=days), match.groups()[1:], calendar)


def _by_span(wanted: str, now: datetime, calendar: Calendar) -> datetime | None:
    match = _SPAN.fullmatch(wanted)
    if match is None:
        return None
    number, unit = int(match[1]), match[2].strip()
    if unit in _BUSINESS_DAYS:
        return working_time_after(now, Span(business_days=number), calendar)
    return now + number * _UNITS[unit] if unit in _UNITS else None


def _at(day: date, written: tuple[str | None, ...], calendar: Calendar) -> datetime:
    """`written`: hour, minute and what stands behind them, as far as they were written."""
    hour, minute, behind = written
    opening = calendar.opening(day)
    if hour is not None:
        moment = datetime.combine(day, _clock(int(hour), int(minute or 0), behind), calendar.zone)
    else:
        last = datetime.combine(day, time(23, 59), calendar.zone)
        moment = min(opening[1], last) if opening else datetime.combine(day, time(17), calendar.zone)
    return moment.astimezone(UTC)


def _clock(hour: int, minute: int, behind: str | None) -> time:
    if behind in {"am", "pm"}:
        if not 1 <= hour <= 12:  # noqa: PLR2004 - of the clock's face
            raise ValueError(f"there is no {hour} {behind}")
        hour = hour % 12 + 12 * (behind == "pm")
    return time(hour, minute)
