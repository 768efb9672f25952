"""A sign that is a whole clause: "solved", or the bare yes to the question whether it works."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from maild.classify.clause import is_asked, is_conditional, is_hedged
from maild.classify.intents import Intents
from maild.classify.sign import HEDGED, FoundSign, Sign

_CLAUSE = re.compile(r"[^.!?:;,|()\u00bf\u00a1]+")
_ALTERNATIVE = re.compile(r"\b(?:or|still|oder|noch|ou|toujours|encore|o|sigue|todavia|aun)\b")
"""In folded text: a bare yes to "is it solved, or is there more?" says nothing, to "is it still broken?" the reverse."""

_FIRST_CLAUSES = 12
"""What a whole clause says is said near the top."""

_LONGEST = 80
"""Characters of a clause, courtesy included."""

_SENTENCE = re.compile(r"[^.!?|]+[.!?|]*")


def find_alone(folded: str, intents: Intents, found: Sequence[FoundSign], parent: str) -> Iterator[FoundSign]:
    """Signs that fill a clause of the folded text, courtesy around them aside.

    A bare yes or no, first in the text, counts where the last question of the folded `parent` is whether it is solved.
    """
    says = {one.says for one in found}
    for number, clause in enumerate(islice(_CLAUSE.finditer(folded), _FIRST_CLAUSES)):
        if len(clause.group()) > _LONGEST:
            continue
        start, end = _without_courtesy(clause, intents)
        sign = intents.alone.get(folded[start:end])
        if sign is None or _is_found(found, sign, start, end):
            continue
        if is_asked(folded, start, end, intents.turns) or is_conditional(folded, start, intents.turns):
            continue
        said = sign.says
        if said in ("yes", "no"):
            if number or says & {"resolved", "not_resolved", "partly"} or not _asks_if_solved(parent, intents):
                continue
            said = "resolved" if said == "yes" else "not_resolved"
        if said == "resolved" and is_hedged(folded, end, intents.turns):
            said = HEDGED
        yield FoundSign(sign=sign, says=said, points=sign.points, place=slice(start, end))


def _is_found(found: Sequence[FoundSign], sign: Sign, start: int, end: int) -> bool:
    """Whether a phrase in the clause says as much already."""
    return any(
        one.points >= sign.points and one.place.start < end and start < one.place.stop
        for one in found
        if one.says != "nothing"
    )


def _without_courtesy(clause: re.Match[str], intents: Intents) -> tuple[int, int]:
    """Where the clause begins and ends without "hi", "thanks" and the like around it."""
    courtesy = intents.turns.courtesy
    start, end = clause.span()
    words = [(word.start() + start, word.end() + start) for word in re.finditer(r"\S+", clause.group())]
    texts = [clause.string[first:last].strip("_*\"'") for first, last in words]
    while len(words) > 1 and courtesy.fullmatch(texts[0]):
        del words[0], texts[0]
    while len(words) > 1 and courtesy.fullmatch(texts[-1]):
        del words[-1], texts[-1]
    return (words[0][0], words[-1][1]) if words else (start, end)


def _asks_if_solved(parent: str, intents: Intents) -> bool:
    """Whether the last question of the text is whether it works, without an "or"."""
    questions = [sentence for sentence in _SENTENCE.findall(parent) if sentence.rstrip(".!|").endswith("?")]
    if not questions or _ALTERNATIVE.search(questions[-1]):
        return False
    return intents.turns.verifying.search(questions[-1]) is not None
