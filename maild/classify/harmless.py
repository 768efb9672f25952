"""What a client may write beside the words that close a ticket, and is understood: the lists, and whether a clause is made of them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from maild.classify.folding import fold, spellings
from maild.classify.objection import Objections, any_of
from maild.classify.proper import are_proper

_NUMBER = r"\d[\d.,]*"

_YOURS = re.compile(r"(?<!\w)(?:you\w*|sie|du|ihr\w*|eu(?:er|re\w*)|vo(?:us|tre|s)|ustede?s?|sus?)(?!\w)")
_DENIALS = frozenset(["not", "never", "nicht", "nie", "kein", "keine", "pas", "jamais", "no", "nunca"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Harmless:
    """The words of all languages; patterns for folded text."""

    words: frozenset[str]
    """Understood wherever they stand, as long as nothing else stands beside them."""

    things: frozenset[str]
    """What works again, or was mended: understood where the clause says one of that, and nowhere else."""

    phrases: re.Pattern[str]
    """Understood as wholes: "nothing is missing"."""

    causes: re.Pattern[str]
    """How a clause begins that tells what it was."""

    cures: re.Pattern[str]
    """What people did to make it work."""

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
    farewells: re.Pattern[str]
    closing: frozenset[str] = frozenset()
    """The words of the phrases that close."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A part of a clause outside of what closes."""

    folded: str
    """Without what a sign or a phrase has understood."""

    whole: str
    written: str
    """As its author has written it."""

    strangers: tuple[str, ...]
    """The words that are not understood, as they are written."""

    things: bool
    """Whether it names what works, or was mended."""


def read_harmless(table: Mapping[str, Mapping[str, Sequence[str]]], closing: Iterable[str]) -> Harmless:
    """Make the patterns. `closing`: the phrases that close. Raises KeyError where a list is missing."""
    patterns = {name: any_of(table[name]) for name in ("phrases", "cures", "anew", "before", "greetings", "farewells")}
    causes = re.compile(rf"\W*{any_of(table['causes']).pattern}")
    limits = re.compile(any_of(table["limits"]).pattern.replace(r"\#", _NUMBER))
    parts = frozenset(word for phrase in closing for word in phrase.split())
    words, things = _spelt(table["words"]), _spelt(table["things"])
    whole = re.compile(rf"{any_of(table['whole']).pattern}\W*\Z")
    places = re.compile(rf"{any_of(table['places']).pattern} \w")
    done = [word for line in table["cures"].values() for word in line]
    return Harmless(
        words=words,
        things=things,
        accented=frozenset(fold(word) for word in done if word.endswith(("é", "í"))),
        whole=whole,
        places=places,
        limits=limits,
        closing=parts,
        causes=causes,
        **patterns,
    )


def is_understood(said: Words, harmless: Harmless, objections: Objections) -> bool:
    """Whether words that close nothing are harmless: every one is known, or they tell what was done or what is there again."""
    if not said.strangers and (not said.things or harmless.whole.search(said.whole)):
        return True
    is_done = is_told(said, harmless, objections) or _is_cure(said, harmless, objections)
    return is_done or _is_elsewhere_too(said, harmless)


def is_what_works(said: Words, harmless: Harmless) -> bool:
    """Whether it names, behind what closes, nothing but what works: "now the page loads"."""
    return not said.strangers and not harmless.places.search(said.folded)


def is_told(said: Words, harmless: Harmless, objections: Objections) -> bool:
    """Whether they tell what it was, what is back or what is gone at last."""
    return _is_cause(said, harmless, objections) or is_back(said, objections)


def is_back(said: Words, objections: Objections) -> bool:
    """Whether they tell that something is there again, or gone that nobody wants."""
    return _is_recovered(said, objections) or _is_rid(said, objections)


def was_before(said: Words, harmless: Harmless, objections: Objections) -> bool:
    """Whether they tell how it was."""
    past = harmless.before.search(said.folded)
    limits = {found.group() for found in harmless.limits.finditer(said.folded)}
    return past is not None and not said.strangers and limits <= _DENIALS and not objections.taken.search(said.folded)


def _is_cause(said: Words, harmless: Harmless, objections: Objections) -> bool:
    cause = harmless.causes.match(said.folded)
    if cause is None or objections.taken.search(said.folded) or _YOURS.search(said.folded):
        return False
    return not _besides(said, cause.group())


def _is_cure(said: Words, harmless: Harmless, objections: Objections) -> bool:
    """Whether they tell that its author has started or plugged in something of their own, and nothing else."""
    cure = harmless.cures.search(said.folded)
    if cure is None or _lacks_accent(said, cure.group(), harmless) or objections.taken.search(said.folded):
        return False
    return not _besides(said, " ".join(found.group() for found in harmless.cures.finditer(said.folded)))


def _lacks_accent(said: Words, done: str, harmless: Harmless) -> bool:
    words = said.written.split()
    return done in harmless.accented and not any(fold(word) == done and not word.isascii() for word in words)


def _is_elsewhere_too(said: Words, harmless: Harmless) -> bool:
    """Whether they name a place where it works as well: "in Bremen too"."""
    is_one = len(said.strangers) == 1 and are_proper(said.strangers) and not said.things
    return bool(is_one and harmless.places.match(said.folded) and harmless.anew.search(said.folded))


def _is_recovered(said: Words, objections: Objections) -> bool:
    found = objections.recovered.search(said.whole)
    if found is None:
        return False
    behind = _besides(said, said.whole[: found.end()])  # "is back to factory defaults"; "for restoring the lost files"
    if not all(objections.gone.fullmatch(fold(word)) for word in behind):
        return False
    return not _besides(said, found.group())


def _is_rid(said: Words, objections: Objections) -> bool:
    """Whether what is gone is what nobody wants: an error, a duplicate."""
    bad = objections.faults.search(said.whole) or objections.unwanted.search(said.whole)
    gone = objections.gone.search(said.whole)
    if gone is None and not objections.belongings.search(said.whole):
        gone = objections.taken.search(said.whole)
    if bad is None or gone is None:
        return False
    return not _besides(said, f"{bad.group()} {gone.group()}")


def _besides(said: Words, known: str) -> list[str]:
    """The strange words that are not among those."""
    words = set(known.split())
    return [word for word in said.strangers if fold(word) not in words]


def _spelt(table: Mapping[str, Sequence[str]]) -> frozenset[str]:
    return frozenset(spelling for line in table.values() for word in line for spelling in spellings(word))
