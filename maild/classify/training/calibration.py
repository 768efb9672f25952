"""From held-out scores to a temperature and to thresholds that keep an error budget."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq, minimize_scalar
from scipy.special import expit, logsumexp

from maild.classify.arrays import Floats, Ints
from maild.classify.linear import softmax
from maild.classify.training.learn_then_test import NEVER
from maild.classify.training.sharing import Rows, of_budget

BUDGETS = (0.01, 0.02, 0.05, 0.1, 0.2)
"""Shares of wrong labels for which thresholds are chosen."""

DELTA = 0.1
"""How often a choice of thresholds may break its budget after all."""

PLANNING = 5
"""Every fifth text finds the temperature and plans the proof, and proves nothing itself."""

ROOM = 0.01
"""The probability, on average over a desk's own texts, that is left to *none of the labels*: so little costs them next to
nothing, and most of it goes to texts that are about nothing which was learnt."""

NO_ROOM = -math.inf
"""The score of none of the labels where nothing is left to it."""

_PRIOR = 20
"""As many texts speak for the temperature 1 of a desk's model."""

_TESTS = "Learn then Test (Angelopoulos et al. 2021): exact binomial tests along thresholds that other texts had planned; all labels "
METHOD = f"{_TESTS}together; labels with few texts share one threshold and keep the budget on their average"
_METHOD_IN_COMMON = f"{_TESTS}share one threshold and keep the budget on their average"


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What a card says about confidence."""

    temperature: float
    thresholds: Mapping[str, Mapping[str, float]]
    """Error budget to label to the least confidence; more than 1 is never."""

    none_of_them: float = NO_ROOM
    """The score of none of the labels, once divided by the temperature; see `leave_room`."""

    guarantee: Mapping[str, Any]
    """`holds` ("desk history" or "none"), `method`, `n` (independent texts), `delta`, `because`."""


def calibrate(
    scores: Floats,
    truth: Ints,
    *,
    labels: Sequence[str],
    groups: Ints,
    silent: Collection[str] = (),
) -> Calibration:
    """Calibrate a model on texts of the desk's own history that it has not learnt from.

    `scores` has the shape (texts, labels), before temperature and softmax, and comes from the very model that will
    serve; `groups` numbers near-duplicates and threads. Raises ValueError where there are fewer than two texts.
    """
    if len(truth) < 2:  # noqa: PLR2004 - one that plans, one that proves
        raise ValueError("no texts were held out")
    planning, proving = parts(groups)
    temperature = fit_temperature(scores[planning], truth[planning], np.ones(len(planning)))
    probabilities = softmax(scores / temperature)
    thresholds = choose_thresholds(probabilities, truth, labels=labels, silent=silent, groups=groups)
    guarantee = {"holds": "desk history", "method": METHOD, "n": len(proving), "delta": DELTA, "because": HOLDS}
    return Calibration(temperature=temperature, thresholds=thresholds, guarantee=guarantee)


def no_guarantee(n: int, *, is_common: bool = False) -> Mapping[str, Any]:
    """Say on a card that its thresholds were chosen on texts that are not the desk's."""
    method = _METHOD_IN_COMMON if is_common else METHOD
    return {"holds": "none", "method": method, "n": n, "delta": DELTA, "because": CAUTIOUS}


HOLDS = "Chosen on texts of this desk that the model has not learnt from; it holds for mail like these."
CAUTIOUS = "Chosen on collections that are not this desk's mail: a cautious default, and no promise."


def fit_temperature(scores: Floats, truth: Ints, weights: Sequence[float] | npt.NDArray[Any]) -> float:
    """The temperature that makes the held-out log-loss least (Guo et al. 2017)."""

    def loss(logarithm: float) -> float:
        right = softmax(scores / np.exp(logarithm))[np.arange(len(truth)), truth]
        return float(np.average(-np.log(np.maximum(right, 1e-12)), weights=weights))

    return round(float(np.exp(minimize_scalar(loss, bounds=(-3, 3), method="bounded").x)), 4)


def draw_temperature(scores: Floats, truth: Ints) -> float:
    """Likewise, drawn towards 1 where few texts speak: the scores of a desk's model are log-odds from the start."""
    fitted = fit_temperature(scores, truth, np.ones(len(truth)))
    return round(math.exp(math.log(fitted) * len(truth) / (len(truth) + _PRIOR)), 4)


def leave_room(scores: Floats) -> float:
    """The score of none of the labels that leaves it `ROOM`; `scores` of held-out texts, once divided by the temperature.

    Of what reads like nothing that was learnt all scores are low, though one may be far above the others, which is all that
    a softmax looks at (Liu et al. 2020, Energy-based Out-of-distribution Detection).
    """
    whole = logsumexp(scores, axis=1)
    return round(float(brentq(lambda score: expit(score - whole).mean() - ROOM, whole.min() - 10, whole.max() + 10)), 4)


def loss_once_calibrated(scores: Floats, truth: Ints) -> float:
    """Log-loss of a desk's model as it will serve: strong penalties make it too modest, which is no reason against them."""
    right = softmax(scores / draw_temperature(scores, truth))[np.arange(len(truth)), truth]
    return float(-np.log(np.maximum(right, 1e-6)).mean())


def choose_thresholds(
    probabilities: Floats,
    truth: Ints,
    *,
    labels: Sequence[str],
    silent: Collection[str] = (),
    weights: Sequence[float] | npt.NDArray[Any] | None = None,
    groups: Ints | None = None,
    delta: float = DELTA,
    is_common: bool = False,
) -> Mapping[str, Mapping[str, float]]:
    """Error budget to label to the least confidence from which on the label keeps the budget, all labels together.

    Of each of the `groups` the first text counts. Labels in `silent` are never given, so they have no threshold and
    cost nothing; taking one of their texts for another label is an error like any other. `is_common`: all labels share
    one threshold, and keep the budget on their average.
    """
    best = probabilities.argmax(axis=1)
    rows = Rows(
        said=np.asarray(labels)[best],
        confidence=probabilities.max(axis=1),
        is_wrong=np.asarray(best != truth),
        weights=np.ones(len(truth)) if weights is None else np.asarray(weights, dtype=np.float64),
    )
    planning, proving = parts(np.arange(len(truth)) if groups is None else groups)
    given = [label for label in labels if label not in silent]
    thresholds: dict[str, dict[str, float]] = {}
    stricter = dict.fromkeys(given, NEVER)
    for budget in BUDGETS:
        least = of_budget(
            rows.only(planning), rows.only(proving), given, budget=budget, delta=delta, is_common=is_common
        )
        # What keeps a budget keeps a wider one; that this choice is wrong too costs about delta squared.
        stricter = {label: min(least[label], stricter[label]) for label in given}
        thresholds[str(budget)] = stricter
    return thresholds


def parts(groups: Ints) -> tuple[Ints, Ints]:
    """One row of each group: those that plan, and those that prove."""
    first = np.unique(groups, return_index=True)[1].astype(np.int64)
    shuffled = np.random.default_rng(len(first)).permutation(first)
    planning = -(-len(first) // PLANNING)
    return np.sort(shuffled[:planning]), np.sort(shuffled[planning:])
