"""Absence: from when until when somebody is away, read from their out-of-office note in four languages. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from maild.classify.folding import fold
from maild.process.people.note_days import WEEKDAY, Day, Stretch, find_days, find_stretches
from maild.process.people.note_words import (
    BACK,
    is_away,
    is_back,
    is_not_before,
    is_there,
    part_around,
    says_away,
    sentences,
)

LONGEST = timedelta(days=30)
"""Nobody is waited for longer than that, whatever their note says."""

AHEAD = timedelta(days=60)
"""An absence is announced no longer before it begins."""

_NEAR = 60
"""Characters between the words of a return, or before a day, and its date."""

_MOST = 40
"""Days that are read: no note names more."""

_LONGEST_NOTE = 4_000
_DAY = timedelta(days=1)

_LEAD = rf"\W{{0,3}}(?:(?:and including|the|den|dem|zum|le|el|including|einschlie(?:ß|ss)lich|einschl|inklusive|inkl|voraussichtlich|mindestens|at least|probably|{WEEKDAY})\b[.,]?\s*)*$"
_UNTIL = re.compile(r"\b(?P<word>until|till|through|thru|bis|jusqu'au|jusqu'a|hasta)\b" + _LEAD)
_FROM = re.compile(
    r"\b(?:from|starting|beginning|as of|since|ab|vom|von|seit|a partir (?:du|de|del)|a compter du|des|depuis|du|desde|del|de)\b"
    r"(?: on| from)?" + _LEAD
)
_AFTER = re.compile(r"\b(?:after|nach|apres|despues del?|tras)\b" + _LEAD)
_INCLUSIVE = re.compile(r"\binclu|\beinschlie|\binklu")
_ENGLISH_UNTIL = frozenset({"until", "till"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """What a note says of somebody's absence."""

    begins: date
    """The first day: that of the note, where it names none or one that is over."""

    back: date
    """The day of return, 30 days after the first at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """One day of the note and what it is: a beginning or a return."""

    begins: date | None = None
    back: date | None = None


def find_absence(note: str, today: date) -> Absence | None:
    """The nearest that `find_absences` finds; None where there is none."""
    return next(iter(find_absences(note, today)), None)


def find_absences(note: str, today: date) -> Sequence[Absence]:
    """From when until when its author is away, the nearest first; none where the note names no day of return, or that day is over.

    What "until" names is the last day away: who is away until Friday is back on the next working day. In English it is the day of
    return where it is a Monday ("until Monday") or the words are turned round ("not available until Wednesday").
    """
    return _find_absences(note[:_LONGEST_NOTE], today)


@lru_cache(maxsize=500)
def _find_absences(note: str, today: date) -> Sequence[Absence]:
    spans = (
        _Said(begins=max(today, each.begins or today), back=each.back) for each in _joined(list(_read(note, today)))
    )
    return tuple(
        Absence(begins=span.begins, back=min(span.back, span.begins + LONGEST))
        for span in spans
        if span.begins and span.back and span.back > today and span.begins - today <= AHEAD
    )


def _joined(said: Sequence[_Said]) -> Sequence[_Said]:
    """One for each return, from the first beginning after the return before; one that has none of its own is later news of that return."""
    begins = sorted({each.begins for each in said if each.begins})
    spans: list[_Said] = []
    for back in sorted({each.back for each in said if each.back}):
        last = spans[-1] if spans else _Said()
        first = next((day for day in begins if (not last.back or day >= last.back) and day < back), None)
        if first is None and spans:
            spans[-1] = replace(last, back=back)
        else:
            spans.append(_Said(begins=first, back=back))
    return spans


def _read(note: str, today: date) -> Iterator[_Said]:
    text = fold(note)
    days = find_days(text, today)[:_MOST]
    if not days:
        return
    stretches = {each.first: each for each in find_stretches(text, days)}
    for start, end in sentences(note):
        inside = [day for day in days if start <= day.start < end]
        if inside:
            yield from _read_sentence(text, (start, end), inside, stretches)


def _read_sentence(
    text: str, sentence: tuple[int, int], days: Sequence[Day], stretches: dict[Day, Stretch]
) -> Iterator[_Said]:
    words, read = text[slice(*sentence)], set[Day]()
    for day in days:
        part, stretch = part_around(text, sentence, day.start), stretches.get(day)
        if stretch and day not in read:
            read |= {stretch.first, stretch.last}
            if says_away(text[: sentence[1]]) if stretch.is_labelled else is_away(part, words):
                yield _Said(begins=stretch.first.on, back=_back_after(stretch.last.on, stretch.to, part))
        elif day not in read and (said := _read_day(text, sentence, day, part)):
            read.add(day)
            yield said
    yield from _read_return(text, sentence, [day for day in days if day not in read])


def _read_day(text: str, sentence: tuple[int, int], day: Day, part: str) -> _Said | None:
    """What the words right before it make of it; None where they make nothing."""
    before, words = _words_before(text, sentence, day), text[slice(*sentence)]
    if until := _UNTIL.search(before):
        return _Said(back=_back_after(day.on, until["word"], part)) if is_away(part, words) else _Said()
    if not _FROM.search(before):
        return None
    if is_there(part) or is_back(part):
        return _Said(back=day.on)
    return _Said(begins=day.on) if is_away(part, words) else _Said()


def _read_return(text: str, sentence: tuple[int, int], days: Sequence[Day]) -> Iterator[_Said]:
    """The day behind the word of a return, or before it in its part of the sentence."""
    for match in BACK.finditer(text, *sentence):
        near = (day for day in days if match.end() <= day.start < match.end() + _NEAR)
        found = next(near, None) or _before(text, sentence, days, match.start())
        if found:
            is_after = _AFTER.search(_words_before(text, sentence, found))
            yield _Said(back=found.on + _DAY if is_after else found.on)


def _before(text: str, sentence: tuple[int, int], days: Sequence[Day], place: int) -> Day | None:
    part = part_around(text, sentence, place)
    near = [day for day in days if day.end <= place and part_around(text, sentence, day.start) == part]
    return near[-1] if near and not is_away(part, "") else None


def _words_before(text: str, sentence: tuple[int, int], day: Day) -> str:
    return text[max(sentence[0], day.start - _NEAR) : day.start]


def _back_after(last: date, word: str, part: str) -> date:
    """The day of return after what is named as the end."""
    is_return = word in _ENGLISH_UNTIL and not _INCLUSIVE.search(part) and (last.weekday() == 0 or is_not_before(part))
    return last if is_return else last + _DAY
