"""Which texts are learnt from and which are held out, so that no near-duplicate and no thread is on both sides."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from maild.classify.arrays import Ints
from maild.classify.training.example import Example

NEWEST = 0.25
"""Share that a large history holds out: the newest."""

LARGE = 2_000
"""Texts from which one part is enough to tell how good a model is."""

_BLOCKS = (0.4, 0.6, 0.8)
"""A small history holds out more, one block after the other, each scored by a model of all that is older."""

_FOLDS = 5
_DATED = 0.8
"""Share of texts that must have a date to split by time."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """Places of examples."""

    learnt: Ints
    held_out: Ints


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Parts:
    """How a history was split, in words too."""

    parts: Sequence[Part]
    how: str
    by_time: bool = True


def split(examples: Sequence[Example]) -> Parts:
    """Split by time where there are dates, otherwise by group. `examples` are in the order of time."""
    group = _numbered(examples)
    dated = sum(example.at is not None for example in examples)
    if dated < _DATED * len(examples):
        return Parts(
            parts=by_group(group, _FOLDS), by_time=False,
            how=f"{_FOLDS} folds by thread and near-duplicate; too few have a date",
        )  # fmt: skip
    if len(examples) >= LARGE:
        return Parts(
            parts=[newest(group, 1 - NEWEST, 1.0)], how=f"the newest {NEWEST:.0%}, scored by a model of the rest"
        )
    ends = (*_BLOCKS[1:], 1.0)
    blocks = [newest(group, start, end) for start, end in zip(_BLOCKS, ends, strict=True)]
    return Parts(
        parts=blocks,
        how=f"the newest {1 - _BLOCKS[0]:.0%} in {len(_BLOCKS)} blocks, each scored by a model of all that is older",
    )


def by_group(group: Ints, folds: int) -> list[Part]:
    """Folds of whole groups."""
    # The order of the groups is by chance of their first text; a multiplier of Knuth spreads neighbours.
    fold = (group * 2_654_435_761 % 2**32) % folds
    found = [Part(learnt=np.flatnonzero(fold != one), held_out=np.flatnonzero(fold == one)) for one in range(folds)]
    return [part for part in found if len(part.learnt) and len(part.held_out)]


def newest(group: Ints, start: float, end: float) -> Part:
    """Hold out the texts between two shares of the time; what belongs to their groups is not learnt from."""
    first, last = int(start * len(group)), int(end * len(group))
    older = np.arange(first)
    held_out = np.arange(first, last)
    return Part(learnt=older[~np.isin(group[older], group[held_out])], held_out=held_out)


def _numbered(examples: Sequence[Example]) -> Ints:
    return np.unique([example.group for example in examples], return_inverse=True)[1].astype(np.int64).reshape(-1)
