"""Likeness: how much two mails say the same, by the words and pairs that the classifier counts. Pure."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from maild.classify.terms import about
from maild.classify.text import model_text

LONGEST = 60
"""Terms of a text that are looked at: its rarest ones."""

COMMON = 400
"""Terms of a desk whose rarity goes with an incident; all others are as rare as what was never seen."""

Vector = Mapping[str, float]
"""Term to weight; its length is one."""


def count_terms(subject: str, text: str) -> Mapping[str, int]:
    """What a mail says, as the classifier reads it."""
    return Counter(about(model_text(subject, text)))


class Rarity:
    """How rare terms are at this desk: inverse document frequency, smoothed (Spärck Jones 1972; 1 is added to both counts)."""

    def __init__(self) -> None:
        """Nothing seen yet."""
        self._texts = 0
        self._with: Counter[str] = Counter()

    def see(self, counts: Iterable[str]) -> None:
        """Count a text; each term once."""
        self._texts += 1
        self._with.update(set(counts))

    def of(self, term: str) -> float:
        """Give its weight, 1 where every text has it."""
        return math.log((1 + self._texts) / (1 + self._with[term])) + 1

    def usual(self, besides: Iterable[str]) -> dict[str, float]:
        """Of these terms and the commonest ones; under the empty term that of one never seen."""
        common = [term for term, _ in self._with.most_common(COMMON)]
        return {"": self.of(""), **{term: round(self.of(term), 4) for term in (*common, *besides)}}


def weigh(counts: Mapping[str, int], rarity: Mapping[str, float]) -> Vector:
    """TF-IDF of length one (Salton and Buckley 1988); `rarity` as of `Rarity.usual`."""
    rare = rarity.get("", 1.0)
    return _of_length_one({term: (1 + math.log(n)) * rarity.get(term, rare) for term, n in counts.items()})


def weigh_by(counts: Mapping[str, int], rarity: Rarity) -> Vector:
    """Likewise, by all that the desk has seen."""
    return _of_length_one({term: (1 + math.log(n)) * rarity.of(term) for term, n in counts.items()})


def likeness(one: Vector, other: Vector) -> float:
    """Cosine, from 0 to 1."""
    if len(other) < len(one):
        one, other = other, one
    return sum(weight * other.get(term, 0.0) for term, weight in one.items())


def middle(vectors: Sequence[Vector]) -> Vector:
    """What many texts have in common: their mean, of length one."""
    summed: defaultdict[str, float] = defaultdict(float)
    for vector in vectors:
        for term, weight in vector.items():
            summed[term] += weight
    return _of_length_one(summed)


def shared_words(vectors: Sequence[Vector], *, most: int) -> tuple[str, ...]:
    """The words that at least half of the texts have, weightiest first."""
    having = Counter(term for vector in vectors for term in vector if " " not in term)
    weights = middle(vectors)
    shared = [term for term, count in having.items() if 2 * count >= len(vectors)]
    return tuple(sorted(shared, key=lambda term: (-weights.get(term, 0.0), term))[:most])


def _of_length_one(weights: Mapping[str, float]) -> Vector:
    kept = sorted(weights.items(), key=lambda row: (-row[1], row[0]))[:LONGEST]
    length = math.sqrt(sum(weight**2 for _, weight in kept))
    return {term: weight / length for term, weight in kept} if length else {}
