"""The ground of a desk's model: its counted texts, and what the shipped model says about each of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from maild.classify.arrays import Floats, Ints
from maild.classify.encoder.sentences import Encoder
from maild.classify.linear import LinearModel
from maild.classify.training.desk.counting import Counts, count_texts
from maild.classify.training.desk.history import History
from maild.classify.training.desk.senses import Senses, senses_of
from maild.classify.training.desk.weighing import scores_of


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Base:
    """The shipped model's word on every text."""

    offset: Floats
    """Shape (texts, labels): its scores as they stand, those of labels that it lacks in the middle."""

    block: Floats
    """Shape (texts, its labels): the same made small, to be weighed anew."""

    to_offset: Floats
    """Shape (its labels, labels): makes the offset of its scores."""

    to_block: Floats
    """Shape (its labels, its labels): makes the block."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ground:
    """What every part of the training looks at."""

    texts: Sequence[str]
    counts: Counts
    labels: tuple[str, ...]
    """All that the desk has said, and those of the shipped model that the desk still has."""

    answers: Ints
    """Shape (texts,): the place of each text's label."""

    each: Floats
    """Shape (texts,): how much it counts."""

    groups: Ints
    """Shape (texts,): near-duplicates and threads share a number."""

    base: Base | None
    senses: Senses | None = None
    """What the sentence encoder makes of the texts, where there is one and they are not too many."""


_BLOCK_SIZE = 0.5
"""Length of a text's block, beside words of length one: few labels correct the shipped model as a whole first."""


def lay_ground(
    history: History,
    base: LinearModel | None,
    base_labels: Sequence[str],
    encoder: Encoder | None = None,
    also: Sequence[LinearModel] = (),
) -> Ground:
    """Count the texts; `base_labels`: those of the base that the desk still has. `also`: whose words are counted too."""
    labels = tuple(sorted({*history.rows, *base_labels}))
    place_of = {label: place for place, label in enumerate(labels)}
    texts = [example.text for example in history.examples]
    known = frozenset(term for model in (*also, *([base] if base else ())) for term in model.terms())
    counts = count_texts(texts, kept=known)
    groups = np.unique([example.group for example in history.examples], return_inverse=True)[1]
    return Ground(
        texts=texts,
        counts=counts,
        labels=labels,
        answers=np.array([place_of[example.labels[history.question]] for example in history.examples], dtype=np.int64),
        each=np.ones(len(history.examples)),
        groups=groups.astype(np.int64).reshape(-1),
        base=None if base is None else _ask(base, counts, labels),
        senses=senses_of(texts, encoder),
    )


def _ask(base: LinearModel, counts: Counts, labels: Sequence[str]) -> Base:
    scores = scores_of(base, counts)
    size = len(base.labels)
    centred = np.eye(size) - 1 / size
    same = np.array([[float(of_base == label) for label in labels] for of_base in base.labels])
    to_offset = centred @ same / base.temperature
    middle = scores @ centred
    to_block = centred * (_BLOCK_SIZE / (np.sqrt((middle**2).sum(axis=1).mean()) or 1.0))
    return Base(offset=scores @ to_offset, block=scores @ to_block, to_offset=to_offset, to_block=to_block)
