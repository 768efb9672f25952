"""A text in pieces: its clauses, its lines, and what an "and" joins."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

DASHES = "\N{EN DASH}\N{EM DASH}"
_BREAK = re.compile(rf"[.!?…]+(?=[ |)\"]|\Z)|[;|()¿¡{DASHES}]|[:,](?= |\Z)| - | (?:and|und|et|y|e) ")

_SHORT_LINE = 50
"""Characters: what ends before is broken by its author, not by a program."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of a text."""

    place: slice
    before: str
    """What stands between it and the piece before; empty where it is the first."""

    behind: str


def line_starts(text: str) -> frozenset[int]:
    """Where, in the text on one line, a line of its own begins."""
    starts, place, end = set[int](), 0, 0
    for word in re.finditer(r"\S+", unicodedata.normalize("NFC", text)):
        gap = word.string[end : word.start()]
        place += 2 * max(0, gap.count("\n") - 1) if end else 0  # a bar for every paragraph
        if "\n" in gap and end - (word.string.rfind("\n", 0, end) + 1) < _SHORT_LINE:
            starts.add(place)
        place += len(word.group()) + 1
        end = word.end()
    return frozenset(starts)


def pieces_of(masked: str, starts: frozenset[int]) -> Iterator[Piece]:
    """Parts of the text that have a letter, or something that stands in place of one; `starts` are of lines."""
    breaks = [(found.start(), found.end(), found.group()) for found in _BREAK.finditer(masked)]
    breaks += [(start, start, "|") for start in starts if 0 < start < len(masked)]
    begin, before = 0, ""
    for first, last, mark in [*sorted(breaks), (len(masked), len(masked), "")]:
        if first > begin and re.search(r"[^\W_]|[\x01-\x04]|:-?\(", masked[begin:first]):
            yield Piece(place=slice(begin, first), before=before, behind=mark)
            before = mark
        elif mark.strip():
            before = mark
        begin = max(begin, last)
