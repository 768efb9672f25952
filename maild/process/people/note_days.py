"""The days that an absence note names, and which of them make a stretch; folded text in four languages. Pure."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from maild.process.commands.moment_words import DAYS, MONTHS, WEEKDAYS

_LAST_YEAR = date.max.year - 1
"""Who is away for good writes `31.12.9999`, and the calendar has no day after it."""

_SHORTEST_WEEKDAY = 5
"""Letters: `so`, `di` and `do` are other words, too."""

WEEKDAY = "|".join(name for name in WEEKDAYS if len(name) >= _SHORTEST_WEEKDAY)
MONTH = rf"(?:{'|'.join(MONTHS)})\b"
_NTH = r"(?:st|nd|rd|th|er|\.)?"
_NO_TIME = r"(?!\d|\s*(?:uhr|h\b|[ap]\.?m\b))"
_ISO = re.compile(r"\b(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)\b")
_DAY_FIRST = re.compile(
    rf"\b(?P<day>\d{{1,2}})(?P<dot>[./])(?P<month>\d{{1,2}})[./]?(?P<year>\d{{4}}|\d\d\b)?{_NO_TIME}"
)
_NAMED = re.compile(
    rf"\b(?P<day>\d{{1,2}}){_NTH}\s+(?:of\s+|de\s+)?(?P<name>{MONTH})\.?(?:,?\s+(?:de\s+)?(?P<year>\d{{4}}))?"
)
_MONTH_FIRST = re.compile(rf"\b(?P<name>{MONTH})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<year>\d{{4}}))?")
_BY_WEEKDAY = re.compile(
    rf"(?<!every )(?<!each )(?<!jeden )(?<!chaque )(?<!cada )\b(?P<weekday>{WEEKDAY})\b"
    rf"(?!\W{{0,3}}(?:(?:the|den|dem|le|el)\s+)?(?:\d|{MONTH}\.?\s+\d))"
)
_BY_NAME = re.compile(
    r"(?<!good )(?<!guten )(?<!am )(?<!heute )(?<!jeden )(?<!every )(?<!la )(?<!cada )"
    rf"\b(?P<name>{'|'.join(sorted(DAYS, key=len, reverse=True))})\b"
)
"""`heute morgen`, `am Morgen` and `por la mañana` are of today, and no day."""

_OPEN = re.compile(r"\b(?:further notice|auf weiteres|nouvel (?:ordre|avis)|nuevo aviso|nueva orden)\b")
"""What stands behind `until` where nobody knows the day."""

_ARTICLE = rf"(?:(?:on|the|am|den|dem|zum|le|el)\s+)?(?:(?:{WEEKDAY})\b[.,]?\s*)?(?:(?:the|den|dem|le|el)\s+)?"
_TO = r"\s*(?P<to>[-\u2013\u2014]|\b(?:to|until|till|through|thru|bis|au|al|a|hasta|jusqu'au|and|und|et|y)\b)\s*"
_INCLUDING = r"(?:(?:and )?including|einschlie(?:ß|ss)lich|einschl\.?|inklusive|inkl\.?|voraussichtlich|mindestens|at least|probably)"
_LINK = re.compile(rf",?{_TO}(?:{_INCLUDING}\s+)?{_ARTICLE}")
_TIME = r"(?:,?\s+(?:at\s+|um\s+)?\d{1,2}[:.]\d{2}(?:\s*(?:uhr|h|[ap]\.?m\.?)(?!\w))?)?"
_LINK_OF_DATES = re.compile(rf"{_TIME}{_LINK.pattern}")
"""A time of day may stand before it."""

START = r"(?:start|begin\w*|anfang|von|from|first day|erster tag|d[e\u00e9]but|du|premier jour|inicio|desde|primer d[i\u00ed]a)\b[^:\n\d]{0,25}:"
_STARTS = re.compile(rf"\b{START}\s*{_ARTICLE}$")
_LINK_OF_LINES = re.compile(
    rf"{_TIME}[\s,;|/-]*\b(?P<to>end|ende|bis|to|until|last day|letzter tag|fin|au|dernier jour|hasta|al|ultimo dia)\b[^:\n\d]{{0,25}}:\s*{_ARTICLE}"
)
"""Between two days that have a label each: `Start: 7 December`, `End: 11 December`."""

_BARE_BEFORE = re.compile(rf"(?<![\w./-])(?P<day>\d{{1,2}}){_NTH}{_LINK.pattern}$")
_BARE_BEHIND = re.compile(rf"{_LINK.pattern}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?![.:/]?\d)")
_DECEMBER = 12
_NEAR = 40
"""Characters that such a link may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day that the note names, and where it stands."""

    start: int
    end: int
    on: date
    is_weekday: bool = False
    """Named by its weekday alone, or as tomorrow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Two days with a word between them that makes one stretch of them."""

    first: Day
    last: Day
    to: str
    """That word."""

    is_labelled: bool = False
    """Each of them stands behind a label, in no sentence."""


def find_days(text: str, today: date) -> Sequence[Day]:
    """The days in the order of the text; one without a year is the nearest of that name, a weekday today or the next."""
    found = [day for shape in (_ISO, _DAY_FIRST, _NAMED, _MONTH_FIRST) for day in _dates(shape, text, today)]
    days = list(_apart([*found, *_weekdays(text, today), *_open_ends(text)]))
    bare = [bare for day in days if not day.is_weekday for bare in _bare(text, day)]
    return list(_apart([*days, *bare]))


def find_stretches(text: str, days: Sequence[Day]) -> Sequence[Stretch]:
    """Neighbours that are joined: `20 to 24 December`, `vom 20.12. bis 4.1.`, `Start: 20.12. End: 4.1.`."""
    return [stretch for first, last in pairwise(days) if (stretch := _joined(text, first, last))]


def _joined(text: str, first: Day, last: Day) -> Stretch | None:
    if last.start - first.end > _NEAR:
        return None
    if link := _LINK_OF_DATES.fullmatch(text, first.end, last.start):
        return Stretch(first=_before(first, last), last=last, to=link["to"])
    link = _LINK_OF_LINES.fullmatch(text, first.end, last.start)
    if link and _STARTS.search(text[max(0, first.start - _NEAR) : first.start]):
        return Stretch(first=_before(first, last), last=last, to=link["to"], is_labelled=True)
    return None


def _before(first: Day, last: Day) -> Day:
    """The first one, which is of the year before where it would be later than the last."""
    if first.on <= last.on or first.is_weekday:
        return first if first.on <= last.on else replace(first, on=last.on)
    with suppress(ValueError):
        return replace(first, on=first.on.replace(year=last.on.year - (first.on.replace(year=last.on.year) > last.on)))
    return first


def _apart(days: list[Day]) -> Iterator[Day]:
    """In order; of two that overlap the one that begins first, or is longer."""
    end = 0
    for day in sorted(days, key=lambda day: (day.start, -day.end)):
        if day.start >= end:
            yield day
            end = day.end


def _dates(shape: re.Pattern[str], text: str, today: date) -> Iterator[Day]:
    is_turned = _is_month_first(text)
    for match in shape.finditer(text):
        parts = match.groupdict()
        month, day = MONTHS[parts["name"]] if parts.get("name") else int(parts["month"]), int(parts["day"])
        if is_turned and parts.get("dot") == "/":
            month, day = day, month
        if on := _date(parts["year"], month, day, today):
            yield Day(start=match.start(), end=match.end(), on=on)


def _is_month_first(text: str) -> bool:
    """Whether one of the days in figures can only be read so, as in `12/24 - 1/2`: then all of the note are."""
    pairs = [(int(each["day"]), int(each["month"])) for each in _DAY_FIRST.finditer(text) if each["dot"] == "/"]
    return any(first <= _DECEMBER < second for first, second in pairs)


def _weekdays(text: str, today: date) -> Iterator[Day]:
    for match in _BY_WEEKDAY.finditer(text):
        on = today + timedelta(days=(WEEKDAYS[match["weekday"]] - today.weekday()) % 7)
        yield Day(start=match.start(), end=match.end(), on=on, is_weekday=True)
    for match in _BY_NAME.finditer(text):
        yield Day(start=match.start(), end=match.end(), on=today + timedelta(days=DAYS[match["name"]]), is_weekday=True)


def _open_ends(text: str) -> Iterator[Day]:
    for match in _OPEN.finditer(text):
        yield Day(start=match.start(), end=match.end(), on=date(_LAST_YEAR, _DECEMBER, 31), is_weekday=True)


def _bare(text: str, day: Day) -> Iterator[Day]:
    """Numbers alone that share the month of the day to which they are joined."""
    near = max(0, day.start - _NEAR)
    before, behind = _BARE_BEFORE.search(text[near : day.start]), _BARE_BEHIND.match(text, day.end)
    if before and (on := _in_month_of(day, int(before["day"]))) and on < day.on:
        yield Day(start=near + before.start(), end=near + before.start("to"), on=on)
    if behind and (on := _in_month_of(day, int(behind["day"]))) and on > day.on:
        yield Day(start=behind.start("day"), end=behind.end(), on=on)


def _in_month_of(day: Day, number: int) -> date | None:
    with suppress(ValueError):
        return day.on.replace(day=number)
    return None


def _date(year: str | None, month: int, day: int, today: date) -> date | None:
    if year:
        with suppress(ValueError):
            return date(min(int(year) + (2000 if len(year) == 2 else 0), _LAST_YEAR), month, day)  # noqa: PLR2004
        return None
    return min(_of_near_years(month, day, today), key=lambda found: abs(found - today), default=None)


def _of_near_years(month: int, day: int, today: date) -> Iterator[date]:
    for near in (today.year - 1, today.year, today.year + 1):
        with suppress(ValueError):
            yield date(near, month, day)
