"""Near-duplicates: texts that share most of their words in order get one group, together with their threads."""

import zlib
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from maild.classify.training.example import Example

ALIKE = 0.6
"""Share of common shingles (Jaccard) from which two texts are near-duplicates."""

_SHINGLE = 3
"""Words in a row; shorter texts are one shingle."""

_HASHES = 64
_BAND = 4
"""Hashes that must agree for two texts to be compared at all (Broder 1997; Leskovec et al., Mining of Massive Datasets 3.4)."""

_SEED = 20_250_101

Signature = npt.NDArray[np.uint32]


def group_alike(examples: Sequence[Example]) -> list[Example]:
    """The same examples in the same order, where threads and near-duplicates share a group."""
    groups = _Groups()
    first_of: dict[object, int] = {}
    signatures: list[Signature] = []
    for place, example in enumerate(examples):
        groups.add()
        signature = _sign(example.text)
        signatures.append(signature)
        groups.join(place, first_of.setdefault(("thread", example.group), place))
        for band in range(0, _HASHES, _BAND):
            other = first_of.setdefault((band, signature[band : band + _BAND].tobytes()), place)
            if other != place and float((signature == signatures[other]).mean()) >= ALIKE:
                groups.join(place, other)
    return [replace(example, group=str(groups.first(place))) for place, example in enumerate(examples)]


def _hashing() -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    chance = np.random.default_rng(_SEED)
    factors = chance.integers(1, 2**63, size=_HASHES, dtype=np.uint64) | np.uint64(1)
    return factors[:, None], chance.integers(0, 2**63, size=_HASHES, dtype=np.uint64)[:, None]


_FACTORS, _SUMMANDS = _hashing()


def _sign(text: str) -> Signature:
    """Min-hashes: two texts agree in as large a share of them as they have shingles in common."""
    words = text.split()
    starts = range(max(1, len(words) - _SHINGLE + 1))
    shingles = {zlib.crc32(" ".join(words[start : start + _SHINGLE]).encode()) for start in starts}
    numbers = np.fromiter(shingles, dtype=np.uint64, count=len(shingles))
    signature: Signature = ((numbers * _FACTORS + _SUMMANDS) >> np.uint64(32)).min(axis=1).astype(np.uint32)
    return signature


class _Groups:
    """Disjoint sets of places (Galler and Fischer 1964); the smallest place names a set."""

    def __init__(self) -> None:
        self._above: list[int] = []

    def add(self) -> None:
        """One more place, alone."""
        self._above.append(len(self._above))

    def first(self, place: int) -> int:
        """The smallest place of the set."""
        while self._above[place] != place:
            self._above[place] = self._above[self._above[place]]
            place = self._above[place]
        return place

    def join(self, one: int, other: int) -> None:
        """Make two sets one."""
        lower, higher = sorted((self.first(one), self.first(other)))
        self._above[higher] = lower
