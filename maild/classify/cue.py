"""A cue: something that a person would name as a reason, such as an outage word, found in a text."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from maild.classify.phrase import Phrase, numbers

_LONGEST = 200
"""Characters of a phrase; what begins beyond the beginning of a mail is not searched for."""

_BEFORE = 60
"""Characters before a phrase that may deny it."""

_NEAR = 80
"""Characters before and behind a phrase in which a word of failing is near it."""

_WORD = re.compile(r"[\w']+")
_CLAUSE = re.compile(r"[.!?:;,|¿¡]")
_SENTENCE_END = re.compile(r"[.!?|]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """One row of a table of points."""

    name: str
    points: int
    phrases: Sequence[Phrase]
    """Longer ones first."""

    asked: int | None = None
    """Points where it only stands in a question ("is the mail server down?"); None: the same."""

    apart: int | None = None
    """Points where no word of failing stands near ("I told everybody"); None: the same."""

    is_deniable: bool = False
    """Words such as "not" or "if" before it take it back."""

    is_critical: bool = False
    """Where it is stated, the lowest label is out of reach."""

    early: int | None = None
    """It counts only in so many first characters of a mail: further down stand logs, thanks and what was tried."""

    yields_to: frozenset[str] = frozenset()
    """Names of cues beside which this one does not count: whoever asks how to mend what fails has something that fails."""

    only_beside: frozenset[str] = frozenset()
    """Names of cues of which one must count, else this one does not: production is no reason where nothing fails there."""

    least: int | None = None
    """Least number that a phrase with a number must name."""

    most: int | None = None

    def counts_among(self, counting: frozenset[str]) -> bool:
        """Whether it counts in a text where these cues have points."""
        return not counting & self.yields_to and (not self.only_beside or bool(counting & self.only_beside))


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """The small words of all languages that turn a cue around; patterns for folded text."""

    denying: re.Pattern[str]
    asking: re.Pattern[str]
    failing: frozenset[str]
    """Single words, folded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A cue in a text."""

    place: slice
    points: int
    is_critical: bool


def find(cue: Cue, phrases: Iterable[Phrase], folded: str, rest: str, grammar: Grammar) -> tuple[Found | None, str]:
    """The cue's strongest occurrence in `rest`, and what it leaves of `rest` to the cues after it.

    `phrases` are those of the cue that the text may have, in their order. `rest` is `folded` with what earlier cues have
    taken blanked out. An occurrence that is denied is taken, too.
    """
    found: list[Found] = []
    end = len(rest) if cue.early is None else cue.early + _LONGEST
    for phrase in phrases:
        places = [match for match in phrase.places(rest[:end]) if _counts(cue, match)]
        found += [_read(cue, folded, match, grammar) for match in places]
        for match in places:
            rest = rest[: match.start()] + "|" * len(match.group()) + rest[match.end() :]
    return max(found, key=lambda one: (one.is_critical, abs(one.points), -one.place.start), default=None), rest


def _counts(cue: Cue, match: re.Match[str]) -> bool:
    """Whether it stands early enough, and its number, should the cue want one, is within bounds."""
    if cue.early is not None and match.start() >= cue.early:
        return False
    if cue.least is None and cue.most is None:
        return True
    return any((cue.least or 0) <= number <= (cue.most or number) for number in numbers(match.group()))


def _read(cue: Cue, folded: str, match: re.Match[str], grammar: Grammar) -> Found:
    denial = grammar.denying.search(folded, max(0, match.start() - _BEFORE), match.start()) if cue.is_deniable else None
    if denial:
        return Found(place=slice(denial.start(1), match.end()), points=0, is_critical=False)
    place = slice(*match.span())
    if cue.asked is not None and _is_asked(folded, place, grammar):
        return Found(place=place, points=cue.asked, is_critical=False)
    if cue.apart is not None and not _is_near_failing(folded, place, grammar):
        return Found(place=place, points=cue.apart, is_critical=cue.is_critical)
    return Found(place=place, points=cue.points, is_critical=cue.is_critical)


def _is_near_failing(folded: str, place: slice, grammar: Grammar) -> bool:
    """Whether a word of failing stands within or near it."""
    near = folded[max(0, place.start - _NEAR) : place.stop + _NEAR]
    return not grammar.failing.isdisjoint(_WORD.findall(near))


def _is_asked(folded: str, place: slice, grammar: Grammar) -> bool:
    """Whether it stands in a clause that begins like a question and a sentence that ends like one."""
    end = _SENTENCE_END.search(folded, place.stop)
    if end is None or end.group() != "?":
        return False
    before = _CLAUSE.split(folded[: place.start])[-1]
    return grammar.asking.match(f"{before}{folded[place]}".strip()) is not None
