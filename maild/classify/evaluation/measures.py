"""Every score of one model on one set of texts, each with n and an interval."""

import math
from dataclasses import dataclass

import numpy as np

from maild.classify.arrays import Bools, Floats
from maild.classify.evaluation.bootstrap import bootstrap
from maild.classify.evaluation.counts import confusion, f1, kappa, macro_f1
from maild.classify.evaluation.coverage import Coverage, accuracy_of_surest, coverage
from maild.classify.evaluation.interval import Measured, share
from maild.classify.evaluation.ranking import auc
from maild.classify.evaluation.reliability import Reliability, reliability
from maild.classify.evaluation.scored import Scored


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelScores:
    """One label, without abstaining."""

    label: str
    n: int
    """Texts of which it is true."""

    precision: Measured
    recall: Measured
    f1: Measured


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """One model; None where a score does not apply."""

    n: int
    independent: int
    """Groups: near-duplicates and mails of one thread count once."""

    accuracy: Measured
    macro_f1: Measured
    kappa: Measured | None
    """Quadratic-weighted, for scales alone."""

    belittled: Measured | None
    """For scales alone: how many of the texts of the highest label were called low: 3 of 3, or 4 and 5 of 5."""

    auc: Measured | None
    """Of the second label, for two labels alone."""

    surest: Measured | None
    """Accuracy on the 80 % of the texts that it is surest of."""

    coverage: Coverage
    reliability: Reliability | None
    labels: tuple[LabelScores, ...]
    """Those that occur, in the order of the model's labels."""

    names: tuple[str, ...]
    """Labels of the confusion table."""

    confusion: tuple[tuple[int, ...], ...]
    """Rows: true; columns: said, whether given or not."""


def measure(scored: Scored, *, is_scale: bool = False) -> Scores:
    """Count all scores. `is_scale`: the labels stand in the order of a scale, as urgency 1 to 3 does.

    Raises ValueError where there is no text.
    """
    if not len(scored.truth):
        raise ValueError("no texts, no scores")
    occurring = np.flatnonzero(confusion(scored).sum(axis=0) + confusion(scored).sum(axis=1))
    shared, of_labels = _drawn(scored, is_scale=is_scale)
    independent = len(np.unique(scored.groups))
    return Scores(
        n=len(scored.truth),
        independent=independent,
        accuracy=share(float(scored.is_right.sum()), len(scored.truth), independent),
        macro_f1=shared[0],
        kappa=_told(shared[1]),
        belittled=_belittled(scored) if is_scale else None,
        auc=_told(shared[2]),
        surest=_told(shared[3]),
        coverage=coverage(scored),
        reliability=reliability(scored) if scored.has_confidence else None,
        labels=tuple(_of_label(scored, int(place), of_labels[place]) for place in occurring),
        names=tuple(scored.labels[place] for place in occurring),
        confusion=_table(scored, occurring.tolist()),
    )


def _drawn(scored: Scored, *, is_scale: bool) -> tuple[list[Measured], list[Measured]]:
    """What has no formula for its interval: four scores of the model, and the F1 of each label."""
    nothing = float("nan")

    def counting(weights: Floats) -> Floats:
        table = confusion(scored, weights)
        return np.array(
            [
                macro_f1(table),
                kappa(table) if is_scale else nothing,
                auc(scored.probabilities[:, 1], scored.truth == 1, weights)
                if scored.has_confidence and len(scored.labels) == 2  # noqa: PLR2004 - a ranking has two ends
                else nothing,
                accuracy_of_surest(scored, weights) if scored.has_confidence else nothing,
                *f1(table),
            ]
        )

    measured = bootstrap(counting, scored.groups)
    return measured[:4], measured[4:]


def _belittled(scored: Scored) -> Measured:
    highest = scored.truth == 0
    is_low = scored.best >= len(scored.labels) - max(1, len(scored.labels) // 2)
    return _share_of(scored, is_low, highest)


def _told(measured: Measured) -> Measured | None:
    return None if math.isnan(measured.value) else measured


def _of_label(scored: Scored, place: int, drawn: Measured) -> LabelScores:
    is_true, is_said = scored.truth == place, scored.best == place
    groups = len(np.unique(scored.groups[is_true]))
    return LabelScores(
        label=scored.labels[place],
        n=int(is_true.sum()),
        precision=_share_of(scored, is_true, is_said),
        recall=_share_of(scored, is_said, is_true),
        f1=Measured(value=drawn.value, low=drawn.low, high=drawn.high, n=int(is_true.sum()), independent=groups),
    )


def _share_of(scored: Scored, hits: Bools, among: Bools) -> Measured:
    return share(float((hits & among).sum()), int(among.sum()), len(np.unique(scored.groups[among])))


def _table(scored: Scored, occurring: list[int]) -> tuple[tuple[int, ...], ...]:
    cells = confusion(scored)[np.ix_(occurring, occurring)]
    return tuple(tuple(map(int, row)) for row in cells.tolist())
