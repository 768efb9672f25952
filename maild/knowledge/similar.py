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


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How much another text is like the one in question."""

    place: int
    """Which of the others it is, from 0."""

    score: float
    """Cosine, 1 for the same words."""

    shared: tuple[str, ...]
    """Words of both, the most telling first."""


def find_similar(text: str, solved: Sequence[Solved]) -> list[tuple[Solved, tuple[str, ...]]]:
    """The most similar first, at most MOST of them, each with the words because of which it is."""
    alike = [(one, solved[one.place]) for one in liken(text, [each.text for each in solved])]
    found = sorted(alike, key=lambda row: (-row[0].score, -row[1].number))[:MOST]
    return [(each, one.shared) for one, each in found]


def liken(text: str, texts: Sequence[str]) -> list[Likeness]:
    """The most like first, without what is below LEAST: cosine of TF-IDF over whole words (Salton and Buckley 1988)."""
    wanted, others = _weigh(text), [_weigh(each) for each in texts]
    shared = [wanted.weights.keys() & other.weights.keys() for other in others]
    common = Counter(word for words in shared for word in words)
    rarity = {word: (math.log((1 + len(texts)) / (1 + common[word])) + 1) ** 2 for word in wanted.weights}
    # Words of one text alone count as rare ones: to count them among all texts would take most of the time.
    rare = (math.log(1 + len(texts)) + 1) ** 2
    length = sum(weight**2 * rarity[word] for word, weight in wanted.weights.items())
    scored = []
    for place, (words, other) in enumerate(zip(shared, others, strict=True)):
        products = {word: wanted.weights[word] * other.weights[word] * rarity[word] for word in words}
        product = sum(products.values())
        theirs = rare * other.square - sum(other.weights[word] ** 2 * (rare - rarity[word]) for word in words)
        if product and product / math.sqrt(length * theirs) >= LEAST:
            telling = tuple(sorted(products, key=lambda word: (-products[word], word)))
            scored.append(Likeness(place=place, score=product / math.sqrt(length * theirs), shared=telling))
    return sorted(scored, key=lambda each: (-each.score, each.place))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Weighed:
    """A text by its words."""

    weights: Mapping[str, float]
    """Word to 1 + ln of how often it stands there."""

    square: float
    """Of all weights, summed up."""


@lru_cache(maxsize=2_000)
def _weigh(text: str) -> _Weighed:
    counts = Counter(_words(text[:_CHARACTERS]))
    weights = {word: 1 + math.log(times) for word, times in counts.items()}
    return _Weighed(weights=weights, square=sum(weight**2 for weight in weights.values()))


def _words(text: str) -> Iterable[str]:
    return (word for word in _WORD.findall(fold(text)) if word not in STOPWORDS)
