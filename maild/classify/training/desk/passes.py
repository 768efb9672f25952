"""Fitting many texts: a few passes over small groups of them, where weighing all of them at each step would take too long.

Adagrad (Duchi, Hazan, Singer 2011): a term's weight moves the less the more it has been moved, so that rare terms are heard.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from maild.classify.linear import softmax

Numbers = npt.NDArray[np.float64]

_PASSES = 6
_GROUP = 256
_STEP = 0.2
_STEP_OF_INTERCEPT = 0.02
_SEED = 20_251_101


def fit_in_passes(
    rows: Any,
    answers: npt.NDArray[np.int64],
    offset: Numbers,
    importance: Numbers,
    *,
    penalty: float,
    of_intercept: float,
) -> tuple[Numbers, Numbers]:
    """Weights (columns, labels) and intercept (labels,), as `fitting` seeks them; the same arguments give the same ones."""
    texts, columns, labels = rows.shape[0], rows.shape[1], offset.shape[1]
    weights, moved = np.zeros((columns, labels), dtype=np.float32), np.full((columns, labels), 1e-8, dtype=np.float32)
    intercept, shifted = np.zeros(labels), np.full(labels, 1e-8)
    chance = np.random.default_rng(_SEED)
    for _ in range(_PASSES):
        order = chance.permutation(texts)
        for first in range(0, texts, _GROUP):
            group = order[first : first + _GROUP]
            some = rows[group]
            push = softmax(offset[group] + some @ weights + intercept)
            push[np.arange(len(group)), answers[group]] -= 1
            push *= importance[group, None] / len(group)
            slope = some.T @ push.astype(np.float32)
            slope += np.float32(penalty / texts) * weights
            moved += slope * slope
            slope /= np.sqrt(moved)
            weights -= np.float32(_STEP) * slope
            of_all = push.sum(axis=0) + of_intercept / texts * intercept
            shifted += of_all**2
            intercept -= _STEP_OF_INTERCEPT * of_all / np.sqrt(shifted)
    return weights.astype(np.float64), intercept
