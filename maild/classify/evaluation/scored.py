"""Scored: what a model said about texts that it has not learnt from, beside what is true."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from maild.classify.arrays import Bools, Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scored:
    """One row a text, in the same order everywhere."""

    labels: tuple[str, ...]
    """All that the model or the truth knows."""

    truth: Ints
    """Shape (texts,): places in `labels`."""

    probabilities: Floats
    """Shape (texts, labels); 0 for a label that the model lacks. A rule without a confidence says 1 for its label."""

    groups: Ints
    """Shape (texts,): near-duplicates and mails of one thread share a number. They are no independent evidence."""

    given: Bools
    """Shape (texts,): whether a service gives the best label, or leaves the text to a person."""

    has_confidence: bool = True
    """False for rules and tables of points: there is nothing to calibrate and no threshold."""

    best: Ints = field(init=False)
    """Shape (texts,): the place of the most probable label."""

    def __post_init__(self) -> None:
        """Find the best labels once."""
        best = self.probabilities.argmax(axis=1) if len(self.truth) else np.zeros(0, dtype=np.int64)
        object.__setattr__(self, "best", best)

    @property
    def confidence(self) -> Floats:
        """Shape (texts,): the probability of the best label."""
        return self.probabilities.max(axis=1) if len(self.truth) else np.zeros(0)

    @property
    def is_right(self) -> Bools:
        """Shape (texts,): whether the best label is the true one, given or not."""
        return np.asarray(self.best == self.truth)

    def only(self, rows: Ints | Bools) -> "Scored":
        """These rows alone."""
        return replace(
            self,
            truth=self.truth[rows],
            probabilities=self.probabilities[rows],
            groups=self.groups[rows],
            given=self.given[rows],
        )


def numbered(groups: Sequence[str]) -> Ints:
    """Give each group a number, from 0 on."""
    return np.unique(np.asarray(groups, dtype=str), return_inverse=True)[1].astype(np.int64).reshape(-1)
