"""Labels that are probably wrong: what models that had not seen a text would confidently have said instead."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from maild.classify.arrays import Floats, Ints
from maild.classify.linear import LinearModel, softmax
from maild.classify.telling import Tell
from maild.classify.training.calibration import fit_temperature
from maild.classify.training.desk.comparing import choose
from maild.classify.training.desk.ground import Ground, lay_ground
from maild.classify.training.desk.history import History
from maild.classify.training.desk.parts import by_group
from maild.classify.training.desk.recipe import learn, score
from maild.classify.training.example import Example

_FOLDS = 5
_MOST = 20_000
"""Newest texts that are looked at: nobody reads a longer list."""

_PROBABLE = 0.9
"""Another label that is so probable speaks against the one that was said, though its own texts are usually surer still."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """One label to look at again."""

    example: Example
    said: str
    likely: str
    """What the other texts speak for."""

    confidence: float
    """Calibrated probability of `likely`."""

    of_said: float
    """Calibrated probability of what was said."""


def find_doubtful(
    history: History,
    *,
    base: LinearModel | None = None,
    allowed: Collection[str] | None = None,
    tell: Tell = lambda _: None,
) -> list[Doubt]:
    """Labels that contradict what their texts' likes are called, the clearest first.

    Confident learning (Northcutt, Jiang, Chuang 2021): a label is doubtful where another one is at least as probable as
    it usually is for texts that are called so (or .9), and the own one is less probable than usual.
    """
    newest = history.newest(_MOST)
    base_labels = [label for label in base.labels if allowed is None or label in allowed] if base else []
    ground = lay_ground(newest, base, base_labels)
    probabilities = _out_of_fold(ground, tell)
    doubts = [
        Doubt(
            example=newest.examples[row], said=ground.labels[ground.answers[row]], likely=ground.labels[other],
            confidence=round(float(probabilities[row, other]), 4),
            of_said=round(float(probabilities[row, ground.answers[row]]), 4),
        )
        for row, other in confidently_other(probabilities, ground.answers, enough=_PROBABLE)
    ]  # fmt: skip
    return sorted(doubts, key=lambda doubt: (doubt.of_said - doubt.confidence, doubt.example.text))


def confidently_other(probabilities: Floats, answers: Ints, *, enough: float = 1.0) -> list[tuple[int, int]]:
    """Row and the more probable label of every doubtful answer; `enough` is as probable as another label need be."""
    said = np.eye(probabilities.shape[1], dtype=bool)[answers]
    usual = np.array([
        probabilities[answers == label, label].mean() if (answers == label).any() else 1.0
        for label in range(probabilities.shape[1])
    ])  # fmt: skip
    other = np.where(said | (probabilities < np.minimum(usual, enough)), -1, probabilities)
    own = probabilities[np.arange(len(answers)), answers]
    doubtful = (other.max(axis=1) > own) & (own < usual[answers])
    return [(int(row), int(other[row].argmax())) for row in np.flatnonzero(doubtful)]


def _out_of_fold(ground: Ground, tell: Tell) -> Floats:
    """Calibrated probabilities of every text by a model that had not seen it."""
    everything = np.arange(len(ground.answers))
    recipe = choose(ground, everything, tell)
    scores = np.zeros((len(everything), len(ground.labels)))
    for number, part in enumerate(by_group(ground.groups, _FOLDS), start=1):
        tell(f"asking about {len(part.held_out)} texts, {number} of {_FOLDS}")
        scores[part.held_out] = score(ground, part.held_out, learn(ground, part.learnt, recipe))
    temperature = fit_temperature(scores, ground.answers, np.ones(len(everything)))
    return softmax(scores / temperature)
