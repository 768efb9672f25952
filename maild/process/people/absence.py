"""Absence: when somebody is back, read from their out-of-office note in four languages. Pure."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta

LONGEST = timedelta(days=30)
"""Nobody is waited for longer than that, whatever their note says."""

_NEAR = 60
"""Characters between the words of a return and its date."""

_LONGEST_NOTE = 4_000

_BACK = re.compile(
    r"\b(?:back|return(?:ing)?|wieder|zurück|retour|reviens|reviendrai|rentre|vuelta|vuelvo|volveré|regreso|regresaré|"
    r"(?P<until>until|till|through|bis|jusqu['\u2019]au|hasta))\b"
)
_MONTHS = (
    *("jan|ene", "feb|fév|fev", "mar|mär|mrz", "apr|avr|abr", "may|mai|mayo", "jun|juin", "jul|juil"),
    *("aug|aoû|aou|ago", "sep", "oct|okt", "nov", "dec|dez|déc|dic"),
)
_MONTH = "|".join(_MONTHS)
_ISO = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b")
_DAY_FIRST = re.compile(r"\b(\d{1,2})[./](\d{1,2})[./]?(\d{4}|\d\d\b)?")
_NAMED = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th|er|\.)?\s+(?:of\s+|de\s+)?({_MONTH})\w*\.?(?:,?\s+(?:de\s+)?(\d{{4}}))?"
)
_MONTH_FIRST = re.compile(rf"\b({_MONTH})\w*\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(\d{{4}}))?")


def find_return(note: str, today: date) -> date | None:
    """The day on which its author is back; None where the note does not say, or that day is over.

    A day that is more than 30 days away counts as the thirtieth. "Until" a day means the day after it.
    """
    text = note[:_LONGEST_NOTE].casefold()
    days = [day for match in _BACK.finditer(text) for day in _days_after(text, match, today) if day > today]
    return min(max(days), today + LONGEST) if days else None


def _days_after(text: str, back: re.Match[str], today: date) -> Iterator[date]:
    near = text[back.end() : back.end() + _NEAR]
    first = min(_dates(near, today), default=None)
    if first is not None:
        yield first[1] + timedelta(days=1 if back["until"] else 0)


def _dates(text: str, today: date) -> Iterator[tuple[int, date]]:
    """Where each date stands, and which it is."""
    for match in _ISO.finditer(text):
        yield from _date(match, match[1], match[2], match[3], today)
    for match in _DAY_FIRST.finditer(text):
        day, month = (match[2], match[1]) if int(match[2]) > len(_MONTHS) else (match[1], match[2])
        yield from _date(match, match[3], month, day, today)
    for match in _NAMED.finditer(text):
        yield from _date(match, match[3], str(_number(match[2])), match[1], today)
    for match in _MONTH_FIRST.finditer(text):
        yield from _date(match, match[3], str(_number(match[1])), match[2], today)


def _number(month: str) -> int:
    return next(number for number, names in enumerate(_MONTHS, 1) if month in names.split("|"))


def _date(match: re.Match[str], year: str | None, month: str, day: str, today: date) -> Iterator[tuple[int, date]]:
    """The date, of the next year where the note names none and this year's is long over."""
    with suppress(ValueError):
        if year:
            yield match.start(), date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))  # noqa: PLR2004
            return
        found = date(today.year, int(month), int(day))
        yield match.start(), found if found >= today - timedelta(days=180) else found.replace(year=today.year + 1)
