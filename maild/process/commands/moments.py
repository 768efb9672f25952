"""When: what a TSM writes behind /eta, to a moment."""

import re
from datetime import UTC, date, datetime, time, timedelta

from maild.classify.folding import fold
from maild.process.calendar import Calendar, Span, working_time_after
from maild.process.commands.clock_times import TIME, Unclear, read_clock, time_alone
from maild.process.commands.days import day_of, in_year
from maild.process.commands.moment_words import BUSINESS_DAYS, DAYS, MONTHS, NUMBERS, UNITS, WEEKDAYS

_WITH_TIME = rf"(?:[ ,]++{TIME})?"
_WEEKDAY = r"(?:(?P<weekday>[a-z]++)\.?,? (?:(?:den|dem|le|el|the) )?)?"
_ISO = re.compile(rf"(?P<year>\d{{4}})-(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}})(?:(?:[ ,]++|t){TIME})?")
_LOCAL = re.compile(
    rf"{_WEEKDAY}(?P<day>\d{{1,2}})\. ?(?P<month>\d{{1,2}})\.?(?:(?<=\.) ?(?P<year>\d{{4}})|(?<=\.)(?P<short>\d{{2}}))?{_WITH_TIME}"
)
_NAMED = re.compile(
    rf"{_WEEKDAY}(?P<day>\d{{1,2}})(?:\.|st|nd|rd|th|er)? (?:de |of )?(?P<name>[a-z]++)\.?(?:,? (?:de )?(?P<year>\d{{4}}))?{_WITH_TIME}"
)
_MONTH_FIRST = re.compile(
    rf"{_WEEKDAY}(?P<name>[a-z]++)\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<year>\d{{4}}))?{_WITH_TIME}"
)
_DAY = re.compile(rf"(?P<name>[a-z'-]++(?: after tomorrow|[ -]demain| manana)?)\.?{_WITH_TIME}")
_TIME_FIRST = re.compile(rf"(?P<time>{TIME})[ ,]++(?P<rest>(?:[a-z]|\d{{4}}-|\d{{1,2}}\.).*+)")
_SPAN = re.compile(r"(?:(?P<number>\d{1,3}) ?(?P<unit>[a-z ]++)|(?P<word>[a-z]++) (?P<long>[a-z ]{3,}+))\.?")
_UNTIL = re.compile(r"(?:by|until|till|bis zum|bis|d'ici au|d'ici a|d'ici|jusqu'au|jusqu'a|hasta|para) ")
_ON = re.compile(r"(?:on|am|le|el|the|den) ")
_WITHIN = re.compile(r"(?:within|in|innerhalb von|innerhalb|binnen|dans les|dans|sous|en|dentro de) ")
_LONGEST = timedelta(days=730)
_NEAR = timedelta(days=183)
"""A day of this year that is over hardly means one of the next that is farther away."""

_MONTHS = range(1, 13)
"""Where no year stands with it, another number is of minutes."""

_OF_A_MONTH = range(1, 32)
"""What stands in a month's place, and is none, may have been meant as one, or as a day; 00 and 45 are minutes alone."""

_MANY_HOURS = range(8, 24)
"""`15h` is a time to some and a while to others, and `12h` is noon in French."""

EXAMPLES = "2026-12-01 15:00, tomorrow 15:00, Friday, 15:00, 4h, 3 business days"


def read_moment(text: str, *, now: datetime, calendar: Calendar) -> datetime | str:
    """The moment in UTC; a text says what is wrong. A day without a time is its closing time, a time without a day today's."""
    words = " ".join(fold(text).split())
    wanted = _behind(_UNTIL, words.rstrip(" .,"))
    try:
        _doubt(wanted, now.astimezone(calendar.zone).date(), is_day=words.endswith("."))
        moment = _read(wanted, now, calendar)
    except Unclear as error:
        return f"{text} can mean two things: {error}"
    except ValueError as error:
        return f"{text} is no date: {error}"
    except OverflowError:
        return f"{text} is more than two years away"
    if moment is None:
        return (
            f"{text} is no time that maild understands; write it like {EXAMPLES}"
            if text
            else f"the time is missing; write it like {EXAMPLES}"
        )
    if moment <= now:
        return f"{text} is in the past: it is {now.astimezone(calendar.zone):%Y-%m-%d %H:%M} now"
    return moment if moment - now <= _LONGEST else f"{text} is more than two years away"


def _read(wanted: str, now: datetime, calendar: Calendar) -> datetime | None:
    found = _on_a_day(wanted, now, calendar) or _by_span(wanted, now, calendar)
    if found is not None:
        return found
    if alone := time_alone(wanted):
        return _at(now.astimezone(calendar.zone).date(), alone, calendar)
    first = _TIME_FIRST.fullmatch(wanted)
    return _on_a_day(f"{first['rest']} {first['time']}", now, calendar) if first and time_alone(first["time"]) else None


def _doubt(wanted: str, today: date, *, is_day: bool) -> None:
    """Raises Unclear where day and month without a year may be hour and minute.

    A full stop behind them says a day of this year; where that is over, it may be the next year's or a time, and where there is
    no such month, ValueError says how a time is written.
    """
    day, clock = _LOCAL.fullmatch(wanted), time_alone(wanted)
    is_bare = day is not None and not any(day[name] for name in ("weekday", "year", "short", "hour"))
    if day is None or clock is None or not is_bare:
        return
    if int(day["month"]) not in _MONTHS:
        if is_day and int(day["month"]) in _OF_A_MONTH:
            raise ValueError(f"there is no such month; a time is written {read_clock(clock):%H:%M}")
        return
    found = day_of(today.year, int(day["month"]), int(day["day"]))
    is_over = found < today
    if int(clock["hour"]) < 24 and (is_over or not is_day):  # noqa: PLR2004 - of a day
        meant = in_year(found, today.year + is_over)
        if is_day:
            raise Unclear(f"{wanted}. has passed this year: it is {meant} or {read_clock(clock):%H:%M}; write which")
        raise Unclear(f"{wanted} is {meant} or {read_clock(clock):%H:%M}; write which")


def _behind(beginning: re.Pattern[str], words: str) -> str:
    """The words without that beginning, where they have it."""
    found = beginning.match(words)
    return words[found.end() :] if found else words


def _on_a_day(wanted: str, now: datetime, calendar: Calendar) -> datetime | None:
    day = _behind(_ON, wanted)
    return _by_date(day, now, calendar) or _by_day(day, now, calendar)


def _by_date(wanted: str, now: datetime, calendar: Calendar) -> datetime | None:
    if match := _ISO.fullmatch(wanted):
        return _at(day_of(int(match["year"]), int(match["month"]), int(match["day"])), match, calendar)
    if match := _LOCAL.fullmatch(wanted):
        year = match["year"] or (f"20{match['short']}" if match["short"] else None)
        return _on(int(match["month"]), year, match, now, calendar)
    for shape in (_NAMED, _MONTH_FIRST):
        match = shape.fullmatch(wanted)
        if match and match["name"] in MONTHS:
            return _on(MONTHS[match["name"]], match["year"], match, now, calendar)
    return None


def _on(month: int, year: str | None, written: re.Match[str], now: datetime, calendar: Calendar) -> datetime | None:
    """The next such day where no year is written, if that is near; it must be the weekday that stands there, too."""
    today, weekday = now.astimezone(calendar.zone).date(), written["weekday"]
    if (weekday is not None and weekday not in WEEKDAYS) or (year is None and month not in _MONTHS):
        return None
    found = over = day_of(int(year or today.year), month, int(written["day"]))
    if year is None and over < today:
        found = in_year(over, over.year + 1)
    if weekday is not None and WEEKDAYS[weekday] != found.weekday():
        raise ValueError(f"{found:%Y-%m-%d} is another day of the week")
    if found != over and found - today > _NEAR:
        raise Unclear(f"{over}, which is in the past, or {found}; write which")
    return _at(found, written, calendar)


def _by_day(wanted: str, now: datetime, calendar: Calendar) -> datetime | None:
    match = _DAY.fullmatch(wanted)
    if match is None:
        return None
    today, name = now.astimezone(calendar.zone).date(), match["name"]
    if name in WEEKDAYS:
        days = (WEEKDAYS[name] - today.weekday() - 1) % 7 + 1
    elif name in DAYS:
        days = DAYS[name]
    else:
        return None
    return _at(today + timedelta(days=days), match, calendar)


def _by_span(wanted: str, now: datetime, calendar: Calendar) -> datetime | None:
    match = _SPAN.fullmatch(_behind(_WITHIN, wanted))
    if match is None:
        return None
    unit = (match["unit"] or match["long"]).strip()
    number = int(match["number"]) if match["number"] else NUMBERS.get(match["word"])
    if number is None:
        return None
    if unit == "h" and number in _MANY_HOURS and wanted[0].isdigit():
        raise Unclear(f"{number}h is {number}:00 or {number} hours; write which")
    if unit in BUSINESS_DAYS:
        return working_time_after(now, Span(business_days=number), calendar)
    return now + number * UNITS[unit] if unit in UNITS else None


def _at(day: date, written: re.Match[str], calendar: Calendar) -> datetime:
    """The day, at the time that is written with it or when the desk closes on it."""
    opening = calendar.opening(day)
    if written["hour"] is not None:
        moment = datetime.combine(day, read_clock(written), calendar.zone)
    else:
        last = datetime.combine(day, time(23, 59), calendar.zone)
        moment = min(opening[1], last) if opening else datetime.combine(day, time(17), calendar.zone)
    return moment.astimezone(UTC)
