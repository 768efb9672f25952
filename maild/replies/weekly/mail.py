"""The mail of the weekly summary: headings, a line for each fact, and where there is more."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from maild.mail.message import Address
from maild.replies.house_mail import compose_from_desk, own_language
from maild.replies.reply import HouseMail
from maild.replies.voice import Voice
from maild.replies.weekly.saying import LANGUAGES, Line, say
from maild.replies.weekly.words import PARTS, WeeklyWords
from maild.replies.words import WORDS

KIND = "weekly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a summary tells."""

    first: date
    last: date
    """Day of its week."""

    lines: Sequence[Line]


def compose_weekly(told: Told, voice: Voice, *, recipient: Address, message_id: str, now: datetime) -> HouseMail:
    """Write the mail, in the desk's own language."""
    language, words = own_language(voice, LANGUAGES)
    since, until = _days(told, words, language)
    return compose_from_desk(
        voice,
        (words.opening.format(since=since, until=until), *_parts(told, words, voice), words.closing),
        language=language,
        subject=words.subject.format(since=since, until=until),
        recipient=recipient,
        message_id=message_id,
        now=now,
    )


def _parts(told: Told, words: WeeklyWords, voice: Voice) -> Iterator[str]:
    for part in PARTS:
        lines = [f"- {say(line, words, voice)}" for line in told.lines if line.part == part]
        if lines:
            yield "\n".join([f"# {words.parts[part]}", "", *lines])
    if all(line.part == PARTS[0] for line in told.lines):
        yield words.nothing


def _days(told: Told, words: WeeklyWords, language: str) -> tuple[str, str]:
    """First and last day; the year stands once, unless they are of two."""
    since, until = (_day(day, words, language) for day in (told.first, told.last))
    year = WORDS[language].year
    if told.first.year != told.last.year:
        since += year.format(told.first.year)
    return since, until + year.format(told.last.year)


def _day(day: date, words: WeeklyWords, language: str) -> str:
    own = WORDS[language]
    return words.day.format(day=own.first_day if day.day == 1 else day.day, month=own.months[day.month - 1])
