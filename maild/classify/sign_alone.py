"""A sign that is a whole clause: "solved", or the bare yes to the question whether it works."""

import re
from collections.abc import Iterator, Sequence

from maild.classify.clause import is_asked
from maild.classify.intents import Intents
from maild.classify.sign import FoundSign

_CLAUSE = re.compile(r"[^.!?:;,|()\u00bf\u00a1]+")
_SENTENCE = re.compile(r"[^.!?|]+[.!?|]*")


def find_alone(folded: str, intents: Intents, found: Sequence[FoundSign], parent: str) -> Iterator[FoundSign]:
    """Signs that fill a clause of the folded text, courtesy around them aside.

    A bare yes or no, first in the text, counts where the last question of the folded `parent` is whether it is solved.
    """
    says = {one.says for one in found}
    for number, clause in enumerate(_CLAUSE.finditer(folded)):
        start, end = _without_courtesy(clause, intents)
        sign = intents.alone.get(folded[start:end])
        if sign is None or is_asked(folded, start, end, intents.turns):
            continue
        said = sign.says
        if said in ("yes", "no"):
            if number or says & {"resolved", "not_resolved", "partly"} or not _asks_if_solved(parent, intents):
                continue
            said = "resolved" if said == "yes" else "not_resolved"
        yield FoundSign(sign=sign, says=said, points=sign.points, place=slice(start, end))


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
    return bool(questions) and intents.turns.verifying.search(questions[-1]) is not None
