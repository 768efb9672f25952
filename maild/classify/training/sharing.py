"""Which labels prove a threshold of their own, and which have so few texts that they share one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from maild.classify.arrays import Bools, Floats, Ints
from maild.classify.training.learn_then_test import NEVER, Plan, least_confidence, plan

_SURE = 20
"""A label stands alone if its proof is expected to be so many times clearer than it must be."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rows:
    """One row a text."""

    said: npt.NDArray[np.str_]
    """The best label."""

    confidence: Floats
    is_wrong: Bools
    weights: Floats

    def only(self, rows: Ints | Bools) -> "Rows":
        """These rows alone."""
        return Rows(
            said=self.said[rows],
            confidence=self.confidence[rows],
            is_wrong=self.is_wrong[rows],
            weights=self.weights[rows],
        )


def of_budget(
    planning: Rows, proving: Rows, labels: Sequence[str], *, budget: float, delta: float, is_common: bool = False
) -> dict[str, float]:
    """Give each label its least confidence; all of them together keep the budget with probability 1 - delta.

    The labels that share one keep it on their average, in the mixture of the texts at hand. `is_common`: all share one.
    """
    own = [
        label
        for label in labels
        if not is_common
        and (tried := _plan(planning, proving, [label], budget))
        and tried.expected <= delta / len(labels) / _SURE
    ]
    sharing = sorted(set(labels) - set(own))
    units = [*([label] for label in own), *([sharing] if sharing else [])]
    least: dict[str, float] = {}
    for unit in units:
        least |= dict.fromkeys(unit, _of_unit(planning, proving, unit, budget=budget, delta=delta / len(units)))
    return least


def _of_unit(planning: Rows, proving: Rows, unit: Sequence[str], *, budget: float, delta: float) -> float:
    tried = _plan(planning, proving, unit, budget)
    if tried is None:
        return NEVER
    rows = proving.only(np.isin(proving.said, unit))
    return least_confidence(rows.confidence, rows.is_wrong, rows.weights, tried, budget=budget, delta=delta)


def _plan(planning: Rows, proving: Rows, unit: Sequence[str], budget: float) -> Plan | None:
    rows = planning.only(np.isin(planning.said, unit))
    more = len(proving.said) / max(len(planning.said), 1)
    return plan(rows.confidence, rows.is_wrong, rows.weights, texts=more, budget=budget) if len(rows.said) else None
