"""How well a question of two labels is told on collections that the model has never seen."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from maild.classify.arrays import Bools, Floats, Ints
from maild.classify.evaluation.bootstrap import bootstrap
from maild.classify.evaluation.interval import Measured, share
from maild.classify.evaluation.ranking import auc
from maild.classify.evaluation.scored import numbered
from maild.classify.telling import Tell
from maild.classify.training.example import Example
from maild.classify.training.fitting import new_vectoriser, shared_terms
from maild.classify.training.heldout import hold_out
from maild.classify.training.sampling import sample

SPECIFICITY = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """One collection, scored by a model of all the others."""

    name: str
    auc: Measured
    recall: Measured
    """Of the label, where nine of ten texts of the other label are told right."""


def leave_out_whole(
    examples: Sequence[Example], question: str, positive: str, *, seed: int, tell: Tell
) -> list[Unseen]:
    """Measure each collection that has both labels; those that have one alone are joined, the one kind with the other.

    The vocabulary is chosen with all texts in sight, without their labels; weights never see the collection.
    """
    chosen = sample(examples, question, seed=seed)
    texts = [one.text for one in chosen]
    vectoriser = new_vectoriser(shared_terms(texts, [one.corpus for one in chosen]))
    rows = vectoriser.fit_transform(texts)
    labels = sorted({one.labels[question] for one in chosen})
    held_out = hold_out(chosen, question, vectoriser, rows, labels, main=(), seed=seed, tell=tell)
    return rank(chosen, question, positive, held_out.unseen, labels)


def rank(
    examples: Sequence[Example],
    question: str,
    positive: str,
    unseen: Floats,
    labels: Sequence[str],
) -> list[Unseen]:
    """Likewise, from scores (texts, labels) of models that had not seen the collections."""
    corpora = np.array([one.corpus for one in examples])
    is_true = np.array([one.labels[question] == positive for one in examples])
    lead = 2 * unseen[:, labels.index(positive)] - unseen.sum(axis=1)
    groups = numbered([one.group for one in examples])
    parts = _parts(corpora, is_true)
    return [_measured(name, lead[part], is_true[part], groups[part]) for name, part in parts]


def _parts(corpora: npt.NDArray[np.str_], is_true: Bools) -> list[tuple[str, Bools]]:
    """Those with both labels each alone; every collection of the label alone with every one of the other alone."""
    names = sorted(set(corpora.tolist()))
    both = [name for name in names if 0 < is_true[corpora == name].mean() < 1]
    alone = [
        (one, other) for one in names for other in names if _is(one, corpora, is_true) and _is(other, corpora, ~is_true)
    ]
    joined = [(f"{one} and {other}", np.isin(corpora, (one, other))) for one, other in alone]
    return [*((name, corpora == name) for name in both), *joined]


def _is(name: str, corpora: npt.NDArray[np.str_], is_true: Bools) -> bool:
    return bool(is_true[corpora == name].all())


def _measured(name: str, lead: Floats, is_true: Bools, groups: Ints) -> Unseen:
    area = bootstrap(lambda weights: np.array([auc(lead, is_true, weights)]), groups, draws=200)[0]
    least = np.quantile(lead[~is_true], SPECIFICITY)
    hits, n = float((lead[is_true] > least).sum()), int(is_true.sum())
    return Unseen(name=name, auc=area, recall=share(hits, n, n))
