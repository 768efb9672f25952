"""How well a model ranks texts by one label: the area under the ROC curve."""

import numpy as np

from maild.classify.arrays import Bools, Floats


def auc(scores: Floats, is_true: Bools, weights: Floats | None = None) -> float:
    """How often a text of the label scores above another; ties count half (Hanley, McNeil 1982). NaN for one kind alone."""
    weights = np.ones(len(scores)) if weights is None else weights
    _, place = np.unique(scores, return_inverse=True)
    true, other = (np.bincount(place, weights=weights * kind) for kind in (is_true, ~is_true))
    below = np.cumsum(other) - other / 2
    total = true.sum() * other.sum()
    return float((true * below).sum() / total) if total else float("nan")
