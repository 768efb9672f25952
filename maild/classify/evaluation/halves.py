"""Scores to answers: each half of the texts is calibrated by the other, so that none helps to find its own threshold."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from maild.classify.evaluation.answers import Answers
from maild.classify.evaluation.scored import Bools, Floats, Ints
from maild.classify.linear import softmax
from maild.classify.training.calibration import calibrate
from maild.classify.training.learn_then_test import NEVER


def in_halves(
    scores: Floats,
    truth: Ints,
    groups: Ints,
    labels: Sequence[str],
    *,
    budget: float,
    silent: Collection[str] = (),
) -> Answers:
    """Answer by held-out scores before temperature and softmax, of shape (texts, labels); whole groups go to a half.

    Half of the texts prove less than all of them do, so these answers are a little more cautious than a service's.
    """
    first: Bools = np.random.default_rng(1).random(int(groups.max(initial=0)) + 1)[groups] < 1 / 2
    probabilities, given = np.zeros(scores.shape), np.zeros(len(truth), dtype=bool)
    for half in (first, ~first):
        if np.count_nonzero(~half) < 2 or not half.any():  # noqa: PLR2004 - nothing to calibrate by
            probabilities[half] = softmax(scores[half])
            continue
        found = calibrate(scores[~half], truth[~half], labels=labels, groups=groups[~half], silent=silent)
        probabilities[half] = softmax(scores[half] / found.temperature)
        least = np.array([_least(found.thresholds, label, budget) for label in labels])
        given[half] = probabilities[half].max(axis=1) >= least[probabilities[half].argmax(axis=1)]
    return Answers(labels=tuple(labels), probabilities=probabilities, given=given, has_confidence=True)


def _least(thresholds: Mapping[str, Mapping[str, float]], label: str, budget: float) -> float:
    """The threshold of the widest budget that the admin's allows."""
    kept = [written for written in thresholds if float(written) <= budget]
    return thresholds[max(kept, key=float)].get(label, NEVER) if kept else NEVER
