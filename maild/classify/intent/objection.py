"""What speaks against closing in a reply that says that it works: a loss, a fault that is back, an answer with material."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from maild.classify.folding import spellings
from maild.classify.intent.clause import State, Turns, clause_before, is_conditional, state

_CLAUSE = re.compile(r"(?:[^.!?;,|()¿¡]|[.!?](?! |\Z))+")
"""A colon breaks none: "Sent items: gone"."""

_GAP = r"(?:[\w'-]+ ){0,4}?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Objections:
    """The words of all languages by which they are known; patterns for folded text."""

    belongings: re.Pattern[str]
    """What people keep, and miss: files, mails, appointments."""

    unwanted: re.Pattern[str]
    """Beside a belonging: it is good that it is gone ("the duplicate mails")."""

    gone: re.Pattern[str]
    """What is said of a belonging that is lost."""

    lacking: re.Pattern[str]
    """What is said of nothing but what is lost."""

    taken: re.Pattern[str]
    """Done to a belonging; by its owner on purpose, where they do not say otherwise."""

    owner: re.Pattern[str]
    by_accident: re.Pattern[str]
    past: re.Pattern[str]
    """It was so then: before it worked that is over."""

    causes: re.Pattern[str]
    """Of which people say that it was missing and is why it failed."""

    recovered: re.Pattern[str]
    """What was lost is there again."""

    pointing: re.Pattern[str]
    """It begins a clause about what the clause before named: "they are gone"."""

    accepted: re.Pattern[str]
    """Whoever lost it does not mind."""

    imagined: re.Pattern[str]
    faults: re.Pattern[str]
    returned: re.Pattern[str]
    """Of something that was named before: "it is back"."""

    answering: re.Pattern[str]
    """That we asked."""

    handing: re.Pattern[str]
    """That they send what was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """A clause that says that something is lost."""

    place: slice
    was: bool
    """It is told in a tense of the past."""


def read_objections(table: Mapping[str, Mapping[str, Sequence[str]]]) -> Objections:
    """Make the patterns; `*` is the rest of a word, `~ ` up to four words. Raises TypeError where a list is missing."""
    return Objections(**{name: any_of(words) for name, words in table.items()})


def find_losses(folded: str, objections: Objections, turns: Turns) -> Iterator[Loss]:
    """Clauses of the folded text that say that something is lost, and is not found again further down."""
    before = ""
    for clause in _CLAUSE.finditer(folded):
        said = _lost_in(clause.group(), before if _points_back(clause.group(), objections) else "", objections, turns)
        before = clause.group()
        start = clause.start() + said.start() if said else 0
        if said is None or is_conditional(folded, start, turns) or _is_over(folded, clause, objections, turns):
            continue
        yield Loss(place=slice(*clause.span()), was=objections.past.search(clause.group()) is not None)


def is_back(folded: str, objections: Objections, turns: Turns) -> bool:
    """Whether a fault is named, and behind it that it has come back: "two days without an error, and now it is back"."""
    fault = objections.faults.search(folded)
    backs = objections.returned.finditer(folded, fault.end()) if fault else ()
    return any(_is_said(folded, back, turns) for back in backs)


def hands_over(folded: str, objections: Objections) -> bool:
    """Whether material is handed over: "here is the log"."""
    return objections.handing.search(folded) is not None


def answers(folded: str, objections: Objections) -> bool:
    """Whether it says that it answers what we asked."""
    return objections.answering.search(folded) is not None


def _is_said(folded: str, found: re.Match[str], turns: Turns) -> bool:
    """Whether it is neither denied nor under a condition."""
    is_denied = turns.denying.search(clause_before(folded, found.start(), turns))
    return not is_denied and not is_conditional(folded, found.start(), turns)


def _points_back(clause: str, objections: Objections) -> bool:
    """Whether it says something of what the clause before has named: "My mails? Gone."."""
    if objections.belongings.search(clause):
        return False
    return len(clause.split()) == 1 or objections.pointing.match(clause.lstrip(" |")) is not None


def _lost_in(clause: str, named: str, objections: Objections, turns: Turns) -> re.Match[str] | None:
    """Where a clause says so, perhaps of what the one before has named; None where it denies or imagines it, or is glad of it."""
    told = objections.by_accident.sub("", f"{named} {clause}")
    if objections.faults.search(told) or objections.imagined.search(told):
        return None
    said = objections.lacking.search(clause) or _misses(clause, named, objections)
    if said is None or turns.denial.search(f"{clause[: said.start()]} _ {clause[said.end() :]}"):
        return None
    return said


def _misses(clause: str, named: str, objections: Objections) -> re.Match[str] | None:
    told = f"{named} {clause}"
    if not objections.belongings.search(told) or objections.unwanted.search(told):
        return None
    if objections.past.search(clause) and objections.causes.search(clause):
        return None
    taken = objections.taken.search(clause)
    if taken and objections.owner.search(clause) and not objections.by_accident.search(clause):
        taken = None
    return objections.gone.search(clause) or taken


def _is_over(folded: str, clause: re.Match[str], objections: Objections, turns: Turns) -> bool:
    """Whether it is found again, or its owner does not mind, there or further down."""
    if objections.accepted.search(folded, clause.start()):
        return True
    found = objections.recovered.finditer(folded, clause.start())
    return any(state(folded, *one.span(), "", turns) is State.STATED for one in found)


def any_of(words: Mapping[str, Sequence[str]]) -> re.Pattern[str]:
    """One pattern for words of all languages; `*` is the rest of a word, `~ ` up to four words."""
    folded = {spelling for of_language in words.values() for word in of_language for spelling in spellings(word)}
    escaped = map(re.escape, sorted(folded, key=len, reverse=True))
    patterns = "|".join(word.replace(r"\*", r"\w*").replace(r"\~\ ", _GAP) for word in escaped)
    return re.compile(rf"(?<!\w)(?:{patterns})(?!\w)")
