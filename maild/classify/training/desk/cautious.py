"""Thresholds of a desk whose held-out texts prove none: cautious, and no promise."""

from collections.abc import Sequence

import numpy as np

from maild.classify.evaluation.scored import Bools, Floats
from maild.classify.training.calibration import BUDGETS
from maild.classify.training.learn_then_test import NEVER

CAUTIOUSLY = "as if one or two texts more had been wrong"

UNTRIED, FAILED = 1, 2
"""Texts more that count as wrong: one by Laplace's rule of succession where they are too few for a proof, two where a proof has
failed. There one more broke a budget of 2 % in 35 of 100 draws of 300 real tickets, and one of 5 % in 13; two in 12 and 10."""

_BELIEVED_WRONG = 4.0
"""Times the budget that a label may be believed to be wrong and is still given, as in the shipped models."""

_STEP = 1e-4
"""Thresholds are written with four places."""


def choose_cautiously(
    confidence: Floats, is_wrong: Bools, *, labels: Sequence[str], more_wrong: int
) -> dict[str, dict[str, float]]:
    """Error budget to label to the least confidence, for labels that may be given; one row an independent text.

    A label is given from where on the desk's own texts speak for it. The shipped model's thresholds have no say, also
    where it is leant on: they were chosen on other mail, and broke the budget twice over at desks with 50 labels.
    """
    return {
        str(budget): dict.fromkeys(labels, _spoken_for(confidence, is_wrong, budget, more_wrong)) for budget in BUDGETS
    }


def _spoken_for(confidence: Floats, is_wrong: Bools, budget: float, more_wrong: int) -> float:
    """The lowest confidence from which on no more is wrong than allowed, even if that many texts more had been.

    One more had been right, too. So with few texts even no error is not enough.
    """
    order = np.argsort(-confidence, kind="stable")
    sure, n = confidence[order], np.arange(1, len(order) + 1)
    seen = (np.cumsum(is_wrong[order]) + more_wrong) / (n + more_wrong + 1)
    allowed = (seen <= budget) & (1 - sure <= _BELIEVED_WRONG * budget)
    allowed[:-1] &= sure[1:] < sure[:-1]  # texts of one confidence are given together
    return float(np.floor(sure[allowed].min() / _STEP) * _STEP) if allowed.any() else NEVER
