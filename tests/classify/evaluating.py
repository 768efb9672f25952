"""Scored texts for tests of evaluation: drawn by seeded chance, with a truth that is known."""

import numpy as np

from maild.classify.evaluation.scored import Scored
from maild.classify.linear import softmax

LABELS = ("access", "billing", "network")


def some_scored(number: int, *, seed: int = 1, sharper: float = 1.0, twins: int = 1, good: float = 2.5) -> Scored:
    """Texts whose labels are drawn by the very probabilities that the model says, unless it is `sharper`."""
    chance = np.random.default_rng(seed)
    scores = chance.normal(size=(number, len(LABELS))) * good
    truth = (softmax(scores).cumsum(axis=1) < chance.random((number, 1))).sum(axis=1)
    probabilities = softmax(scores * sharper)
    return Scored(
        labels=LABELS,
        truth=np.repeat(truth, twins),
        probabilities=np.repeat(probabilities, twins, axis=0),
        groups=np.repeat(np.arange(number), twins),
        given=np.repeat(probabilities.max(axis=1) > 0.9, twins),
    )


def a_scored(truth: list[int], best: list[int], labels: tuple[str, ...] = LABELS) -> Scored:
    """Answers without confidence, each text for itself."""
    return Scored(
        labels=labels,
        truth=np.array(truth, dtype=np.int64),
        probabilities=np.eye(len(labels))[best].reshape(-1, len(labels)),
        groups=np.arange(len(truth)),
        given=np.ones(len(truth), dtype=bool),
        has_confidence=False,
    )
