"""Whether a candidate would decide less than the model in service does within the error budget."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.stats import binom

from maild.classify.arrays import Bools
from maild.classify.evaluation.paired import SIGNIFICANT, Comparison, compare, sign_test
from maild.classify.evaluation.scored import Scored


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What a model decides of the same texts."""

    n: int
    given: int
    wrong: int

    def document(self) -> dict[str, Any]:
        """For a card."""
        return {"n": self.n, "given": self.given, "wrong": self.wrong}


def decided(scored: Scored) -> Decided:
    """Count what is given, and what of it is wrong."""
    given = scored.given
    return Decided(n=len(given), given=int(given.sum()), wrong=int((given & ~scored.is_right).sum()))


def compare_services(champion: Scored, challenger: Scored, budget: float) -> Comparison:
    """Compare two models as they would serve: by what they say, and by what they would decide within the error budget.

    A rule without a confidence decides everything: it is compared by what it says alone.
    """
    found = compare(champion, challenger)
    has_thresholds = champion.has_confidence and challenger.has_confidence
    less = decides_less(champion, challenger, budget) if has_thresholds else None
    return replace(found, judgement="worse", because=less) if less else found


def decides_less(champion: Scored, challenger: Scored, budget: float) -> str | None:
    """Why the challenger may not take the champion's place, though it may be right more often; None where it may.

    A champion whose decisions are shown to break the budget is no measure. Both are scored on the same texts.
    """
    theirs, own = decided(champion), decided(challenger)
    rightly, own_rightly = _rightly(champion), _rightly(challenger)
    won, lost = own_rightly & ~rightly, rightly & ~own_rightly
    if not lost.any() or _is_broken(theirs, budget):
        return None
    is_less = lost.sum() > won.sum() and sign_test(won, lost, champion.groups) < SIGNIFICANT
    if own.given and not is_less:
        return None
    return (
        f"within the error budget of {budget:.0%} it would decide {own.given} of {own.n} texts, {own.wrong} of them wrongly; "
        f"the one in service decides {theirs.given}, {theirs.wrong} of them wrongly"
    )


def _rightly(scored: Scored) -> Bools:
    return np.asarray(scored.given & scored.is_right)


def _is_broken(them: Decided, budget: float) -> bool:
    """Whether so many errors would be unlikely if the budget were kept (exact binomial tail)."""
    return bool(them.given and binom.sf(them.wrong - 1, them.given, budget) < SIGNIFICANT)
