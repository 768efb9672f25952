"""A sign of what a reply means: a phrase such as "works now", where it stands and how it is meant there."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from maild.classify.intent.clause import (
    State,
    Turns,
    ends_clause,
    is_asked,
    is_conditional,
    is_hedged,
    sentence_of,
    state,
)
from maild.classify.phrase import Phrase, keys

HEDGED = "hedged"
"""What "it works, but ..." says: no label of its own."""

_FIRST_SENTENCES = 5
"""People say first whether it works; what stands further down counts a point less, and then two."""

_MOST_LATE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One row of the table of phrases."""

    name: str
    says: str
    """A label, or: `nothing` (other signs do not see its words), `unclear` (no label may be given), `promise` (the author
    has yet to try), `yes` and `no` (of a bare answer)."""

    points: int
    points_at_end: int
    """Where it ends its clause: "the new password works"."""

    denied: str | None
    """What it says with "not" before it; None: nothing."""

    is_statement: bool
    """It counts only where it is stated, and not where it is asked, supposed or long past."""

    is_first: bool
    """Its phrases are looked for before longer ones of others ("is partly solved")."""

    is_loose: bool
    """A wish or a complaint: it counts unless it stands under a condition."""

    is_of_ticket: bool = False
    """It speaks of the ticket: of nothing else may be said there that it be closed."""

    is_understood: bool = False
    """It counts only where all that stands beside it is understood: "prints again" may go on with what it prints."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSign:
    """A sign in a text."""

    sign: Sign
    says: str
    points: int
    place: slice


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A phrase and the sign that it is one of."""

    rank: int
    """Lower ones are looked for first, and take their words from the others."""

    phrase: Phrase
    sign: Sign


def find_signs(folded: str, entries: Mapping[str, Sequence[Entry]], turns: Turns) -> list[FoundSign]:
    """All signs in the order of the text. `entries`: by the keys of their phrases."""
    rest = folded
    found: list[FoundSign] = []
    present = keys(folded)
    possible = [
        entry for key in entries.keys() & present for entry in entries[key] if present.issuperset(entry.phrase.needs)
    ]
    for entry in sorted(possible, key=lambda entry: entry.rank):
        for match in list(entry.phrase.places(rest)):
            own = set(entry.phrase.words.split())
            gap = " ".join(word for word in match.group().split() if word not in own)
            if turns.contrasting.search(gap):
                continue
            rest = f"{rest[: match.start()]}{'_' * len(match.group())}{rest[match.end() :]}"
            found += _read(entry.sign, folded, match, gap, turns)
    return sorted(found, key=lambda one: one.place.start)


def _read(sign: Sign, folded: str, match: re.Match[str], gap: str, turns: Turns) -> Iterator[FoundSign]:
    says: str | None = sign.says
    is_weighed = sign.is_statement or sign.is_loose
    if is_weighed:
        meant = state(folded, match.start(), match.end(), gap, turns)
        says = {State.STATED: sign.says, State.DENIED: sign.denied}.get(meant)
        if sign.is_loose and says is None and _is_meant(sign, folded, match, turns):
            says = sign.says
    if says == "resolved" and is_hedged(folded, match.end(), turns):
        says = HEDGED
    if says is not None:
        late = sentence_of(folded, match.start()) // _FIRST_SENTENCES if is_weighed else 0
        points = sign.points_at_end if says == sign.denied or ends_clause(folded, match.end()) else sign.points
        if points == 0 < sign.points_at_end:  # it counts nowhere else
            return
        yield FoundSign(sign=sign, says=says, points=max(1, points - min(late, _MOST_LATE)), place=slice(*match.span()))


def _is_meant(sign: Sign, folded: str, match: re.Match[str], turns: Turns) -> bool:
    """Whether a wish or a complaint stands: a complaint may be asked ("why does it still fail?"), a wish may not."""
    is_wish = sign.says == "resolved"
    is_asked_too = is_wish and is_asked(folded, match.start(), match.end(), turns)
    return not is_asked_too and not is_conditional(folded, match.start(), turns)
