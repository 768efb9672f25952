"""Fitting a hidden layer to the encoder's numbers: where texts are many it sees what no straight sum of them says.

Some of the units and of the numbers are silent at each step (Srivastava et al. 2014, Dropout); steps are Adam's (Kingma and
Ba 2015, arXiv 1412.6980) and end at nothing along a cosine (Loshchilov and Hutter 2017, arXiv 1608.03983).
"""

from dataclasses import dataclass

import numpy as np

from maild.classify.arrays import Floats, Ints, Singles
from maild.classify.encoder.sense_weights import SenseWeights
from maild.classify.linear import softmax

UNITS = 512
"""Of each start."""

_SILENT_UNITS = 0.5

_SEEN = 200_000
"""Texts that are seen in all passes together."""

_FEWEST_PASSES, _MOST_PASSES = 20, 100
_GROUP = 64
_STEP = 2e-3
_LEAST_SPREAD = np.float32(0.1)
_FADING, _FADING_SQUARES = 0.9, 0.999
_MANY = 10_000
"""Texts up to which a layer is held back: with 9,000 it gains by that, with 21,900 it loses (benchmarks/models.md)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Restraint:
    """How far a layer is held back."""

    starts: tuple[int, ...]
    """What is learnt from each is averaged: they err apart and correct each other, and side by side they are one layer."""

    silent_numbers: float
    lost: float
    """Of a weight on a way of length one (Loshchilov and Hutter 2019, arXiv 1711.05101)."""


_OF_FEW = _Restraint(starts=(20_251_130, 20_251_131), silent_numbers=0.4, lost=0.5)
_OF_MANY = _Restraint(starts=(20_251_130,), silent_numbers=0.25, lost=0.0)
"""Many texts hold a layer back themselves: by 21,900 the labels of others became less likely the other way."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Texts:
    """What is learnt from."""

    rows: Singles
    """Shape (texts, size of the encoder)."""

    answers: Ints
    offset: Floats
    importance: Floats

    def only(self, places: Ints) -> "_Texts":
        """Some of them."""
        return _Texts(
            rows=self.rows[places], answers=self.answers[places], offset=self.offset[places],
            importance=self.importance[places],
        )  # fmt: skip


@dataclass(slots=True, kw_only=True, eq=False)
class _Moving:
    """Weights on their way."""

    weights: Singles
    way: Singles
    """A fading mean of the slopes."""

    squares: Singles
    """Likewise, of their squares."""

    def move(self, slope: Singles, length: float, step: int, lost: float) -> None:
        """Go so far, the less the more the slope has changed, and lose a little."""
        self.way += np.float32(1 - _FADING) * (slope - self.way)
        self.squares += np.float32(1 - _FADING_SQUARES) * (slope**2 - self.squares)
        usual = np.sqrt(self.squares / np.float32(1 - _FADING_SQUARES**step)) + np.float32(1e-8)
        self.weights -= np.float32(length / (1 - _FADING**step)) * self.way / usual
        self.weights *= np.float32(1 - lost * length)


def fit_hidden(rows: Singles, answers: Ints, offset: Floats, importance: Floats) -> tuple[SenseWeights, Floats]:
    """Weights of the encoder's numbers and the intercept (labels,) that, added to `offset`, make the answers likely.

    `importance`: how much each text counts, one on average. The same arguments give the same weights.
    """
    middle, spread = rows.mean(axis=0), rows.std(axis=0)
    # A number that hardly differs from text to text would weigh without bound.
    spread = np.maximum(spread, _LEAST_SPREAD * spread.mean() + np.float32(1e-6))
    even = _Texts(rows=(rows - middle) / spread, answers=answers, offset=offset, importance=importance)
    held = _OF_MANY if len(answers) > _MANY else _OF_FEW
    found = [_learn(even, held, np.random.default_rng(start)) for start in held.starts]
    hidden, shift, weights, intercept = zip(*found, strict=True)
    across = np.hstack(hidden) / spread[:, None]
    averaged = np.asarray(np.vstack(weights) / len(found), dtype=np.float32)
    layer = SenseWeights(weights=averaged, hidden=across, shift=np.hstack(shift) - middle @ across)
    return layer, np.mean(intercept, axis=0, dtype=np.float64)


def _learn(texts: _Texts, held: _Restraint, chance: np.random.Generator) -> tuple[Singles, ...]:
    """Shapes (size of the encoder, units), (units,), (units, labels), (labels,)."""
    size, labels = texts.rows.shape[1], texts.offset.shape[1]
    first = chance.normal(0, np.sqrt(2 / size), (size, UNITS)).astype(np.float32)
    learnt = [_at_rest(first), *(_at_rest(np.zeros(shape, np.float32)) for shape in (UNITS, (UNITS, labels), labels))]
    groups = groups_of(len(texts.answers), chance)
    for step, group in enumerate(groups):
        length = _STEP * (1 + np.cos(np.pi * step / len(groups))) / 2
        slopes = _slopes([each.weights for each in learnt], texts.only(group), held.silent_numbers, chance)
        for each, slope in zip(learnt, slopes, strict=True):
            each.move(slope, length, step + 1, held.lost)
    return tuple(each.weights for each in learnt)


def groups_of(texts: int, chance: np.random.Generator) -> list[Ints]:
    """Places of the texts of each step, of all passes; about as many in each, since each makes a whole step."""
    passes = min(max(_SEEN // texts, _FEWEST_PASSES), _MOST_PASSES)
    return [group for _ in range(passes) for group in np.array_split(chance.permutation(texts), -(-texts // _GROUP))]


def _at_rest(weights: Singles) -> _Moving:
    return _Moving(weights=weights, way=np.zeros_like(weights), squares=np.zeros_like(weights))


def _slopes(learnt: list[Singles], texts: _Texts, silent: float, chance: np.random.Generator) -> list[Singles]:
    """Of the loss on a small group of texts, in the order of `learnt`; what is silent is drawn anew for each of them."""
    hidden, shift, weights, intercept = learnt
    heard = texts.rows * _heard(texts.rows.shape, silent, chance)
    units = heard @ hidden + shift
    is_heard = (units > 0) * _heard(units.shape, _SILENT_UNITS, chance)
    active = units * is_heard
    push = softmax(texts.offset + active @ weights + intercept)
    push[np.arange(len(push)), texts.answers] -= 1
    push = (push * texts.importance[:, None] / len(push)).astype(np.float32)
    back = push @ weights.T * is_heard
    return [heard.T @ back, back.sum(axis=0), active.T @ push, push.sum(axis=0)]


def _heard(shape: tuple[int, ...], silent: float, chance: np.random.Generator) -> Singles:
    """Nothing where it is silent, otherwise so much more that the sum stays as it is on average."""
    return np.asarray((chance.random(shape, dtype=np.float32) >= silent) / (1 - silent), dtype=np.float32)
