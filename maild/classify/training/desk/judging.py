"""What a card says about a desk's model: confidence, scores, and how it does beside the model in service."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from maild.classify.arrays import Bools, Floats, Ints
from maild.classify.evaluation.scored import Scored
from maild.classify.linear import LinearModel, softmax
from maild.classify.models import NEVER, thresholds_of
from maild.classify.training.calibration import NO_ROOM
from maild.classify.training.desk.content import mark
from maild.classify.training.desk.deciding import compare_services, decided
from maild.classify.training.desk.distrust import Answered
from maild.classify.training.desk.ground import Ground
from maild.classify.training.desk.history import History
from maild.classify.training.desk.recipe import Recipe
from maild.classify.training.desk.senses import Senses
from maild.classify.training.desk.trusting import ENOUGH, trust
from maild.classify.training.desk.weighing import scores_of
from maild.classify.training.report import calibration_error, per_label


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
    rows: Ints
    scores: Floats
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
    judged = trust(
        scores, truth, groups=groups, labels=ground.labels, silent=silent, is_proof_tried=counted >= ENOUGH,
        leaves_room=held_out.recipe.beside is not None,
    )  # fmt: skip
    probabilities = softmax(scores / judged.temperature, judged.none_of_them)
    return {
        "temperature": judged.temperature,
        **({} if judged.none_of_them == NO_ROOM else {"none_of_them": judged.none_of_them}),
        "thresholds": judged.thresholds,
        "guarantee": judged.guarantee,
        "silent_labels": list(silent),
        "scores": {
            "n": len(rows),
            "independent": counted,
            "accuracy": round(float((probabilities.argmax(axis=1) == truth).mean()), 4),
            "calibration_error": calibration_error(probabilities, truth, np.ones(len(truth)).tolist()),
        },
        "scores_per_label": per_label(probabilities, truth, ground.labels),
    }


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
    found = compare_services(theirs, own, champion.error_budget)
    return {
        "against": champion.model.digest, "n": found.n, "wins": found.wins, "losses": found.losses, "p": float(f"{found.p:.2g}"),
        "macro_f1": {"value": round(found.macro_f1.value, 4), "low": round(found.macro_f1.low, 4), "high": round(found.macro_f1.high, 4)},
        "decided": {"in_service": decided(theirs).document(), "candidate": decided(own).document()},
        "judgement": found.judgement, "because": found.because,
    }  # fmt: skip


def _sides(champion: Champion, ground: Ground, held_out: HeldOut, card: Mapping[str, Any]) -> tuple[Scored, Scored]:
    """Champion and candidate on the held-out texts, under all labels that either knows."""
    model, rows = champion.model, held_out.rows
    labels = tuple(sorted({*ground.labels, *model.labels}))
    truth = np.array([labels.index(ground.labels[place]) for place in ground.answers[rows]], dtype=np.int64)
    groups = np.unique(ground.groups[rows], return_inverse=True)[1].astype(np.int64).reshape(-1)
    own_least = thresholds_of(card["thresholds"], ground.labels, champion.error_budget)
    sides = (
        (
            softmax(_scores_of(champion, ground, rows) / model.temperature, model.none_of_them),
            model.labels,
            model.thresholds,
            model.silent,
        ),
        (probabilities_of(held_out, card), ground.labels, own_least, card["silent_labels"]),
    )
    return tuple(  # type: ignore[return-value]
        Scored(
            labels=labels, truth=truth, groups=groups,
            probabilities=_spread(probabilities, own, labels), given=_given(probabilities, own, least, silent),
        )
        for probabilities, own, least, silent in sides
    )  # fmt: skip


def probabilities_of(held_out: HeldOut, card: Mapping[str, Any]) -> Floats:
    """What a model with this card would say of the held-out texts."""
    return softmax(held_out.scores / card["temperature"], card.get("none_of_them", NO_ROOM))


def _scores_of(champion: Champion, ground: Ground, rows: Ints) -> Floats:
    """Of these texts, shape (rows, its labels); by its encoder too, where it has one."""
    encoder = champion.model.encoder
    if encoder is None:
        return scores_of(champion.model, ground.counts, rows)
    senses = ground.senses or Senses(encoder=encoder, texts=ground.texts)
    return scores_of(champion.model, ground.counts, rows, senses.of(rows))


def _given(probabilities: Floats, own: Sequence[str], least: Sequence[float], silent: Collection[str]) -> Bools:
    """Which texts get a label, and are not left to a person."""
    needed = np.array([NEVER if label in silent else each for label, each in zip(own, least, strict=True)])
    return np.asarray(probabilities.max(axis=1) >= needed[probabilities.argmax(axis=1)])


def _spread(probabilities: Floats, own: Sequence[str], labels: Sequence[str]) -> Floats:
    """The same numbers under more labels; 0 for those that the model lacks."""
    spread = np.zeros((len(probabilities), len(labels)))
    spread[:, [labels.index(label) for label in own]] = probabilities
    return spread
