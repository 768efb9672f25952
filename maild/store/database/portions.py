"""Portions of a long list: a statement takes only so many parameters (SQLite 32,766)."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

MOST = 1_000


def portions(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Give the values in their order, at most MOST at once."""
    for start in range(0, len(values), MOST):
        yield values[start : start + MOST]
