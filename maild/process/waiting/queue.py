"""Queue: who waits, each with their place, and who of them comes next."""

from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from heapq import heappop, heappush

from maild.process.rank import Rank
from maild.process.waiting.shares import line_up, share_out
from maild.process.waiting.turns import Place


@dataclass(kw_only=True)
class Queue:
    """Numbers, the smaller the older, that wait; what costs little for one costs little for a hundred thousand of them."""

    places: dict[int, Place] = field(default_factory=dict)
    _in_turn: Mapping[Rank, list[tuple[int, int]]] = field(default_factory=lambda: {rank: [] for rank in Rank})
    """Heaps of (turn, number); who has left is in them until they would come next."""

    _by_age: Mapping[Rank, list[int]] = field(default_factory=lambda: {rank: [] for rank in Rank})
    """Heaps, as above."""

    def add(self, places: Mapping[int, Place]) -> None:
        """Let them wait, each in its place; who waits already stays where they are."""
        for number, place in places.items():
            if number not in self.places:
                self.places[number] = place
                heappush(self._in_turn[place.rank], (place.turn, number))
                heappush(self._by_age[place.rank], number)

    def remove(self, numbers: Collection[int]) -> None:
        """They wait no more."""
        for number in numbers:
            self.places.pop(number, None)

    def keep_only(self, numbers: AbstractSet[int]) -> None:
        """Nobody else waits any more."""
        self.remove([number for number in self.places if number not in numbers])

    def clear(self) -> None:
        """Nobody waits."""
        self.places.clear()
        for rank in Rank:
            self._in_turn[rank].clear()
            self._by_age[rank].clear()

    def oldest(self) -> int | None:
        """Who of all waits longest."""
        return min((heap[0] for rank in Rank if (heap := self._aged(rank))), default=None)

    def next(self, most: int) -> list[int]:
        """Those who come next, the best rank first; they wait on until they are removed."""
        waiting = {rank: self._first(rank, most) for rank in Rank}
        lined_up = {rank: line_up(first, self._aged(rank)[0]) if first else first for rank, first in waiting.items()}
        return share_out(lined_up, most)

    def _first(self, rank: Rank, most: int) -> list[int]:
        heap, first = self._in_turn[rank], list[tuple[int, int]]()
        while heap and len(first) < most:
            turn, number = heappop(heap)
            # who left and came again is there twice
            if self._is_at(number, rank, turn) and (turn, number) not in first[-1:]:
                first.append((turn, number))
        for each in first:
            heappush(heap, each)
        return [number for _, number in first]

    def _aged(self, rank: Rank) -> list[int]:
        heap = self._by_age[rank]
        while heap and not self._is_at(heap[0], rank):
            heappop(heap)
        return heap

    def _is_at(self, number: int, rank: Rank, turn: int | None = None) -> bool:
        place = self.places.get(number)
        return place is not None and place.rank is rank and turn in (None, place.turn)
