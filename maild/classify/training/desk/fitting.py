"""Fitting a desk's model: its own words' weights, learnt as a correction of what the shipped model says.

Ridge logistic regression with an offset: without labels it is the shipped model, with many it is the desk's own.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.linalg import solve_triangular
from scipy.optimize import minimize

from maild.classify.arrays import Floats, Ints, Singles
from maild.classify.linear import softmax
from maild.classify.training.desk.passes import fit_in_passes

_INTERCEPT_PENALTY = 0.3
"""Few labels say little about how often a label comes; without it 50 of them made rare labels vanish."""

_SHARE_OF_SIZE = 0.5
"""A label's texts together weigh the root of their number: rare labels are heard, frequent ones still lead."""

_MOST_ROUNDS = 100
_ROUNDS_OF_TERMS = 40
"""Of 22,000 tickets, 8,000 and 3,500: more rounds made held-out labels no likelier, and less where texts are few."""

_ROUNDS_OF_FEW_COLUMNS = 60

_FEW = 3_000
"""Texts up to which it is quicker to weigh the texts than their many more terms."""

_FREQUENT = 0.05
"""Share of texts from which a column has so many numbers that nothing is gained by leaving out those that are nothing."""

MANY = 10_000
"""Texts from which on passes over small groups of them are quicker, and right more often: .854 in place of .846 with 22,000."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Weights:
    """What was learnt."""

    terms: Singles
    """Shape (columns, labels)."""

    intercept: Floats
    """Shape (labels,)."""


def fit_on_top(
    rows: Any,
    answers: Ints,
    offset: Floats,
    each: Floats,
    penalty: float,
    *,
    in_passes: bool = False,
    alike: Floats | None = None,
) -> Weights:
    """Learn weights of the columns of `rows` that, added to `offset` (texts, labels), make the answers likely.

    `answers` are places of labels; `each` is how much a text counts; `penalty` times half the squared weights is added
    to the loss; `in_passes` where they are few as where they are many; `alike` is `alike_of(rows)` of few texts, where
    it is known. The same arguments give the same weights.
    """
    importance = each * importance_of(answers, offset.shape[1])
    if in_passes or rows.shape[0] > MANY:
        weights, intercept = fit_in_passes(
            rows, answers, offset, importance, penalty=penalty, of_intercept=_INTERCEPT_PENALTY
        )
    elif rows.shape[0] > _FEW:
        weights, intercept = _descend(rows, answers, offset, importance, penalty, rounds=_ROUNDS_OF_TERMS)
    else:
        lower = np.linalg.cholesky((alike_of(rows) if alike is None else alike) + 1e-4 * np.eye(len(answers)))
        mixed, intercept = _descend(lower, answers, offset, importance, penalty, rounds=_MOST_ROUNDS)
        # The same weights by a shorter way: they are a mix of the texts themselves (Kimeldorf and Wahba 1970).
        weights = np.asarray(rows.T @ solve_triangular(lower.T, mixed))
    return Weights(terms=weights.astype(np.float16).astype(np.float32), intercept=intercept)


def fit_few_columns(rows: Singles, answers: Ints, offset: Floats, each: Floats, penalty: float) -> Weights:
    """Likewise, where all of the columns have a number in each text: they are weighed as they stand, about their middle."""
    middle = rows.mean(axis=0)
    importance = each * importance_of(answers, offset.shape[1])
    weights, intercept = _descend(rows - middle, answers, offset, importance, penalty, rounds=_ROUNDS_OF_FEW_COLUMNS)
    return Weights(terms=weights.astype(np.float32), intercept=intercept - middle @ weights)


def alike_of(rows: Any) -> Floats:
    """The product of each text with each other, shape (texts, texts).

    Columns that many texts have are multiplied as they stand, which is the shorter way there, and the others by what is
    in them.
    """
    texts = rows.shape[0]
    is_frequent = np.bincount(rows.indices, minlength=rows.shape[1]) > _FREQUENT * texts
    frequent = rows[:, np.flatnonzero(is_frequent)].toarray()
    rare = rows[:, np.flatnonzero(~is_frequent)]
    return np.asarray(frequent @ frequent.T + (rare @ rare.T).toarray(), dtype=np.float64)


def _descend(
    rows: Any, answers: Ints, offset: Floats, importance: Floats, penalty: float, *, rounds: int
) -> tuple[Floats, Floats]:
    """Find the weights of the columns of `rows` by L-BFGS (Liu and Nocedal 1989)."""
    turned = rows.T  # of a sparse one no copy: its columns are read as they lie
    columns, labels = rows.shape[1], offset.shape[1]
    truth = np.zeros(offset.shape)
    truth[np.arange(len(answers)), answers] = 1

    def loss(packed: Floats) -> tuple[float, Floats]:
        weights, intercept = _unpack(packed, columns, labels)
        probabilities = softmax(offset + rows @ weights.astype(rows.dtype) + intercept)
        unlikely = -np.log(np.maximum((probabilities * truth).sum(axis=1), 1e-12))
        push = (probabilities - truth) * importance[:, None]
        value = importance @ unlikely + penalty / 2 * (weights**2).sum() + _INTERCEPT_PENALTY / 2 * (intercept**2).sum()
        slope = turned @ push.astype(rows.dtype) + penalty * weights
        return float(value), np.concatenate([slope.ravel(), push.sum(axis=0) + _INTERCEPT_PENALTY * intercept])

    start = np.zeros(columns * labels + labels)
    options = {"maxiter": rounds, "ftol": 1e-6, "gtol": 1e-4}
    return _unpack(minimize(loss, start, jac=True, method="L-BFGS-B", options=options).x, columns, labels)


def _unpack(packed: Floats, columns: int, labels: int) -> tuple[Floats, Floats]:
    return packed[: columns * labels].reshape(columns, labels), packed[columns * labels :]


def importance_of(answers: Ints, labels: int) -> Floats:
    """How much each text counts, by how many its label has; one on average."""
    sizes = np.maximum(np.bincount(answers, minlength=labels), 1)
    each: Floats = sizes[answers] ** -_SHARE_OF_SIZE
    even: Floats = each / each.mean()
    return even
