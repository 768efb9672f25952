"""From held-out scores to what a desk's model may decide: proven where its texts prove it, and cautious where they do not."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from maild.classify.arrays import Floats, Ints
from maild.classify.linear import softmax
from maild.classify.training.calibration import (
    BUDGETS,
    DELTA,
    HOLDS,
    METHOD,
    NO_ROOM,
    Calibration,
    choose_thresholds,
    draw_temperature,
    leave_room,
    no_guarantee,
    parts,
)
from maild.classify.training.desk.cautious import CAUTIOUSLY, choose_cautiously

ENOUGH = 300
"""Independent held-out texts from which a proof is tried; with fewer next to none succeeds."""

REFITTED = (
    "Proven for a model of the same recipe that had learnt from older texts alone; the model in service has learnt from "
    "these texts too."
)
TOO_FEW = (
    f"Fewer than {ENOUGH} independent texts were held out, too few for a proof: a cautious default. A label is given where "
    "they speak for it; the shipped model's thresholds have no say."
)
UNPROVEN = (
    "The texts that were held out prove no threshold: a cautious default. A label is given where they speak for it."
)

Thresholds = Mapping[str, Mapping[str, float]]
"""Error budget to label to the least confidence."""


def trust(
    scores: Floats,
    truth: Ints,
    *,
    groups: Ints,
    labels: Sequence[str],
    silent: Sequence[str],
    is_proof_tried: bool,
    leaves_room: bool = False,
) -> Calibration:
    """Temperature, thresholds and promise; `scores` of shape (texts, labels), before temperature and softmax.

    `groups` numbers near-duplicates and threads. Where a proof is tried, some texts find the temperature and plan it; else all do.
    `leaves_room`: some confidence is left to none of the labels.
    """
    given = [label for label in labels if label not in silent]
    first = np.unique(groups, return_index=True)[1]
    if not is_proof_tried:
        temperature, room = _scale(scores, truth, leaves_room=leaves_room)
        cautious = _cautious(softmax(scores[first] / temperature, room), truth[first], given)
        promise = _no_promise(len(first), TOO_FEW)
        return Calibration(temperature=temperature, none_of_them=room, thresholds=cautious, guarantee=promise)
    planning, proving = parts(groups)
    temperature, room = _scale(scores[planning], truth[planning], leaves_room=leaves_room)
    probabilities = softmax(scores / temperature, room)
    found = choose_thresholds(probabilities, truth, labels=labels, silent=silent, groups=groups)
    proven = [budget for budget, least in found.items() if min(least.values(), default=2.0) <= 1]
    promise = {"holds": "desk history", "method": METHOD, "n": len(proving), "delta": DELTA}
    promise |= {"budgets": proven, "because": f"{HOLDS} {REFITTED}"}
    kept = Calibration(temperature=temperature, none_of_them=room, thresholds=found, guarantee=promise)
    if len(proven) == len(BUDGETS):
        return kept
    cautious = _cautious(probabilities[first], truth[first], given)
    filled = replace(kept, thresholds=_filled(found, proven, cautious))
    return filled if proven else replace(filled, guarantee=_no_promise(len(first), UNPROVEN))


def _scale(scores: Floats, truth: Ints, *, leaves_room: bool) -> tuple[float, float]:
    """The temperature, and the score of none of the labels."""
    temperature = draw_temperature(scores, truth)
    return temperature, leave_room(scores / temperature) if leaves_room else NO_ROOM


def _cautious(probabilities: Floats, truth: Ints, given: Sequence[str]) -> Thresholds:
    """One text of each group."""
    is_wrong = np.asarray(probabilities.argmax(axis=1) != truth)
    return choose_cautiously(probabilities.max(axis=1), is_wrong, labels=given)


def _filled(found: Thresholds, proven: Sequence[str], cautious: Thresholds) -> Thresholds:
    """The cautious default for each budget that nothing is proven for, and no narrower budget laxer than a wider one."""
    filled: dict[str, dict[str, float]] = {}
    wider: Mapping[str, float] = {}
    for budget in sorted(found, key=float, reverse=True):
        least = found[budget] if budget in proven else cautious[budget]
        wider = filled[budget] = {label: max(each, wider.get(label, 0.0)) for label, each in least.items()}
    return {budget: filled[budget] for budget in found}


def _no_promise(n: int, because: str) -> Mapping[str, Any]:
    return {**no_guarantee(n), "method": CAUTIOUSLY, "because": because}
