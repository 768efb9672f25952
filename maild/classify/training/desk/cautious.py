"""Thresholds of a desk that has too few held-out texts to prove any: cautious, and no promise."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from maild.classify.evaluation.scored import Bools, Floats
from maild.classify.training.calibration import BUDGETS
from maild.classify.training.learn_then_test import NEVER

_BELIEVED_WRONG = 4.0
"""Times the budget that a label may be believed to be wrong and is still given, as in the shipped models."""

_STEP = 1e-4
"""Thresholds are written with four places."""

Thresholds = Mapping[str, Any]
"""Error budget to the least confidence: one of all labels, or one of each."""


def choose_cautiously(
    confidence: Floats, is_wrong: Bools, *, labels: Sequence[str], shipped: Thresholds
) -> dict[str, dict[str, float]]:
    """Error budget to label to the least confidence, for labels that may be given; one row an independent text.

    A label is given from where on the desk's own texts speak for it; and also from the threshold on that ships with a
    model that is leant on, or from a higher one where the desk's texts speak against it. `shipped` is empty where
    nothing is leant on.
    """
    found: dict[str, dict[str, float]] = {}
    for budget in BUDGETS:
        own = _spoken_for(confidence, is_wrong, budget)
        of_shipped = {label: _of_shipped(shipped, str(budget), label) for label in labels}
        found[str(budget)] = {
            label: min(own, _spoken_against(confidence, is_wrong, budget, least)) for label, least in of_shipped.items()
        }
    return found


def _spoken_for(confidence: Floats, is_wrong: Bools, budget: float) -> float:
    """The lowest confidence from which on no more is wrong than allowed, by Laplace's rule of succession.

    That is, as if one more text had been right and one wrong: with few texts even no error is not enough.
    """
    order = np.argsort(-confidence, kind="stable")
    sure, n = confidence[order], np.arange(1, len(order) + 1)
    seen = (np.cumsum(is_wrong[order]) + 1) / (n + 2)
    allowed = (seen <= budget) & (1 - sure <= _BELIEVED_WRONG * budget)
    allowed[:-1] &= sure[1:] < sure[:-1]  # texts of one confidence are given together
    return float(np.floor(sure[allowed].min() / _STEP) * _STEP) if allowed.any() else NEVER


def _spoken_against(confidence: Floats, is_wrong: Bools, budget: float, shipped: float) -> float:
    """The shipped threshold, or the next higher one above which no more is wrong than allowed."""
    above = confidence[is_wrong & (confidence >= shipped)]
    for least in (shipped, *(np.floor(np.sort(above) / _STEP + 1) * _STEP).tolist()):
        given = confidence >= least
        if is_wrong[given].sum() <= budget * given.sum():
            return round(float(min(least, NEVER)), 4)
    return NEVER


def _of_shipped(shipped: Thresholds, budget: str, label: str) -> float:
    least = shipped.get(budget, NEVER)
    return float(least.get(label, NEVER) if isinstance(least, Mapping) else least)
