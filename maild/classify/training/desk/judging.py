"""What a card says about a desk's model: confidence, scores, and how it does beside the model in service."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from maild.classify.evaluation.paired import compare
from maild.classify.evaluation.scored import Scored
from maild.classify.linear import LinearModel, softmax
from maild.classify.training.calibration import (
    DELTA,
    HOLDS,
    METHOD,
    choose_thresholds,
    draw_temperature,
    no_guarantee,
    parts,
)
from maild.classify.training.desk.content import mark
from maild.classify.training.desk.counting import scores_of
from maild.classify.training.desk.ground import Ground, Numbers, Places
from maild.classify.training.desk.history import History
from maild.classify.training.desk.recipe import Recipe
from maild.classify.training.learn_then_test import NEVER
from maild.classify.training.report import calibration_error, per_label

ENOUGH = 300
"""Independent held-out texts from which the desk's own proof counts alone; below, the shipped thresholds stand in."""

REFITTED = (
    "Proven for a model of the same recipe that had learnt from older texts alone; the model in service has learnt from "
    "these texts too."
)
TOO_FEW = f"Fewer than {ENOUGH} independent texts were held out: where they prove nothing, the shipped model's cautious thresholds stand."


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Champion:
    """The model in service."""

    model: LinearModel
    trained_on: npt.NDArray[np.uint32]
    """Marks of the desk's texts that it has learnt from; it is never judged by them. Empty for the shipped model."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HeldOut:
    """Scores of texts by models that had not learnt from them."""

    recipe: Recipe
    rows: Places
    scores: Numbers


def independent(ground: Ground, held_out: HeldOut) -> int:
    """Held-out texts that are neither near-duplicates nor of one thread: what a proof can count."""
    return len(np.unique(ground.groups[held_out.rows]))


def confidence(
    ground: Ground, held_out: HeldOut, silent: Sequence[str], base_card: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Temperature, thresholds, guarantee and scores from held-out texts."""
    rows, scores = held_out.rows, held_out.scores
    truth = ground.answers[rows]
    groups = np.unique(ground.groups[rows], return_inverse=True)[1].astype(np.int64).reshape(-1)
    planning, proving = parts(groups)
    temperature = draw_temperature(scores[planning], truth[planning])
    probabilities = softmax(scores / temperature)
    thresholds = choose_thresholds(probabilities, truth, labels=ground.labels, silent=silent, groups=groups)
    guarantee = {
        "holds": "desk history",
        "method": METHOD,
        "n": len(proving),
        "delta": DELTA,
        "because": f"{HOLDS} {REFITTED}",
    }
    counted = independent(ground, held_out)
    if counted < ENOUGH:
        thresholds = _with_shipped(thresholds, base_card["thresholds"] if base_card else {})
        guarantee = {**no_guarantee(counted), "because": TOO_FEW}
    return {
        "temperature": temperature,
        "thresholds": {budget: dict(least) for budget, least in thresholds.items()},
        "guarantee": guarantee,
        "scores": {
            "n": len(rows),
            "independent": counted,
            "accuracy": round(float((probabilities.argmax(axis=1) == truth).mean()), 4),
            "calibration_error": calibration_error(probabilities, truth, np.ones(len(truth)).tolist()),
        },
        "scores_per_label": per_label(probabilities, truth, ground.labels),
    }


def compared(
    champion: Champion | None, ground: Ground, history: History, held_out: HeldOut, temperature: float
) -> dict[str, Any] | None:
    """The paired comparison with the model in service, on held-out texts that neither has learnt from."""
    if champion is None:
        return None
    rows, scores = held_out.rows, held_out.scores
    read = set(champion.trained_on.tolist())
    new = np.array([mark(history.examples[row].text) not in read for row in rows], dtype=bool)
    if not new.any():
        nothing = "the model in service has learnt from every text that was held out; wait for new labels"
        return {"against": champion.model.digest, "n": 0, "judgement": "unclear", "because": nothing}
    labels = tuple(sorted({*ground.labels, *champion.model.labels}))
    mine = _spread(softmax(scores / temperature), ground.labels, labels)
    theirs = softmax(scores_of(champion.model, ground.counts)[rows] / champion.model.temperature)
    truth = np.array([labels.index(ground.labels[place]) for place in ground.answers[rows]], dtype=np.int64)
    groups = np.unique(ground.groups[rows], return_inverse=True)[1].astype(np.int64).reshape(-1)
    sides = [
        Scored(labels=labels, truth=truth, probabilities=each, groups=groups, given=np.ones(len(rows), dtype=bool)).only(new)
        for each in (_spread(theirs, champion.model.labels, labels), mine)
    ]  # fmt: skip
    found = compare(*sides)
    return {
        "against": champion.model.digest, "n": found.n, "wins": found.wins, "losses": found.losses, "p": round(found.p, 4),
        "macro_f1": {"value": round(found.macro_f1.value, 4), "low": round(found.macro_f1.low, 4), "high": round(found.macro_f1.high, 4)},
        "judgement": found.judgement, "because": found.because,
    }  # fmt: skip


def _with_shipped(own: Mapping[str, Mapping[str, float]], shipped: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    """The desk's thresholds where its texts prove one, and the shipped ones elsewhere."""

    def of_shipped(budget: str, label: str) -> float:
        least = shipped.get(budget, NEVER)
        return float(least.get(label, NEVER) if isinstance(least, Mapping) else least)

    return {
        budget: {label: value if value <= 1 else of_shipped(budget, label) for label, value in least.items()}
        for budget, least in own.items()
    }


def _spread(probabilities: Numbers, own: Sequence[str], labels: Sequence[str]) -> Numbers:
    """The same numbers under more labels; 0 for those that the model lacks."""
    spread = np.zeros((len(probabilities), len(labels)))
    spread[:, [labels.index(label) for label in own]] = probabilities
    return spread
