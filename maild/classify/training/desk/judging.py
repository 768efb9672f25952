"""What a card says about a desk's model: confidence, scores, and how it does beside the model in service."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from maild.classify.evaluation.paired import compare
from maild.classify.evaluation.scored import Bools, Scored
from maild.classify.linear import LinearModel, softmax
from maild.classify.models import NEVER, thresholds_of
from maild.classify.training.calibration import (
    DELTA,
    HOLDS,
    METHOD,
    choose_thresholds,
    draw_temperature,
    no_guarantee,
    parts,
)
from maild.classify.training.desk.cautious import choose_cautiously
from maild.classify.training.desk.content import mark
from maild.classify.training.desk.deciding import decided, decides_less
from maild.classify.training.desk.distrust import Answered
from maild.classify.training.desk.ground import Ground, Numbers, Places
from maild.classify.training.desk.history import History
from maild.classify.training.desk.recipe import Recipe
from maild.classify.training.desk.senses import Senses
from maild.classify.training.desk.weighing import scores_of
from maild.classify.training.report import calibration_error, per_label

ENOUGH = 300
"""Independent held-out texts from which the desk's own proof counts alone; below, the default is cautious."""

REFITTED = (
    "Proven for a model of the same recipe that had learnt from older texts alone; the model in service has learnt from "
    "these texts too."
)
CAUTIOUSLY = "rule of succession (Laplace)"
TOO_FEW = (
    f"Fewer than {ENOUGH} independent texts were held out, too few for a proof: a cautious default. A label is given where "
    "they speak for it; the shipped model's thresholds have no say."
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Champion:
    """The model in service."""

    model: LinearModel
    trained_on: npt.NDArray[np.uint32]
    """Marks of the desk's texts that it has learnt from; it is never judged by them. Empty for the shipped model."""

    error_budget: float = 0.05
    """The share of wrong labels that the admin allows, by which its thresholds were read."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HeldOut:
    """Scores of texts by models that had not learnt from them."""

    recipe: Recipe
    rows: Places
    scores: Numbers
    answered: Answered | None = None
    """What came of it for labels that may be wrong: the texts of the last part, learnt from and held out."""


def independent(ground: Ground, held_out: HeldOut) -> int:
    """Held-out texts that are neither near-duplicates nor of one thread: what a proof can count."""
    return len(np.unique(ground.groups[held_out.rows]))


def confidence(ground: Ground, held_out: HeldOut, silent: Sequence[str]) -> dict[str, Any]:
    """Temperature, thresholds, guarantee and scores from held-out texts."""
    rows, scores = held_out.rows, held_out.scores
    truth = ground.answers[rows]
    groups = np.unique(ground.groups[rows], return_inverse=True)[1].astype(np.int64).reshape(-1)
    counted = independent(ground, held_out)
    given = [label for label in ground.labels if label not in silent]
    if counted < ENOUGH:
        judged = _cautious(scores, truth, groups, given)
    else:
        judged = _proven(scores, truth, groups, ground.labels, silent)
    probabilities = softmax(scores / judged["temperature"])
    return {
        **judged,
        "silent_labels": list(silent),
        "scores": {
            "n": len(rows),
            "independent": counted,
            "accuracy": round(float((probabilities.argmax(axis=1) == truth).mean()), 4),
            "calibration_error": calibration_error(probabilities, truth, np.ones(len(truth)).tolist()),
        },
        "scores_per_label": per_label(probabilities, truth, ground.labels),
    }


def _proven(
    scores: Numbers, truth: Places, groups: Places, labels: Sequence[str], silent: Sequence[str]
) -> dict[str, Any]:
    """By texts of the desk's own history alone: some find the temperature and plan, the others prove."""
    planning, proving = parts(groups)
    temperature = draw_temperature(scores[planning], truth[planning])
    found = choose_thresholds(softmax(scores / temperature), truth, labels=labels, silent=silent, groups=groups)
    guarantee = {
        "holds": "desk history",
        "method": METHOD,
        "n": len(proving),
        "delta": DELTA,
        "because": f"{HOLDS} {REFITTED}",
    }
    thresholds = {budget: dict(least) for budget, least in found.items()}
    return {"temperature": temperature, "thresholds": thresholds, "guarantee": guarantee}


def _cautious(scores: Numbers, truth: Places, groups: Places, given: Sequence[str]) -> dict[str, Any]:
    """By all of the few texts, since nothing is proven."""
    temperature = draw_temperature(scores, truth)
    probabilities = softmax(scores / temperature)
    first = np.unique(groups, return_index=True)[1]
    confident, is_wrong = probabilities.max(axis=1)[first], (probabilities.argmax(axis=1) != truth)[first]
    found = choose_cautiously(confident, is_wrong, labels=given)
    guarantee = {**no_guarantee(len(first)), "method": CAUTIOUSLY, "because": TOO_FEW}
    return {"temperature": temperature, "thresholds": found, "guarantee": guarantee}


def compared(
    champion: Champion | None, ground: Ground, history: History, held_out: HeldOut, card: Mapping[str, Any]
) -> dict[str, Any] | None:
    """The paired comparison with the model in service, on held-out texts that neither has learnt from.

    `card`: the candidate's own temperature, thresholds and silent labels.
    """
    if champion is None:
        return None
    read = set(champion.trained_on.tolist())
    new = np.array([mark(history.examples[row].text) not in read for row in held_out.rows], dtype=bool)
    if not new.any():
        nothing = "the model in service has learnt from every text that was held out; wait for new labels"
        return {"against": champion.model.digest, "n": 0, "judgement": "unclear", "because": nothing}
    theirs, own = (side.only(new) for side in _sides(champion, ground, held_out, card))
    found, less = compare(theirs, own), decides_less(theirs, own, champion.error_budget)
    return {
        "against": champion.model.digest, "n": found.n, "wins": found.wins, "losses": found.losses, "p": round(found.p, 4),
        "macro_f1": {"value": round(found.macro_f1.value, 4), "low": round(found.macro_f1.low, 4), "high": round(found.macro_f1.high, 4)},
        "decided": {"in_service": decided(theirs).document(), "candidate": decided(own).document()},
        "judgement": "worse" if less else found.judgement, "because": less or found.because,
    }  # fmt: skip


def _sides(champion: Champion, ground: Ground, held_out: HeldOut, card: Mapping[str, Any]) -> tuple[Scored, Scored]:
    """Champion and candidate on the held-out texts, under all labels that either knows."""
    model, rows = champion.model, held_out.rows
    labels = tuple(sorted({*ground.labels, *model.labels}))
    truth = np.array([labels.index(ground.labels[place]) for place in ground.answers[rows]], dtype=np.int64)
    groups = np.unique(ground.groups[rows], return_inverse=True)[1].astype(np.int64).reshape(-1)
    own_least = thresholds_of(card["thresholds"], ground.labels, champion.error_budget)
    sides = (
        (_scores_of(champion, ground, rows) / model.temperature, model.labels, model.thresholds, model.silent),
        (held_out.scores / card["temperature"], ground.labels, own_least, card["silent_labels"]),
    )
    return tuple(  # type: ignore[return-value]
        Scored(
            labels=labels, truth=truth, groups=groups,
            probabilities=_spread(softmax(scores), own, labels), given=_given(softmax(scores), own, least, silent),
        )
        for scores, own, least, silent in sides
    )  # fmt: skip


def _scores_of(champion: Champion, ground: Ground, rows: Places) -> Numbers:
    """Of these texts, shape (rows, its labels); by its encoder too, where it has one."""
    encoder = champion.model.encoder
    if encoder is None:
        return scores_of(champion.model, ground.counts, rows)
    senses = ground.senses or Senses(encoder=encoder, texts=ground.texts)
    return scores_of(champion.model, ground.counts, rows, senses.of(rows))


def _given(probabilities: Numbers, own: Sequence[str], least: Sequence[float], silent: Collection[str]) -> Bools:
    """Which texts get a label, and are not left to a person."""
    needed = np.array([NEVER if label in silent else each for label, each in zip(own, least, strict=True)])
    return np.asarray(probabilities.max(axis=1) >= needed[probabilities.argmax(axis=1)])


def _spread(probabilities: Numbers, own: Sequence[str], labels: Sequence[str]) -> Numbers:
    """The same numbers under more labels; 0 for those that the model lacks."""
    spread = np.zeros((len(probabilities), len(labels)))
    spread[:, [labels.index(label) for label in own]] = probabilities
    return spread
