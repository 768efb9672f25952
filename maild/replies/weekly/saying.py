"""Say a fact of a week: its kind is a sentence, and its values stand in it as the language writes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from maild.replies.house_mail import own_language
from maild.replies.plain import one_line
from maild.replies.voice import Voice
from maild.replies.weekly.english import ENGLISH
from maild.replies.weekly.french import FRENCH
from maild.replies.weekly.german import GERMAN
from maild.replies.weekly.spanish import SPANISH
from maild.replies.weekly.words import CLOCKS, WeeklyWords

LANGUAGES: Mapping[str, WeeklyWords] = MappingProxyType({"en": ENGLISH, "de": GERMAN, "fr": FRENCH, "es": SPANISH})

Value = str | int | float | None
NAMED, LONGEST = 5, 70
"""Tickets of a sentence, and characters of somebody's words in it."""

_DAY = 24.0
_LONG_HOURS, _LONG_DAYS = 2 * _DAY, 10
_LEAST = 0.01
"""Never nought."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the summary, not yet in words."""

    part: str
    kind: str
    values: Mapping[str, Value]
    tickets: Sequence[int]


def say(line: Line, words: WeeklyWords, voice: Voice) -> str:
    """Give the sentence; somebody's own words in it are made harmless."""
    values = {name: _written(name, value, words, voice) for name, value in line.values.items()}
    values |= {"tickets": _tickets(line.tickets, words, voice), **_asides(line, values, words)}
    return words.sentences[_kind(line)].format_map(values)


def sentences(lines: Sequence[Line], voice: Voice) -> list[str]:
    """Give all of them, in the desk's own language."""
    _, words = own_language(voice, LANGUAGES)
    return [say(line, words, voice) for line in lines]


def _kind(line: Line) -> str:
    if line.kind == "late":
        return f"late_{line.values['clock']}"
    return "no_first_answer" if line.kind == "first_answer" and line.values["median_hours"] is None else line.kind


def _asides(line: Line, values: Mapping[str, str], words: WeeklyWords) -> dict[str, str]:
    """What is said only where it is known; otherwise nothing stands there."""
    known = {
        "oldest": values.get("oldest_hours"),
        "before": values.get("before_hours"),
        "most": values.get("most_hours"),
        "product": values.get("product"),
        "how": values.get("how"),
        "of_priority": line.values.get("priority"),
    }
    said = {name: words.asides[name].format_map(values) if value else "" for name, value in known.items()}
    compared = str(line.values.get("compared") or "")
    said["compared"] = words.asides[compared] if compared else ""
    if clock := line.values.get("clock"):
        promise = words.promises[str(clock)]
        said["promise"] = f"{promise[0].upper()}{promise[1:]}"
    if line.kind == "kept":
        said["kept"] = words.asides["between"].join(
            _kept(clock, values, words) for clock in CLOCKS if f"{clock}_n" in values
        )
    return said


def _kept(clock: str, values: Mapping[str, str], words: WeeklyWords) -> str:
    said = words.asides["kept"].format(
        promise=words.promises[clock], share=values[f"{clock}_share"], n=values[f"{clock}_n"]
    )
    before = values[f"{clock}_before_share"]
    return f"{said}{words.asides['kept_before'].format(share=before)}" if before else said


def _written(name: str, value: Value, words: WeeklyWords, voice: Voice) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return _named(name, value, words, voice)
    return voice.desk.show(int(value)) if name == "ticket" else _number(name, value, words)


def _named(name: str, written: str, words: WeeklyWords, voice: Voice) -> str:
    """What has a name in the language gets it; what somebody wrote is made harmless."""
    if name == "clock":
        return written
    if name == "how":
        return voice.desk.with_numbers(written)
    if name == "question":
        return words.questions.get(written, written)
    if name == "category":
        known = voice.categories.get(written)
        return one_line(known.title or written if known else written, LONGEST) or words.uncategorised
    return one_line(written, LONGEST)


def _number(name: str, number: float, words: WeeklyWords) -> str:
    if name.endswith("_share"):
        return words.percent.format(round(100 * number))
    if name.endswith("_hours"):
        return span(number, words)
    if isinstance(number, int):
        return str(number)
    return f"{max(number, _LEAST):.1g}".replace(".", words.comma) if number < 1 else _short(number, words)


def span(hours: float, words: WeeklyWords) -> str:
    """Write minutes, hours or days, whichever is short."""
    if hours < 1:
        return words.minutes.format(round(60 * hours))
    if hours < _LONG_HOURS:
        return words.hours.format(_short(hours, words))
    return words.days.format(_short(hours / _DAY, words))


def _short(number: float, words: WeeklyWords) -> str:
    written = f"{number:.0f}" if number >= _LONG_DAYS else f"{number:.1f}".removesuffix(".0")
    return written.replace(".", words.comma)


def _tickets(numbers: Sequence[int], words: WeeklyWords, voice: Voice) -> str:
    shown = ", ".join(voice.desk.show(number) for number in numbers[:NAMED])
    more = len(numbers) - NAMED
    return f"{shown}{words.and_more.format(count=more)}" if more > 0 else shown
