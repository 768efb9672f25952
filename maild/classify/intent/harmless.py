"""The lists of what a client may write beside the words that close a ticket, and is understood."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from maild.classify.folding import fold, spellings
from maild.classify.intent.objection import any_of

_NUMBER = r"\d[\d.,]*"

_PATTERNS = ("phrases", "cures", "anew", "before", "greetings", "mending", "ceased", "purposes", "yours")
_LISTS = (
    "small",
    "cheer",
    "deeds",
    "mended",
    "things",
    "means",
    "causal",
    "earlier",
    "undone",
    "determiners",
    "people",
    "denials",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Harmless:
    """The words of all languages; patterns for folded text."""

    small: frozenset[str]
    """Say nothing by themselves: articles, greetings, farewells, "now", "yes"."""

    cheer: frozenset[str]
    """Praise and joy."""

    deeds: frozenset[str]
    """What is done, asked for or complained of: harmless beside cheer, thanks or what closes, and nowhere else."""

    mended: frozenset[str]
    """Of these, what may stand behind words that close: what was solved, or how."""

    known: frozenset[str]
    """All of these."""

    things: frozenset[str]
    """What works again, or was mended: understood where the clause says one of that, and nowhere else."""

    phrases: re.Pattern[str]
    """Understood as wholes: "nothing is missing"."""

    causes: re.Pattern[str]
    """How a clause begins that tells what it was."""

    cures: re.Pattern[str]
    """What people did to make it work."""

    mending: re.Pattern[str]
    """What they did to something of `means`, by which nothing is lost."""

    means: frozenset[str]
    causal: frozenset[str]
    """Of what was the cause: "the wrong password"."""

    undone: frozenset[str]
    """With one of those it is not done yet: "can be replaced"."""

    determiners: frozenset[str]
    people: frozenset[str]
    """Behind whom a name may stand: "your colleague Peter"."""

    purposes: re.Pattern[str]
    """Behind it stands for whom it works, or for what somebody thanks."""

    yours: re.Pattern[str]
    """Who of the house, or whose of them."""

    denials: frozenset[str]
    since: re.Pattern[str]
    """How a clause begins that tells how it is now, behind one that tells how it was."""

    today: re.Pattern[str]
    """What alone stands before a statement how it is now: "today it works"."""

    ceased: re.Pattern[str]
    """What says, of an error, that it is over."""

    earlier: frozenset[str]
    """In what tells how it was: "yesterday", "locked"."""

    accented: frozenset[str]
    """Of them, folded, what is only meant with its accent: `cambié` is told, `cambie` asks for it."""

    whole: re.Pattern[str]
    """How a clause ends that says that things are where they belong."""

    places: re.Pattern[str]
    """What narrows down where it works: "on my phone"."""

    limits: re.Pattern[str]
    """What limits, contrasts, counts or reports: with it a clause is never understood."""

    anew: re.Pattern[str]
    """Beside what closes: "again", "as well"."""

    before: re.Pattern[str]
    """What tells, in front of a statement that it works now, how it was."""

    greetings: re.Pattern[str]
    closing: frozenset[str] = frozenset()
    """The words of the phrases that close."""


def read_harmless(table: Mapping[str, Mapping[str, Sequence[str]]], closing: Iterable[str]) -> Harmless:
    """Make the patterns. `closing`: the phrases that close. Raises KeyError where a list is missing."""
    done = [word for name in ("cures", "mending") for line in table[name].values() for word in line]
    patterns: dict[str, Any] = {name: any_of(table[name]) for name in _PATTERNS}
    patterns["causes"] = re.compile(rf"\W*{any_of(table['causes']).pattern}")
    patterns["since"] = re.compile(rf"\W*{any_of(table['since']).pattern}")
    patterns["today"] = re.compile(rf"\W*(?:(?:and|und|et|y|but|aber|mais|pero) )?{any_of(table['today']).pattern}\W*")
    patterns["limits"] = re.compile(any_of(table["limits"]).pattern.replace(r"\#", _NUMBER))
    patterns["whole"] = re.compile(rf"{any_of(table['whole']).pattern}\W*\Z")
    patterns["places"] = re.compile(rf"{any_of(table['places']).pattern} \w")
    lists: dict[str, Any] = {name: _spelt(table[name]) for name in _LISTS}
    return Harmless(
        accented=frozenset(fold(word) for word in done if word.endswith(("é", "í"))),
        known=lists["small"] | lists["cheer"] | lists["deeds"],
        closing=frozenset(word for phrase in closing for word in phrase.split()),
        **lists,
        **patterns,
    )


def _spelt(table: Mapping[str, Sequence[str]]) -> frozenset[str]:
    return frozenset(spelling for line in table.values() for word in line for spelling in spellings(word))
