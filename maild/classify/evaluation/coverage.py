"""Coverage against error: how much is decided, and how much of that is wrong."""

from dataclasses import dataclass

import numpy as np

from maild.classify.arrays import Bools, Floats, Ints
from maild.classify.evaluation.interval import Measured, clopper_pearson, share
from maild.classify.evaluation.scored import Scored

SUREST = 0.8
"""The share of texts whose accuracy is reported as a80."""

_POINTS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What abstaining buys."""

    given: Measured
    """The share of texts whose label a service gives."""

    wrong: Measured
    """The share of the given labels that is wrong; exact interval (Clopper and Pearson 1934)."""

    curve: tuple[tuple[float, float], ...]
    """Coverage and error if the surest texts alone were decided; empty without confidence (El-Yaniv, Wiener 2010)."""


def coverage(scored: Scored) -> Coverage:
    """Count what is given with the thresholds in force, and what other thresholds would do."""
    independent = len(np.unique(scored.groups))
    return Coverage(
        given=share(float(scored.given.sum()), len(scored.truth), independent),
        wrong=wrong_share(~scored.is_right[scored.given], scored.groups[scored.given]),
        curve=_curve(scored) if scored.has_confidence else (),
    )


def accuracy_of_surest(scored: Scored, weights: Floats) -> float:
    """The accuracy on the 80 % of the texts that the model is surest of; NaN without texts."""
    order = np.argsort(-scored.confidence, kind="stable")
    mass = np.cumsum(weights[order])
    if not len(mass) or not mass[-1]:
        return float("nan")
    last = int(np.searchsorted(mass, SUREST * mass[-1])) + 1
    return float((weights[order] * scored.is_right[order])[:last].sum() / mass[last - 1])


def wrong_share(is_wrong: Bools, groups: Ints) -> Measured:
    """The share that is wrong, with an exact interval (Clopper and Pearson 1934) as wide as the groups make it."""
    n, independent = len(is_wrong), len(np.unique(groups))
    value = float(is_wrong.mean()) if n else 0.0
    low, high = clopper_pearson(round(value * independent), independent) if n else (0.0, 1.0)
    return Measured(value=value, low=low, high=high, n=n, independent=independent)


def _curve(scored: Scored) -> tuple[tuple[float, float], ...]:
    order = np.argsort(-scored.confidence, kind="stable")
    wrong = np.cumsum(~scored.is_right[order])
    places = np.unique(np.linspace(1, len(order), min(_POINTS, len(order))).astype(int))
    return tuple((place / len(order), float(wrong[place - 1]) / place) for place in places.tolist())
