"""How far a threshold may fall before the budget is no longer proven: a row of tests whose order is fixed beforehand.

Learn then Test (Angelopoulos, Bates, Candes, Jordan, Lei 2021, arXiv 2110.01052): each candidate threshold is the
hypothesis "labels given from here on are wrong more often than the budget", tested by the exact binomial tail; all that
are rejected hold together with probability 1 - delta, whatever the model and the texts are like. Some of the texts only
plan: they say which candidates are tried and where to begin, so the texts that prove have had no say in it. From its
starts on, the row goes down by the fallback procedure (Wiens 2003): what a rejected candidate was tested at goes on to
the next one.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import betainc

from maild.classify.arrays import Bools, Floats, Ints

NEVER = 1.01
"""A threshold that no confidence reaches."""

_CANDIDATES = 40
_PRIOR = 10
"""As many texts as a model's own confidence counts for, beside what is seen in the texts that plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Which thresholds are tried, from the strictest to the laxest, and at which of them delta is spent."""

    candidates: tuple[float, ...]
    starts: tuple[int, ...]
    """Places in `candidates`; each gets the same part of delta."""

    expected: float
    """The tail that is to be expected at the start that promises less: small where a proof is likely."""


def plan(confidence: Floats, is_wrong: Bools, weights: Floats, *, texts: float, budget: float) -> Plan:
    """Plan by texts that will prove nothing; `texts` is how many there are to prove it, for each one here.

    The starts are where a proof looks easiest, once if the model is wrong as often as its confidence says, and once as
    often as it was here.
    """
    order = np.argsort(-confidence, kind="stable")
    places = np.unique(np.linspace(0, len(order), min(_CANDIDATES, len(order)) + 1).astype(int)[1:])
    doubt = 1 - confidence
    mass, squares, doubted, wrong = (
        _running(values[order])[places] for values in (weights, weights**2, weights * doubt, weights * is_wrong)
    )
    n, claimed = mass**2 / squares, doubted / mass
    seen = (n * wrong / mass + _PRIOR * claimed) / (n + _PRIOR)
    tails = [_tails(texts * n, share, budget) for share in (claimed, seen)]
    return Plan(
        candidates=tuple((np.floor(confidence[order][places - 1] * 10_000) / 10_000).tolist()),
        starts=tuple(sorted({int(of_share.argmin()) for of_share in tails})),
        expected=float(max(of_share.min() for of_share in tails)),
    )


def _tails(n: Floats, share: Floats, budget: float) -> Floats:
    return np.array([tail(each * wrong, each, budget) for each, wrong in zip(n.tolist(), share.tolist(), strict=True)])


def least_confidence(
    confidence: Floats, is_wrong: Bools, weights: Floats, tried: Plan, *, budget: float, delta: float
) -> float:
    """Give the laxest threshold that is proven to keep the budget; NEVER where none is.

    One row a text, each independent of the others. With unequal weights the proof is approximate (Kish's n).
    """
    order = np.argsort(-confidence, kind="stable")
    places: Ints = np.searchsorted(-confidence[order], -np.array(tried.candidates), side="right")
    mass, squares, wrong = (_running(values[order]) for values in (weights, weights**2, weights * is_wrong))
    proven, level = NEVER, 0.0
    for number, (least, place) in enumerate(zip(tried.candidates, places.tolist(), strict=True)):
        level += delta / len(tried.starts) if number in tried.starts else 0.0
        n = mass[place] ** 2 / squares[place] if place else 0.0
        if n and tail(n * wrong[place] / mass[place], n, budget) <= level:
            proven = least
        else:
            level = 0.0
    return proven


def tail(wrong: float, n: float, budget: float) -> float:
    """How likely so few errors or fewer would be if the budget were just broken: P(Binomial(n, budget) <= wrong)."""
    return float(betainc(n - wrong, wrong + 1, 1 - budget)) if wrong < n else 1.0


def _running(values: Floats) -> Floats:
    """Sums of the first 0, 1, 2 ... values."""
    return np.concatenate([[0.0], np.cumsum(values)])
