"""Similar: the solved tickets that a new one is most like. Pure."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from maild.classify.folding import fold
from maild.classify.stopwords import STOPWORDS

LEAST = 0.12
"""Cosine of two tickets below which one says nothing about the other."""

MOST = 3
_CHARACTERS = 3_000
"""What an issue is about stands at its beginning."""

_WORD = re.compile(r"\w[\w.-]*\w")


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """A closed ticket, as far as it can help with another one."""

    number: int
    subject: str
    text: str
    """Subject and first mail of the client."""

    answer: str
    """What the client was last told."""


def find_similar(text: str, solved: Sequence[Solved]) -> list[Solved]:
    """The most similar first: cosine of TF-IDF over whole words (Salton and Buckley 1988), at most MOST of them."""
    if not solved:
        return []
    counted = [_counts(each.text) for each in solved]
    wanted = _counts(text)
    common = Counter(word for counts in counted for word in counts if word in wanted)
    idf = {word: math.log((1 + len(solved)) / (1 + common[word])) + 1 for word in wanted}
    scored = [(_cosine(wanted, counts, idf, len(solved)), each) for counts, each in zip(counted, solved, strict=True)]
    best = sorted(scored, key=lambda row: (-row[0], -row[1].number))[:MOST]
    return [each for likeness, each in best if likeness >= LEAST]


def _cosine(wanted: Mapping[str, int], other: Mapping[str, int], idf: Mapping[str, float], among: int) -> float:
    shared = sum(_weight(wanted[word]) * _weight(other[word]) * idf[word] ** 2 for word in wanted.keys() & other.keys())
    if not shared:
        return 0.0
    rare = math.log(1 + among) + 1
    return shared / (_length(wanted, idf, rare) * _length(other, idf, rare))


def _length(counts: Mapping[str, int], idf: Mapping[str, float], rare: float) -> float:
    # Words that only the other ticket has are counted as rare ones: to weigh them exactly would take all pairs.
    return math.sqrt(sum((_weight(times) * idf.get(word, rare)) ** 2 for word, times in counts.items()))


def _weight(times: int) -> float:
    return 1 + math.log(times)


@lru_cache(maxsize=2_000)
def _counts(text: str) -> Mapping[str, int]:
    return Counter(_words(text[:_CHARACTERS]))


def _words(text: str) -> Iterable[str]:
    return (word for word in _WORD.findall(fold(text)) if word not in STOPWORDS)
