"""The clause in which a phrase stands, and whether it is stated there: not asked, supposed, or long past."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from maild.classify.folding import alternatives

_BEFORE = 120
"""Characters before a phrase that are read; no clause that a person follows is longer."""

_AFTER = 60

_NOT_AT_END = r"(?<![\w'])(?:not|nicht|non|no|pas|\w+n't) *\Z"
_SENTENCE_END = re.compile(r"[.!?|]+(?= |\Z|\|)|\|")
_END = re.compile(r" *(?:[.!:;,|()]|\Z)")
_HEAD = re.compile(r"[ |]*(?:[\w'-]+,? ?){0,4}")
"""The first words of a sentence; German puts its "aber" behind the verb."""

_BREAK = re.compile(r"[.!?](?= |\Z)|[:;,|()¿¡]")


class State(Enum):
    """How a phrase is meant."""

    STATED = "stated"
    DENIED = "denied"
    NOT_STATED = "not stated"
    """Asked, supposed, wished, told of the past or of something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """The small words of all languages that turn a statement around; patterns for folded text."""

    denying: re.Pattern[str]
    """At the end of what stands before a phrase."""

    denying_behind: re.Pattern[str]
    """At the beginning of what stands behind it, as German and French put their "not"."""

    denial: re.Pattern[str]
    """Anywhere between the words of a phrase."""

    awaiting: re.Pattern[str]
    """At the end of what stands before a phrase: it will happen, or happens each time."""

    supposing: re.Pattern[str]
    """A wish, a plan or a doubt: what follows has not happened."""

    conditional: re.Pattern[str]
    """A condition or a hope, which holds for the rest of its sentence."""

    aside: re.Pattern[str]
    """Before a phrase: it is about something else, or about the past."""

    aside_behind: re.Pattern[str]
    """Likewise, behind it."""

    resuming: re.Pattern[str]
    """What, after an "and", begins anew to tell how it is: an aside before it is over."""

    asking: re.Pattern[str]
    """How a clause begins that asks."""

    contrasting: re.Pattern[str]
    """What begins a new statement in the middle of a sentence."""

    adding: re.Pattern[str]
    """What begins a sentence that tells something else beside what was said before."""

    hedging: re.Pattern[str]
    """What limits a statement before it in the same sentence: a "but", a condition, a "not" at the end."""

    promising: re.Pattern[str]
    """What makes a condition behind a statement harmless: "works now, I'll let you know if it comes back"."""

    courtesy: re.Pattern[str]
    """Single words that say nothing beside others, such as "hi" and "thanks"."""

    verifying: re.Pattern[str]
    """What stands in a question whether it is solved."""


def read_turns(table: Mapping[str, Mapping[str, Sequence[str]]]) -> Turns:
    """Make the patterns. Raises KeyError where a list is missing."""
    contrast, joining = alternatives(table["contrasting"]), alternatives(table["joining"])
    word = rf"(?:(?!(?:{contrast}|{joining})(?!\w))[\w'-]+ )"
    gap, wide_gap = rf"{word}{{0,3}}", rf"{word}{{0,5}}"
    far = alternatives(table["denying_far"])
    denial = rf"(?:{alternatives(table['denying'])}|\w+n't|n'\w+)"
    return Turns(
        denying=re.compile(rf"(?:(?<![\w'])(?:{denial} {gap}|(?:{far}) {wide_gap})|(?<!\w)n')\Z"),
        denying_behind=re.compile(rf"\A {gap}(?:{alternatives(table['denying_behind'])})(?!\w)"),
        denial=re.compile(rf"(?<![\w']){denial}(?!\w)"),
        awaiting=re.compile(rf"(?<!\w)(?:{alternatives(table['awaiting'])}) ?\Z"),
        supposing=re.compile(rf"(?<!\w)(?:{alternatives(table['supposing'])})(?!\w)"),
        conditional=re.compile(rf"(?<!\w)(?:{alternatives(table['conditional'])})(?!\w)"),
        aside=re.compile(rf"(?<!\w)(?:{alternatives(table['aside'])})(?!\w)"),
        aside_behind=re.compile(rf"\A *(?:[\w'-]+ ){{0,3}}?(?:{alternatives(table['aside_behind'])})(?!\w)"),
        resuming=re.compile(rf"(?<!\w)(?:{alternatives(table['resuming'])})(?!\w)"),
        asking=re.compile(rf"(?:{joining}|{contrast})? ?(?:{alternatives(table['asking'])})(?!\w)"),
        contrasting=re.compile(rf"(?<!\w)(?:{contrast})(?!\w)"),
        adding=re.compile(rf"[ |]*(?:(?:and|und|et|y),? )?(?:{alternatives(table['adding'])})(?!\w)"),
        hedging=re.compile(rf"(?<!\w)(?:{contrast}|{alternatives(table['hedging'])})(?!\w)|{_NOT_AT_END}"),
        promising=re.compile(rf"(?<!\w)(?:{alternatives(table['promising'])})(?!\w)"),
        courtesy=re.compile(alternatives(table["courtesy"])),
        verifying=re.compile(rf"(?<!\w)(?:{alternatives(table['verifying'])})(?!\w)"),
    )


def state(folded: str, start: int, end: int, gap: str, turns: Turns) -> State:
    """How the phrase at `start` to `end` of the folded text is meant; `gap` are the words between its own."""
    clause = clause_before(folded, start, turns)
    behind = _BREAK.split(folded[end : end + _AFTER], maxsplit=1)[0]
    if is_conditional(folded, start, turns) or turns.awaiting.search(clause):
        return State.NOT_STATED
    if turns.denying.search(clause) or turns.denying_behind.match(behind) or turns.denial.search(gap):
        return State.DENIED
    if turns.supposing.search(f"{clause} {gap}") or _is_aside(clause, turns) or turns.aside_behind.match(behind):
        return State.NOT_STATED
    return State.NOT_STATED if is_asked(folded, start, end, turns) else State.STATED


def _is_aside(clause: str, turns: Turns) -> bool:
    """Whether it is about something else, or about the past: "the old profile", not "I deleted the old profile and now"."""
    return turns.aside.search(turns.resuming.split(clause)[-1]) is not None


def clause_before(folded: str, start: int, turns: Turns) -> str:
    """What stands between the beginning of the clause and `start`."""
    text = _BREAK.split(folded[max(0, start - _BEFORE) : start])[-1]
    begun = [found.end() for found in turns.contrasting.finditer(text)]
    return text[begun[-1] :] if begun else text


def is_asked(folded: str, start: int, end: int, turns: Turns) -> bool:
    """Whether the sentence ends in a question mark, and the phrase in its last clause or in one that asks."""
    mark = _SENTENCE_END.search(folded, end)
    if mark is None or "?" not in mark.group():
        return False
    is_last = not _BREAK.search(folded[end : mark.start()]) and not turns.contrasting.search(folded[end : mark.start()])
    return is_last or turns.asking.match(clause_before(folded, start, turns).strip()) is not None


def is_hedged(folded: str, end: int, turns: Turns) -> bool:
    """Whether what stands behind it in its sentence takes some of it back."""
    mark = _SENTENCE_END.search(folded, end)
    behind = folded[end : mark.start() if mark else len(folded)]
    hedge = turns.hedging.search(behind)
    return hedge is not None and not turns.promising.search(behind, 0, hedge.start())


def is_followed_by_more(folded: str, end: int, turns: Turns) -> bool:
    """Whether a later sentence takes some of it back or adds to it: "It works. But the screen is black.", "Now my screen is black."."""
    ends = (mark.end() for mark in _SENTENCE_END.finditer(folded, end))
    starts = [start for start in ends if folded[start : start + 2] != " |"]  # of empty paragraphs the last
    heads = [_HEAD.match(folded, start) for start in starts]
    is_taken_back = any(head is not None and turns.contrasting.search(folded, *head.span()) for head in heads)
    return is_taken_back or any(turns.adding.match(folded, start) for start in starts)


def ends_clause(folded: str, end: int) -> bool:
    """Whether nothing of the clause stands behind."""
    return _END.match(folded, end) is not None


def sentence_of(folded: str, place: int) -> int:
    """The number of the sentence that the place is in, from 0."""
    return sum(1 for _ in _SENTENCE_END.finditer(folded, 0, place))


def is_conditional(folded: str, start: int, turns: Turns) -> bool:
    """Whether an "if" stands anywhere before it in its sentence, and no "but" between."""
    sentence = _SENTENCE_END.split(folded[max(0, start - _BEFORE) : start])[-1]
    return turns.conditional.search(turns.contrasting.split(sentence)[-1]) is not None


def stands_in_condition(folded: str, place: slice, turns: Turns) -> bool:
    """Whether an "if" stands in its sentence, before or behind it."""
    end = _SENTENCE_END.search(folded, place.stop)
    behind = turns.conditional.search(folded, place.stop, end.start() if end else len(folded))
    return behind is not None or is_conditional(folded, place.start, turns)
