"""Fitting in a few passes over small groups of texts.

Adagrad (Duchi, Hazan, Singer 2011): a term's weight moves the less the more it has been moved, so that rare terms are heard.
Ending early holds the weights back beside their penalty, and is right more often than the least loss is: benchmarks/models.md.
What the last passes end with is averaged (Polyak and Juditsky 1992), so that steps may be large.
"""

from typing import Any

import numpy as np

from maild.classify.arrays import Floats, Ints
from maild.classify.linear import softmax

_MANY = 10_000
"""Texts up to which there are more passes, smaller groups and smaller steps: few texts are seen more often."""

_PASSES, _AVERAGED, _STEP = 24, 12, 0.1
"""How many there are, with how many of the last the weights are averaged, and how large a step is."""

_PASSES_OF_MANY, _AVERAGED_OF_MANY, _STEP_OF_MANY = 6, 3, 0.4
_GROUPS = 64
_LEAST_GROUP, _LARGEST_GROUP = 16, 256
_STEP_OF_INTERCEPT = 0.02
_SEED = 20_251_101


def fit_in_passes(
    rows: Any,
    answers: Ints,
    offset: Floats,
    importance: Floats,
    *,
    penalty: float,
    of_intercept: float,
) -> tuple[Floats, Floats]:
    """Weights (columns, labels) and intercept (labels,), as `fitting` seeks them; the same arguments give the same ones."""
    texts, columns, labels = rows.shape[0], rows.shape[1], offset.shape[1]
    weights, moved = np.zeros((columns, labels), dtype=np.float32), np.full((columns, labels), 1e-8, dtype=np.float32)
    intercept, shifted = np.zeros(labels), np.full(labels, 1e-8)
    chance = np.random.default_rng(_SEED)
    mean, middle = np.zeros_like(weights), np.zeros(labels)
    passes, averaged, size, step = _pace(texts)
    for number in range(1, passes + 1):
        order = chance.permutation(texts)
        for first in range(0, texts, size):
            group = order[first : first + size]
            some = rows[group]
            push = softmax(offset[group] + some @ weights + intercept)
            push[np.arange(len(group)), answers[group]] -= 1
            push *= importance[group, None] / len(group)
            slope = some.T @ push.astype(np.float32)
            slope += np.float32(penalty / texts) * weights
            moved += slope * slope
            slope /= np.sqrt(moved)
            weights -= np.float32(step) * slope
            of_all = push.sum(axis=0) + of_intercept / texts * intercept
            shifted += of_all**2
            intercept -= _STEP_OF_INTERCEPT * of_all / np.sqrt(shifted)
        if number > passes - averaged:
            mean += weights
            middle += intercept
    return (mean / averaged).astype(np.float64), middle / averaged


def _pace(texts: int) -> tuple[int, int, int, float]:
    """How many passes, how many of them are averaged, how many texts are in a group, and how large a step is."""
    if texts > _MANY:
        return _PASSES_OF_MANY, _AVERAGED_OF_MANY, _LARGEST_GROUP, _STEP_OF_MANY
    return _PASSES, _AVERAGED, min(max(texts // _GROUPS, _LEAST_GROUP), _LARGEST_GROUP), _STEP
