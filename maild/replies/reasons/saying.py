"""Say a reason in another language: the row that it fits is found, and what stands in its slots put into the sentence."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from maild.replies.reasons.rows import JOINTS, LANGUAGES, Row, cut, read_reasons, read_words
from maild.replies.sheet import KIND_NAMES
from maild.replies.typography import french, requoted
from maild.replies.words import colon

_DEPTH = 8
"""Reasons within reasons; deeper ones stay as they are."""

_MOST_JOINED = 4
"""Parts between semicolons or commas in one row, at most."""

_LONGEST = 10_000
"""A longer reason stays as it is."""

_MOST_JOINTS = 40
"""In a reason that is taken apart; one that has more was made to cost time, or is a list of names."""

_OPEN, _SHUT = "\N{LEFT DOUBLE QUOTATION MARK}", "\N{RIGHT DOUBLE QUOTATION MARK}"

_KEY = 2
"""Characters by which rows are looked up."""


def say(reason: str, language: str) -> str:
    """The reason in the language; in English, and where nothing is known of it, as it was kept."""
    if language not in LANGUAGES:
        label, joint, rest = reason.partition(": ")
        return f"{label.replace('_', ' ')}{joint}{rest}" if label in read_words() else reason
    said = _say(reason, language, _DEPTH) if len(reason) <= _LONGEST else reason
    return requoted(said, language) if said != reason else reason


def say_word(word: str, language: str) -> str:
    """A word of ours that no reason stands around: an event, a status, a role."""
    return _word(word, language, _DEPTH) if language in LANGUAGES else word


def _say(reason: str, language: str, depth: int) -> str:
    if not depth:
        return reason
    said = _whole(reason, language, depth)
    return _in_parts(reason, language, depth) if said is None else said


def _whole(reason: str, language: str, depth: int) -> str | None:
    """As one row says it; None where none does."""
    if " " in reason:
        for row in _candidates(reason):
            if (values := _fit(reason, row)) is not None:
                return _fill(row, values, language, depth)
    return None


def _known(reason: str, language: str, depth: int) -> str | None:
    """As a word of ours or one row says it; None where none does."""
    return read_words()[reason][language] if reason in read_words() else _whole(reason, language, depth)


def _word(word: str, language: str, depth: int) -> str:
    """What a reason names: a word of ours, a kind of the sheet, or a reason itself."""
    if word in read_words():
        return read_words()[word][language]
    if word in KIND_NAMES:
        return KIND_NAMES[word][language]
    return _say(word, language, depth)


def _in_parts(reason: str, language: str, depth: int) -> str:
    """Reason by reason, where it is several; what the client wrote stands between quotation marks and stays whole."""
    if sum(map(reason.count, JOINTS)) > _MOST_JOINTS:
        return reason
    label, *rest = _split(reason, ": ")
    if rest and (said := _whole(rest[0], language, depth - 1)) is not None:
        return f"{_word(label, language, depth - 1)}{colon(language)} {said}"
    for joint in JOINTS:
        parts = _split(reason, joint)
        if len(parts) > 1:
            said_parts = _each(parts, joint, language, depth - 1)
            return (french(" " + joint) if language == "fr" and joint != ", " else joint).join(said_parts)
    return reason


def _each(parts: Sequence[str], joint: str, language: str, depth: int) -> Iterator[str]:
    """Each part said; a row, or a word of ours, may hold the joint itself, and then it says as many of them as it can."""
    start = 0
    while start < len(parts):
        ends = range(min(len(parts), start + _MOST_JOINED), start + 1, -1) if joint != ": " else ()
        whole = ((end, _known(joint.join(parts[start:end]), language, depth)) for end in ends)
        end, said = next(((end, said) for end, said in whole if said is not None), (start + 1, None))
        yield _word(parts[start], language, depth) if said is None else said
        start = end


def _split(reason: str, joint: str) -> list[str]:
    parts, start, place = [], 0, reason.find(joint)
    while place >= 0:
        if _is_outside(reason, place):
            parts.append(reason[start:place])
            start = place + len(joint)
            if joint == ": ":
                break
        place = reason.find(joint, place + len(joint))
    return [*parts, reason[start:]]


def _is_outside(reason: str, place: int) -> bool:
    """Whether no quotation is open there."""
    before = reason[:place]
    return before.count(_OPEN) <= before.count(_SHUT)


def _fit(reason: str, row: Row) -> Mapping[str, str] | None:
    """What stands in the row's slots; None where it is another reason. Each slot takes as little as it can."""
    first, *middle = row.fixed
    if not middle:
        return {} if reason == first else None
    last = middle.pop()
    end = len(reason) - len(last)
    if not reason.startswith(first) or not reason.endswith(last) or len(first) >= end:
        return None
    values, start = [], len(first)
    for fixed in middle:
        place = reason.find(fixed, start + 1, end)
        if place < 0:
            return None
        values.append(reason[start:place])
        start = place + len(fixed)
    values.append(reason[start:end])
    if any(before.endswith(_OPEN) and _SHUT in value for before, value in zip(row.fixed, values, strict=False)):
        return None  # the quotation ends before, and what follows is another reason
    slots = list(zip(row.slots, values, strict=True))
    return {slot.name: value for slot, value in slots} if all(slot.holds(value) for slot, value in slots) else None


def _fill(row: Row, values: Mapping[str, str], language: str, depth: int) -> str:
    fixed, slots = cut(row.said[language])
    filled = [_word(values[slot.name], language, depth - 1) if slot.is_said else values[slot.name] for slot in slots]
    return "".join(_woven(fixed, filled))


def _woven(fixed: Sequence[str], filled: Sequence[str]) -> Iterator[str]:
    for part, value in zip(fixed, filled, strict=False):
        yield part
        yield value
    yield fixed[-1]


def _candidates(reason: str) -> Sequence[Row]:
    """The rows that it may fit, the one that says most first."""
    by_start = _by_start()
    found = [row for length in range(_KEY + 1) for row in by_start.get(reason[:length], ())]
    return sorted(found, key=lambda row: -row.weight)


@cache
def _by_start() -> Mapping[str, Sequence[Row]]:
    """Rows by how they begin, as far as that is fixed."""
    rows: defaultdict[str, list[Row]] = defaultdict(list)
    for row in read_reasons():
        rows[row.fixed[0][:_KEY]].append(row)
    return rows
