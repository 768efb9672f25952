"""Fitting a scale: the table's points are where learning begins, and cues and words correct them together.

Adjacent-category logits (Agresti, Categorical Data Analysis, 8.3.4): one push along the scale, so that an answer two
steps off costs more than one; without labels it is the table.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import minimize

from maild.classify.arrays import Bools, Floats, Ints, Singles
from maild.classify.linear import softmax
from maild.classify.points import Points, Tally
from maild.classify.scale import direction

PER_POINT = 0.6
"""What a point of the table is worth before anything is learnt: four points make a label seven times as likely."""

_CUE_PENALTY = 10.0
_START_PENALTY = 3.0
_SHARE_OF_SIZE = 0.5
"""As in `fitting`: the few most urgent texts are heard."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Signs:
    """What the table sees in the texts."""

    points: Floats
    """Shape (texts,): the sum of all cues."""

    cues: Floats
    """Shape (texts, cues): 1 where it stands and is not denied."""

    is_critical: Bools

    def only(self, rows: Ints) -> "Signs":
        """Those of some texts."""
        return Signs(points=self.points[rows], cues=self.cues[rows], is_critical=self.is_critical[rows])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scale:
    """What was learnt; a push is added to the highest label's score and taken from the lowest's."""

    per_point: float
    cues: Floats
    words: Singles
    """Shape (words,); empty where only the cues count."""

    intercept: Floats
    """Shape (labels,)."""


def signs_of(tallies: list[Tally], points: Points) -> Signs:
    """Make numbers of what was found."""
    names = [cue.name for cue in points.cues]
    cues = np.zeros((len(tallies), len(names)))
    for row, tally in enumerate(tallies):
        for one in tally.found:
            cues[row, names.index(one.name)] = float(one.points != 0)
    total = np.array([sum(one.points for one in tally.found) for tally in tallies], dtype=np.float64)
    return Signs(points=total, cues=cues, is_critical=np.array([tally.is_critical for tally in tallies], dtype=bool))


def start_of(points: Points) -> Floats:
    """The intercept that makes the table's own bounds the places where two labels are equally likely."""
    bounds = [least - 0.5 for _, least in sorted(points.at_least.items())]
    steps = np.array([-PER_POINT * bound for bound in bounds])
    # Where the push of two neighbours differs by one step, their scores are equal at the bound between them.
    scores = np.concatenate([[0.0], -np.cumsum(steps)]) * (2 / len(bounds))
    return np.asarray(scores - scores.mean())


def fit_scale(signs: Signs, words: Any, answers: Ints, points: Points, penalty: float | None) -> Scale:
    """Learn the scale; `words`: TF-IDF of the texts, `penalty`: for their weights (None: only the cues are learnt)."""
    learnt = sparse.csr_matrix((len(answers), 0)) if penalty is None else words
    features = sparse.hstack([sparse.csr_matrix(np.column_stack([signs.points, signs.cues])), learnt]).tocsr()
    labels, few = len(points.at_least) + 1, 1 + signs.cues.shape[1]
    held = np.concatenate([np.full(few, _CUE_PENALTY), np.full(learnt.shape[1], penalty or 0.0)])
    held[0] = _CUE_PENALTY * len(answers) ** 0.5
    along, start = direction(labels), start_of(points)
    truth = np.eye(labels)[answers]
    sizes = np.maximum(np.bincount(answers, minlength=labels), 1)
    each = sizes[answers] ** -_SHARE_OF_SIZE
    each *= len(answers) / each.sum()

    def loss(packed: Floats) -> tuple[float, Floats]:
        weights, shift = packed[:-labels], packed[-labels:]
        push = PER_POINT * signs.points + features @ weights
        probabilities = softmax(np.outer(push, along) + start + shift)
        value = -each @ np.log(np.maximum((probabilities * truth).sum(axis=1), 1e-12))
        value += (held * weights**2).sum() / 2 + _START_PENALTY * (shift**2).sum() / 2
        off = (probabilities - truth) * each[:, None]
        slope = features.T @ (off @ along) + held * weights
        return float(value), np.concatenate([slope, off.sum(axis=0) + _START_PENALTY * shift])

    found = minimize(
        loss, np.zeros(features.shape[1] + labels), jac=True, method="L-BFGS-B", options={"maxiter": 200}
    ).x
    return Scale(
        per_point=float(PER_POINT + found[0]), cues=found[1:few],
        words=found[few:-labels].astype(np.float16).astype(np.float32), intercept=start + found[-labels:],
    )  # fmt: skip


def score_scale(scale: Scale, signs: Signs, words: Any) -> Floats:
    """Shape (texts, labels), before temperature and softmax."""
    push = scale.per_point * signs.points + signs.cues @ scale.cues
    if len(scale.words):
        push = push + words @ scale.words
    return np.outer(push, direction(len(scale.intercept))) + scale.intercept
