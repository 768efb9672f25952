"""A sign that is a whole clause: "solved", or the bare yes to the question whether it works."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice, takewhile

from maild.classify.intent.clause import is_asked, is_conditional, is_hedged
from maild.classify.intent.intents import Intents
from maild.classify.intent.sign import HEDGED, FoundSign, Sign

_CLAUSE = re.compile(r"[^.!?:;,|()\u00bf\u00a1]+")
_ALTERNATIVE = re.compile(r"\b(?:or|still|oder|noch|ou|toujours|encore|o|sigue|todavia|aun)\b")
"""In folded text: a bare yes to "is it solved, or is there more?" says nothing, to "is it still broken?" the reverse."""

_FIRST_CLAUSES = 12
"""What a whole clause says is said near the top."""

_LONGEST = 80
"""Characters of a clause, courtesy included."""

_LONGEST_GREETING = 4
"""Words: "Guten Tag Frau Ruiz"."""

_ANSWERS = {"yes": "resolved", "no": "not_resolved"}
"""What a bare answer says to the question whether it works."""

_DOUBLED = re.compile(r"(?<![\w'])(yes|yeah|ja|oui|ouais|sy)(?:\W+\1)+(?!\w)")
"""Said twice, a yes is as often a sigh."""

_SENTENCE = re.compile(r"[^.!?|]+[.!?|]*")


def find_alone(folded: str, intents: Intents, found: Sequence[FoundSign], parent: str) -> Iterator[FoundSign]:
    """Signs that fill a clause of the folded text, courtesy around them aside.

    A bare yes or no, first in the text but for a greeting, counts where the last question of the folded `parent` is whether
    it is solved.
    """
    says = {one.says for one in found}
    may_answer = not says & {"resolved", "not_resolved", "partly"} and _asks_if_solved(parent, intents)
    may_answer = may_answer and not _DOUBLED.search(folded)
    for clause in islice(_CLAUSE.finditer(folded), _FIRST_CLAUSES):
        if one := _find_in(clause, intents, found, may_answer=may_answer):
            yield one
        may_answer = may_answer and _is_greeting(clause.group(), intents)


def _find_in(
    clause: re.Match[str], intents: Intents, found: Sequence[FoundSign], *, may_answer: bool
) -> FoundSign | None:
    if len(clause.group()) > _LONGEST:
        return None
    folded, spans = clause.string, _spans(clause, intents)
    start, end = next((span for span in spans if folded[slice(*span)] in intents.alone), spans[0])
    sign = intents.alone.get(folded[start:end])
    if sign is None or _is_found(found, sign, start, end):
        return None
    if is_asked(folded, start, end, intents.turns) or is_conditional(folded, start, intents.turns):
        return None
    if sign.says in _ANSWERS and not may_answer:
        return None
    said = _ANSWERS.get(sign.says, sign.says)
    if said == "resolved" and is_hedged(folded, end, intents.turns):
        said = HEDGED
    return FoundSign(sign=sign, says=said, points=sign.points, place=slice(start, end))


def _is_greeting(clause: str, intents: Intents) -> bool:
    """Whether it is nothing but a greeting, and perhaps a name; or nothing at all."""
    words = clause.split()
    is_short = len(words) <= _LONGEST_GREETING
    return not words or (is_short and intents.harmless.greetings.match(clause.strip()) is not None)


def _is_found(found: Sequence[FoundSign], sign: Sign, start: int, end: int) -> bool:
    """Whether a phrase in the clause says as much already."""
    return any(
        one.points >= sign.points and one.place.start < end and start < one.place.stop
        for one in found
        if one.says != "nothing"
    )


def _spans(clause: re.Match[str], intents: Intents) -> list[tuple[int, int]]:
    """Where what the clause says may begin and end: without "hi", "thanks" and the like around it, or behind it alone.

    A "yes" is such a word, too, and makes of "it's fine" an answer.
    """
    start = clause.start()
    words = [(word.start() + start, word.end() + start) for word in re.finditer(r"\S+", clause.group())]
    if not words:
        return [clause.span()]
    is_courtesy = [
        intents.turns.courtesy.fullmatch(clause.string[slice(*word)].strip("_*\"'")) is not None for word in words
    ]
    last = len(words) - 1
    begin = next((place for place in range(last) if not is_courtesy[place]), last)
    end = next((place for place in range(last, begin, -1) if not is_courtesy[place]), begin)
    behind = takewhile(lambda place: place == last or is_courtesy[place + 1], range(last, 0, -1))
    return [(words[begin][0], words[end][1]), *((words[0][0], words[place][1]) for place in behind)]


def _asks_if_solved(parent: str, intents: Intents) -> bool:
    """Whether the last question of the text is whether it works, without an "or"."""
    questions = [sentence for sentence in _SENTENCE.findall(parent) if sentence.rstrip(".!|").endswith("?")]
    if not questions or _ALTERNATIVE.search(questions[-1]):
        return False
    return intents.turns.verifying.search(questions[-1]) is not None
