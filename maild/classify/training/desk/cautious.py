"""Thresholds of a desk whose held-out texts prove none: cautious, and no promise."""

from collections.abc import Sequence

import numpy as np

from maild.classify.arrays import Bools, Floats
from maild.classify.training.calibration import BUDGETS
from maild.classify.training.learn_then_test import NEVER

CAUTIOUSLY = "rule of succession (Laplace) at tenths of the texts"

_PLACES = 10
"""Where a threshold may stand. Of 200 draws of 150 real tickets a budget of 5 % was broken in 24 to 28; where it may stand at each of
them, the laxest is the luckiest too, and it was broken in 64 to 72."""

_BELIEVED_WRONG = 4.0
"""Times the budget that a label may be believed to be wrong and is still given, as in the shipped models."""

_STEP = 1e-4
"""Thresholds are written with four places."""


def choose_cautiously(confidence: Floats, is_wrong: Bools, *, labels: Sequence[str]) -> dict[str, dict[str, float]]:
    """Error budget to label to the least confidence, for labels that may be given; one row an independent text.

    A label is given from where on the desk's own texts speak for it. The shipped model's thresholds have no say, also
    where it is leant on: they were chosen on other mail, and broke the budget twice over at desks with 50 labels.
    """
    return {str(budget): dict.fromkeys(labels, _spoken_for(confidence, is_wrong, budget)) for budget in BUDGETS}


def _spoken_for(confidence: Floats, is_wrong: Bools, budget: float) -> float:
    """The lowest confidence, of ten, from which on no more is wrong than allowed, by Laplace's rule of succession.

    That is, as if one more text had been right and one wrong: with few texts even no error is not enough.
    """
    order = np.argsort(-confidence, kind="stable")
    sure, n = confidence[order], np.arange(1, len(order) + 1)
    seen = (np.cumsum(is_wrong[order]) + 1) / (n + 2)
    allowed = np.isin(n, np.linspace(0, len(n), _PLACES + 1).astype(int))
    allowed &= (seen <= budget) & (1 - sure <= _BELIEVED_WRONG * budget)
    allowed[:-1] &= sure[1:] < sure[:-1]  # texts of one confidence are given together
    return float(np.floor(sure[allowed].min() / _STEP) * _STEP) if allowed.any() else NEVER
