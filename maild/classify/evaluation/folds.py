"""Scores to answers: each fifth of the texts is calibrated by the others, so that none helps to find its own threshold."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np

from maild.classify.arrays import Floats, Ints
from maild.classify.evaluation.answers import Answers
from maild.classify.linear import softmax
from maild.classify.training.calibration import Calibration
from maild.classify.training.learn_then_test import NEVER

_FOLDS = 5


class Calibrating(Protocol):
    """Scores, true labels and groups to what a service would go by."""

    def __call__(self, scores: Floats, truth: Ints, /, *, groups: Ints) -> Calibration:
        """Learn what confidence is worth; `groups` numbers near-duplicates and threads."""


def in_folds(
    scores: Floats, truth: Ints, groups: Ints, labels: Sequence[str], *, budget: float, calibrate: Calibrating
) -> Answers:
    """Answer by held-out scores before temperature and softmax, of shape (texts, labels); whole groups go to a fold.

    Four fifths of the texts prove a little less than all of them do, so these answers are a little more cautious than a service's.
    """
    fold = np.random.default_rng(1).permutation(int(groups.max(initial=0)) + 1)[groups] % _FOLDS
    probabilities, given = np.zeros(scores.shape), np.zeros(len(truth), dtype=bool)
    for this in (fold == number for number in range(_FOLDS)):
        if np.count_nonzero(~this) < 2 or not this.any():  # noqa: PLR2004 - nothing to calibrate by
            probabilities[this] = softmax(scores[this])
            continue
        found = calibrate(scores[~this], truth[~this], groups=groups[~this])
        probabilities[this] = softmax(scores[this] / found.temperature, found.none_of_them)
        least = np.array([_least(found.thresholds, label, budget) for label in labels])
        given[this] = probabilities[this].max(axis=1) >= least[probabilities[this].argmax(axis=1)]
    return Answers(labels=tuple(labels), probabilities=probabilities, given=given, has_confidence=True)


def _least(thresholds: Mapping[str, Mapping[str, float]], label: str, budget: float) -> float:
    """The threshold of the widest budget that the admin's allows."""
    kept = [written for written in thresholds if float(written) <= budget]
    return thresholds[max(kept, key=float)].get(label, NEVER) if kept else NEVER
