"""Right and wrong, counted: confusion, precision, recall, F1, and kappa for scales."""

import numpy as np

from maild.classify.arrays import Floats
from maild.classify.evaluation.scored import Scored


def confusion(scored: Scored, weights: Floats | None = None) -> Floats:
    """Count rows by true label (first axis) and best label (second axis)."""
    size = len(scored.labels)
    cells = np.bincount(scored.truth * size + scored.best, weights=weights, minlength=size * size)
    return cells.reshape(size, size).astype(np.float64)


def f1(table: Floats) -> Floats:
    """Harmonic mean of precision and recall of each label; NaN for one that is neither true nor said."""
    with np.errstate(invalid="ignore"):
        return np.asarray(2 * np.diag(table) / (table.sum(axis=0) + table.sum(axis=1)))


def macro_f1(table: Floats) -> float:
    """The mean F1 of the labels that occur in the truth: a rare one counts as much as a frequent one."""
    occurring = table.sum(axis=1) > 0
    return float(f1(table)[occurring].mean()) if occurring.any() else float("nan")


def kappa(table: Floats) -> float:
    """Quadratic-weighted kappa (Cohen 1968) of labels that stand in the order of their scale; NaN where nothing varies."""
    places = np.arange(len(table))
    squares = (places[:, None] - places[None, :]) ** 2
    expected = float((squares * np.outer(table.sum(axis=1), table.sum(axis=0))).sum() / max(table.sum(), 1e-12))
    return 1 - float((squares * table).sum()) / expected if expected else float("nan")
