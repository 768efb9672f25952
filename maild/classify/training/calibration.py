"""From held-out scores to a temperature and to thresholds that keep an error budget."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar

from maild.classify.linear import softmax

BUDGETS = (0.01, 0.02, 0.05, 0.1, 0.2)
"""Shares of wrong labels for which a threshold is chosen."""

NEVER = 1.01
"""A threshold that no confidence reaches."""

_LEAST_SURE = 50
"""A threshold that fewer texts reach is chance."""


def fit_temperature(scores: npt.NDArray[np.float64], truth: npt.NDArray[np.int64], weights: Sequence[float]) -> float:
    """The temperature that makes the held-out log-loss least (Guo et al. 2017)."""

    def loss(logarithm: float) -> float:
        right = softmax(scores / np.exp(logarithm))[np.arange(len(truth)), truth]
        return float(np.average(-np.log(np.maximum(right, 1e-12)), weights=weights))

    return round(float(np.exp(minimize_scalar(loss, bounds=(-3, 3), method="bounded").x)), 4)


def choose_thresholds(
    probabilities: npt.NDArray[np.float64],
    truth: npt.NDArray[np.int64],
    weights: Sequence[float],
    silent: Collection[int],
) -> Mapping[str, float]:
    """Error budget to the least confidence above which no larger share of the given labels was wrong.

    Places in `silent` are labels that are never given, so they cost nothing; taking one of their texts for another
    label is an error like any other.
    """
    best, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1)
    given = np.flatnonzero(~np.isin(best, list(silent)))
    order = given[np.argsort(-confidence[given], kind="stable")]
    mass = np.asarray(weights)[order]
    wrong = np.cumsum(mass * (best[order] != truth[order])) / np.cumsum(mass)
    thresholds = {}
    for budget in BUDGETS:
        kept = np.flatnonzero(wrong[_LEAST_SURE:] <= budget)
        thresholds[str(budget)] = _round_up(confidence[order[_LEAST_SURE + kept[-1]]]) if len(kept) else NEVER
    return thresholds


def _round_up(confidence: float) -> float:
    return float(np.ceil(confidence * 1000) / 1000)
