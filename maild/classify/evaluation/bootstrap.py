"""Intervals of scores that have no formula: groups are drawn again and again, and the score is counted each time."""

from collections.abc import Callable, Iterator

import numpy as np

from maild.classify.arrays import Floats, Ints
from maild.classify.evaluation.interval import CONFIDENCE, Measured

DRAWS = 500
SEED = 1

Counting = Callable[[Floats], Floats]
"""Row weights (shape (texts,)) to scores (any number of them, always in the same order; NaN where there is none)."""


def bootstrap(
    counting: Counting, groups: Ints, *, draws: int = DRAWS, seed: int = SEED, is_biased: bool = False
) -> list[Measured]:
    """Measure each score by the percentiles of draws of whole groups (Efron 1979; Field and Welsh 2007).

    `is_biased`: drawing makes the score itself larger, as with calibration errors; the basic interval takes that back.
    """
    values = counting(np.ones(len(groups)))
    drawn = np.array([counting(weights) for weights in _weights(groups, draws, seed)]).reshape(draws, -1)
    tail = 50 * (1 - CONFIDENCE)
    independent = len(np.unique(groups))
    found = []
    for value, column in zip(values.tolist(), drawn.T, strict=True):
        told = column[~np.isnan(column)]
        low, high = np.percentile(told, (tail, 100 - tail)).tolist() if len(told) else (value, value)
        if is_biased:
            low, high = max(0.0, 2 * value - high), max(value, 2 * value - low)
        found.append(Measured(value=value, low=low, high=high, n=len(groups), independent=independent))
    return found


def _weights(groups: Ints, draws: int, seed: int) -> Iterator[Floats]:
    """How often each row is in a draw of as many groups as there are."""
    chance = np.random.default_rng(seed)
    number = int(groups.max()) + 1 if len(groups) else 0
    present, places = np.unique(groups, return_inverse=True) if number else (groups, groups)
    for _ in range(draws):
        times = np.bincount(chance.integers(0, len(present), len(present)), minlength=len(present))
        yield times[places].astype(np.float64)
