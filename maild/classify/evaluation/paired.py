"""Champion and challenger on the same held-out rows: better, as good, or worse."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.stats import binom

from maild.classify.arrays import Bools, Floats, Ints
from maild.classify.evaluation.bootstrap import DRAWS, bootstrap
from maild.classify.evaluation.counts import confusion, macro_f1
from maild.classify.evaluation.interval import LEAST, Measured
from maild.classify.evaluation.scored import Scored

MARGIN = 0.02
"""Macro-F1 that a model may be worse and still counts as good as the other: less than a desk would notice."""

SIGNIFICANT = 0.05

_LEAST_TOLD = 0.001

_LEAST_DIFFERENT = 10
"""Texts that only one of the two has right; with fewer a bootstrap's interval is too narrow to be believed."""

Judgement = Literal["better", "match", "unclear", "worse"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What the same rows say about two models; the difference is challenger minus champion."""

    n: int
    wins: int
    """Rows that only the challenger has right."""

    losses: int
    """Rows that only the champion has right."""

    p: float
    """Two-sided: how often two equally good models would differ so much or more."""

    macro_f1: Measured
    """The difference of macro-F1."""

    judgement: Judgement
    because: str


def compare(champion: Scored, challenger: Scored, *, draws: int = DRAWS) -> Comparison:
    """Compare two models on the same rows in the same order.

    Both must have the same `labels`, `truth` and `groups`; raises ValueError otherwise.
    """
    if champion.labels != challenger.labels or not np.array_equal(champion.truth, challenger.truth):
        raise ValueError("champion and challenger were not scored on the same rows and labels")
    won, lost = challenger.is_right & ~champion.is_right, champion.is_right & ~challenger.is_right
    p = sign_test(won, lost, champion.groups)
    difference = _difference(champion, challenger, draws=draws)
    judgement, because = _judge(int(won.sum()), int(lost.sum()), p, difference)
    return Comparison(
        n=len(champion.truth),
        wins=int(won.sum()),
        losses=int(lost.sum()),
        p=p,
        macro_f1=difference,
        judgement=judgement,
        because=because,
    )


def sign_test(won: Bools, lost: Bools, groups: Ints) -> float:
    """McNemar's exact test (1947), where a whole group wins or loses once: its rows are no independent evidence."""
    net = np.bincount(groups, weights=won.astype(float) - lost.astype(float))
    wins, decisive = int((net > 0).sum()), int((net != 0).sum())
    return min(1.0, 2 * float(binom.cdf(min(wins, decisive - wins), decisive, 0.5))) if decisive else 1.0


def told_p(p: float) -> str:
    """`p = 0.012`; one that is too small for its three decimals is never nothing."""
    return f"p = {p:.3f}" if p >= _LEAST_TOLD else f"p < {_LEAST_TOLD}"


def _difference(champion: Scored, challenger: Scored, *, draws: int) -> Measured:
    def counting(weights: Floats) -> Floats:
        scores = [macro_f1(confusion(scored, weights)) for scored in (challenger, champion)]
        return np.array([scores[0] - scores[1]])

    return bootstrap(counting, champion.groups, draws=draws)[0]


def _judge(wins: int, losses: int, p: float, difference: Measured) -> tuple[Judgement, str]:
    """Worse by either test is worse; a challenger that is ahead need not prove that it is no worse.

    To be right more often is not enough where it is bought by rare labels: whoever says the most frequent one is right often.
    """
    told = f"{difference.value:+.3f} macro-F1 [{difference.low:+.3f}, {difference.high:+.3f}], {wins} wins and {losses} losses, {told_p(p)}"
    if difference.independent < LEAST:
        return "unclear", f"n = {difference.independent}: too few to say"
    is_clear = wins + losses >= _LEAST_DIFFERENT
    if (is_clear and difference.high < 0) or (p < SIGNIFICANT and losses > wins):
        return "worse", told
    is_ahead = p < SIGNIFICANT and wins > losses and difference.value >= -MARGIN
    if (is_clear and difference.low > 0) or is_ahead:
        return "better", told
    if difference.low >= -MARGIN or (difference.value >= 0 and wins >= losses):
        return "match", told
    return "unclear", f"{told}: it may be worse by more than {MARGIN}"
