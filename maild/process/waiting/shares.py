"""Shares: how many of each rank come next while many wait, so that a flood fills its own rank and no other."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from types import MappingProxyType
from typing import TypeVar

from maild.process.rank import Rank

T = TypeVar("T", bound=Hashable)

SHARES: Mapping[Rank, float] = MappingProxyType(
    {Rank.EXPECTED: 0.4, Rank.VOUCHED: 0.28, Rank.KNOWN: 0.2, Rank.UNKNOWN: 0.12}
)
"""Of a group, its mails and its octets; what a rank does not need goes to the others, the best first."""


def line_up(in_turn: Sequence[T], oldest: T) -> list[T]:
    """Put whoever waits longest before those of the same rank whose turn it is: turns alone might never be theirs."""
    return [oldest, *(each for each in in_turn if each != oldest)]


def share_out(
    waiting: Mapping[Rank, Sequence[T]],
    most: int,
    *,
    octets_of: Callable[[T], int] = lambda _: 0,
    most_octets: int = 0,
) -> list[T]:
    """Choose at most so many, the best rank first; `waiting`: by rank, each in the order of its turns.

    The first of each rank is chosen however large it is; the others where they fit into the rank's share of `most_octets`, in which
    the first does not count, or into what nobody else needs of all.
    """
    firsts = {
        rank: _fitting(waiting.get(rank, ()), max(1, round(share * most)), share * most_octets, octets_of)
        for rank, share in SHARES.items()
    }
    left = max(0, most - sum(map(len, firsts.values())))
    left_octets = most_octets - sum(octets_of(each) for first in firsts.values() for each in first)
    chosen: list[T] = []
    for rank, first in firsts.items():
        taken = set(first)
        more = _fit([each for each in waiting.get(rank, ()) if each not in taken], left, left_octets, octets_of)
        left -= len(more)
        left_octets -= sum(map(octets_of, more))
        chosen += [*first, *more]
    return chosen[:most]


def _fitting(waiting: Sequence[T], most: int, octets: float, octets_of: Callable[[T], int]) -> list[T]:
    return [*waiting[:1], *_fit(waiting[1:], most - 1, octets, octets_of)]


def _fit(waiting: Sequence[T], most: int, octets: float, octets_of: Callable[[T], int]) -> list[T]:
    """The first that fit; a large one keeps nobody waiting who is small."""
    chosen: list[T] = []
    for each in waiting:
        if len(chosen) == most:
            break
        size = octets_of(each)
        if size <= octets:
            chosen.append(each)
            octets -= size
    return chosen
