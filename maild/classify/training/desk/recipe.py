"""Recipes: how far a desk's model leans on the shipped one, and how freely it learns; the history itself chooses."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import sparse

from maild.classify.linear import softmax
from maild.classify.training.calibration import draw_temperature
from maild.classify.training.desk.fitting import Weights, fit_on_top
from maild.classify.training.desk.ground import Ground, Numbers, Places
from maild.classify.training.desk.parts import LARGE, NEWEST, Part, by_group, newest
from maild.classify.training.desk.weighing import Weighing, vectors, weigh

_MOST = 3_000
"""Newest texts on which recipes are compared: more cost minutes and choose the same."""

_FOLDS = 3

_SENSE_SIZE = 2.0
"""Length of what the encoder says, beside words of length one: a text has few of its numbers, and all of them tell."""

_WORTH = 0.98
"""To what share the log-loss must fall for the sentence encoder to be used: it makes each mail several times as dear."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """One way to learn."""

    leans: bool
    """On the shipped model."""

    penalty: float | None
    """For large weights; None: nothing is learnt and the shipped model stays as it is, with thresholds of the desk."""

    sharpens: bool = False
    """Terms that tell labels from each other count more (`weigh`). Where labels are few and texts noisy it is better, and
    where they are many and texts short it is worse."""

    encodes: bool = False
    """The sentence encoder reads each text too."""

    def __str__(self) -> str:
        """In words, for a card."""
        if self.penalty is None:
            return "the shipped model as it is"
        on = "on top of the shipped model" if self.leans else "without the shipped model"
        return f"learnt {on}, penalty {self.penalty}{', telling terms sharpened' if self.sharpens else ''}{', with the sentence encoder' if self.encodes else ''}"


ON_TOP = tuple(Recipe(leans=True, penalty=penalty) for penalty in (0.3, 0.1, 0.03, 0.01))
ALONE = tuple(Recipe(leans=False, penalty=penalty) for penalty in (0.3, 0.1, 0.03, 0.01))
AS_SHIPPED = Recipe(leans=True, penalty=None)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Learnt:
    """A recipe carried out on some of the texts."""

    recipe: Recipe
    weighing: Weighing
    weights: Weights
    """Those of the block of the shipped model stand behind those of the words, and those of the encoder come last."""


def learn(ground: Ground, rows: Places, recipe: Recipe) -> Learnt:
    """Learn from these rows alone."""
    weighing = weigh(ground.counts, rows, ground.answers if recipe.sharpens else None)
    if recipe.penalty is None:  # the words stay without weight, for the tickets that a mail is like
        columns = len(weighing.words) + (0 if ground.base is None else ground.base.block.shape[1])
        size = len(ground.labels)
        nothing = Weights(terms=np.zeros((columns, size), dtype=np.float32), intercept=np.zeros(size))
        return Learnt(recipe=recipe, weighing=weighing, weights=nothing)
    weights = fit_on_top(
        _features(ground, weighing, rows, recipe), ground.answers[rows], _offset(ground, rows, recipe),
        ground.each[rows], recipe.penalty,
    )  # fmt: skip
    return Learnt(recipe=recipe, weighing=weighing, weights=weights)


def score(ground: Ground, rows: Places, learnt: Learnt) -> Numbers:
    """Shape (rows, labels), before temperature and softmax."""
    offset = _offset(ground, rows, learnt.recipe)
    if learnt.recipe.penalty is None:
        return offset
    features = _features(ground, learnt.weighing, rows, learnt.recipe)
    return np.asarray(offset + features @ learnt.weights.terms + learnt.weights.intercept)


def choose(ground: Ground, rows: Places, tell: Callable[[str], None]) -> Recipe:
    """Compare recipes on texts that they have not learnt from, by the likelihood of the true labels once calibrated.

    First whether to lean on the shipped model, then how freely to learn, whether to sharpen, and whether to encode.
    """
    rows = rows[-_MOST:]
    group = ground.groups[rows]
    parts = [newest(group, 1 - NEWEST, 1.0)] if len(rows) >= LARGE else by_group(group, _FOLDS)
    losses: dict[Recipe, float] = {}

    def best_of(recipes: Sequence[Recipe]) -> Recipe:
        for recipe in recipes:
            losses[recipe] = _loss(ground, rows, parts, recipe)
            tell(f"{recipe}: log-loss {losses[recipe]:.3f}")
        return min(losses, key=lambda recipe: losses[recipe])

    def encoding(best: Recipe) -> Recipe:
        if ground.senses is None:
            return best
        least = losses[best]
        found = best_of([replace(best, penalty=penalty, encodes=True) for penalty in _around(best.penalty)])
        return found if losses[found] <= _WORTH * least else best

    if ground.base is None:
        return encoding(best_of((replace(best_of(ALONE), sharpens=True),)))
    first = best_of((AS_SHIPPED, ON_TOP[1], ALONE[1]))
    best = best_of([recipe for recipe in (ON_TOP if first.leans else ALONE) if recipe not in losses])
    return best if best.penalty is None else encoding(best_of((replace(best, sharpens=True),)))


def _around(penalty: float | None) -> Sequence[float]:
    """With more to learn from, a stricter one may be the better."""
    return () if penalty is None else (penalty, round(3 * penalty, 3))


def _loss(ground: Ground, rows: Places, parts: list[Part], recipe: Recipe) -> float:
    """Calibrated first, as the model will be: strong penalties make it too modest, which is no reason against them."""
    if not parts:
        return 0.0
    held_out = [rows[part.held_out] for part in parts]
    scores = np.concatenate([
        score(ground, places, learn(ground, rows[part.learnt], recipe))
        for part, places in zip(parts, held_out, strict=True)
    ])  # fmt: skip
    truth = ground.answers[np.concatenate(held_out)]
    right = softmax(scores / draw_temperature(scores, truth))[np.arange(len(truth)), truth]
    return float(-np.log(np.maximum(right, 1e-6)).mean())


def _offset(ground: Ground, rows: Places, recipe: Recipe) -> Numbers:
    if ground.base is None or not recipe.leans:
        return np.zeros((len(rows), len(ground.labels)))
    return ground.base.offset[rows]


def _features(ground: Ground, weighing: Weighing, rows: Places, recipe: Recipe) -> Any:
    columns = [vectors(ground.counts, weighing, rows)]
    if ground.base is not None and recipe.leans:
        columns.append(sparse.csr_matrix(ground.base.block[rows].astype(np.float32)))
    if ground.senses is not None and recipe.encodes:
        columns.append(sparse.csr_matrix(_SENSE_SIZE * ground.senses.of(rows)))
    return columns[0] if len(columns) == 1 else sparse.hstack(columns).tocsr()


def sense_weights(ground: Ground, learnt: Learnt) -> Any:
    """What each number of the encoder adds to the scores, shape (size, labels); None where it is not used."""
    if ground.senses is None or not learnt.recipe.encodes:
        return None
    return _SENSE_SIZE * learnt.weights.terms[-ground.senses.encoder.size :]
