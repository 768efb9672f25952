"""One text beside all that came before it: cosines, summed up over the terms that they share. Pure."""

from array import array
from bisect import bisect_left
from collections.abc import Mapping

import numpy as np


class Compared:
    """Vectors in the order in which they came, by their terms."""

    def __init__(self) -> None:
        """Nothing came yet."""
        self._vectors: list[tuple[tuple[str, ...], array[float]]] = []
        """Of each its terms and their weights: a third of the memory of a dictionary."""

        self._having: dict[str, int | tuple[array[int], array[float]]] = {}
        """Term to the numbers of the vectors that have it, and what it weighs in each; most terms are of one vector alone, which is named."""

    def add(self, vector: Mapping[str, float]) -> None:
        """Add the next one."""
        number = len(self._vectors)
        for term, weight in vector.items():
            having = self._having.setdefault(term, number)
            if having == number:
                continue
            if isinstance(having, int):
                having = self._having[term] = self._alone(having, term)
            having[0].append(number)
            having[1].append(weight)
        self._vectors.append((tuple(vector), array("d", vector.values())))

    def vector(self, number: int) -> dict[str, float]:
        """The one that came as this number, from 0 on."""
        return dict(zip(*self._vectors[number], strict=True))

    def alike(self, vector: Mapping[str, float], *, least: float, first: int = 0) -> list[int]:
        """The numbers of those, from `first` on, whose likeness is at least so much."""
        numbers, products, asked, counts = array("q"), array("d"), list[float](), list[int]()
        for term, weight in vector.items():
            if (having := self._having.get(term)) is None:
                continue
            if isinstance(having, int):
                having = self._alone(having, term)
            begin = bisect_left(having[0], first) if first else 0
            numbers += having[0][begin:] if begin else having[0]
            products += having[1][begin:] if begin else having[1]
            asked.append(weight)
            counts.append(len(having[0]) - begin)
        if not numbers:
            return []
        weights = np.frombuffer(products) * np.repeat(asked, counts)
        scores = np.bincount(np.frombuffer(numbers, np.int64) - first, weights)
        return [first + int(place) for place in np.flatnonzero(scores >= least)]

    def _alone(self, number: int, term: str) -> "tuple[array[int], array[float]]":
        """A term that one vector alone has, as if there were more."""
        terms, weights = self._vectors[number]
        return array("q", [number]), array("d", [weights[terms.index(term)]])
