"""Overlap: the places of a text that say what internal texts say, word for word or with small changes. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet

RUN_WORDS = 12
RUN_CHARACTERS = 60
"""So much in a row, alike in internal text, is no chance. Spaces and punctuation count as one character."""

WINDOW_WORDS = 20
SHARE = 0.44
"""Of the windows of this many words, how much of what three words in a row say is said in internal text, too: about one
word of ten may have been changed, left out or put in. Measured in benchmarks/leaks.py."""

_TRIPLE = 3
_WORD = re.compile(r"\w+")


def word_for_word(words: str, internal: Iterable[str], seen: Iterable[str]) -> list[tuple[int, int]]:
    """Beginning and end of each place that is the same, and that is in nothing `seen`."""
    spans, folded = _words(words)
    runs = set().union(*map(_runs, internal)).difference(*map(_runs, seen)) if folded else set()
    found = ((place, place + run.count(" ") + 1) for place, run in _long_runs(folded) if run in runs) if runs else ()
    return _merged(spans, found)


def with_changes(words: str, internal: Iterable[str], seen: Iterable[str]) -> list[tuple[int, int]]:
    """The same of each place that is nearly so."""
    spans, folded = _words(words)
    width = WINDOW_WORDS - _TRIPLE + 1
    said = set().union(*map(_triples, internal)).difference(*map(_triples, seen)) if len(folded) >= _TRIPLE else set()
    hits = [triple in said for triple in _in_threes(folded)] if said else []
    return _merged(spans, _dense(hits, width))


def _dense(hits: Sequence[bool], width: int) -> Iterator[tuple[int, int]]:
    """First and last word of the windows in which enough is alike; a short text is one window, and needs as much."""
    count = sum(hits[:width])
    for start in range(max(1, len(hits) - width + 1)):
        if start:
            count += hits[start + width - 1] - hits[start - 1]
        if count >= width * SHARE:
            alike = [place for place in range(start, min(start + width, len(hits))) if hits[place]]
            yield alike[0], alike[-1] + _TRIPLE


def _merged(spans: Sequence[tuple[int, int]], found: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Places in the text of words from one to before another, those that touch as one."""
    merged: list[tuple[int, int]] = []
    for first, behind in found:
        start, end = spans[first][0], spans[behind - 1][1]
        merged.append((merged.pop()[0] if merged and start <= merged[-1][1] else start, end))
    return merged


def _words(text: str) -> tuple[list[tuple[int, int]], list[str]]:
    spans = [found.span() for found in _WORD.finditer(text)]
    return spans, [text[start:end].casefold() for start, end in spans]


def _triples(text: str) -> AbstractSet[tuple[str, ...]]:
    return set(_in_threes(_words(text)[1]))


def _in_threes(folded: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return zip(*(folded[start:] for start in range(_TRIPLE)), strict=False)


def _runs(text: str) -> AbstractSet[str]:
    return {run for _, run in _long_runs(_words(text)[1])}


def _long_runs(folded: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Each run of words that is long enough to be compared, with the place of its first word."""
    for place in range(len(folded)):
        run, length = [], 0
        for word in folded[place : place + RUN_WORDS]:
            run.append(word)
            length += len(word) + 1
            if length > RUN_CHARACTERS:
                break
        if len(run) == RUN_WORDS or length > RUN_CHARACTERS:
            yield place, " ".join(run)
