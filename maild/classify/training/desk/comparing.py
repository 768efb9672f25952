"""Recipes compared on a part of the history that chooses between them: what they have in common is made once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from maild.classify.linear import softmax
from maild.classify.training.calibration import draw_temperature
from maild.classify.training.desk.fitting import alike_of, fit_on_top
from maild.classify.training.desk.ground import Ground, Numbers, Places
from maild.classify.training.desk.parts import LARGE, NEWEST, by_group, newest
from maild.classify.training.desk.recipe import (
    ALONE,
    AS_SHIPPED,
    ON_TOP,
    Recipe,
    beside_words,
    features_of,
    offset_of,
)
from maild.classify.training.desk.weighing import vectors, weigh

_MOST = 3_000
"""Newest texts on which recipes are compared: more cost minutes and choose the same."""

_FOLDS = 3

_WORTH = 0.98
"""To what share the log-loss must fall for the sentence encoder to be used: it makes each mail several times as dear."""


def choose(ground: Ground, rows: Places, tell: Callable[[str], None]) -> Recipe:
    """Compare recipes on texts that they have not learnt from, by the likelihood of the true labels once calibrated.

    First whether to lean on the shipped model, then how freely to learn, whether to sharpen, and whether to encode.
    """
    rows = rows[-_MOST:]
    group = ground.groups[rows]
    parts = [newest(group, 1 - NEWEST, 1.0)] if len(rows) >= LARGE else by_group(group, _FOLDS)
    trials = [Trial(ground=ground, learnt=rows[part.learnt], held_out=rows[part.held_out]) for part in parts]
    losses: dict[Recipe, float] = {}

    def best_of(recipes: Sequence[Recipe]) -> Recipe:
        for recipe in recipes:
            losses[recipe] = _loss(trials, recipe)
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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Words:
    """Vectors of words, and how alike the texts are by them."""

    learnt: Any
    held_out: Any
    alike: Numbers


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trial:
    """Texts to learn from and texts to be judged by."""

    ground: Ground
    learnt: Places
    held_out: Places
    _words: dict[bool, _Words] = field(default_factory=dict)
    """Sharpened or not, each made when it is first asked for."""

    def words(self, *, sharpens: bool) -> _Words:
        """What all recipes that sharpen, or do not, have in common."""
        if sharpens not in self._words:
            ground = self.ground
            weighing = weigh(ground.counts, self.learnt, ground.answers if sharpens else None)
            learnt = vectors(ground.counts, weighing, self.learnt)
            self._words[sharpens] = _Words(
                learnt=learnt, held_out=vectors(ground.counts, weighing, self.held_out), alike=alike_of(learnt)
            )
        return self._words[sharpens]

    def score(self, recipe: Recipe) -> Numbers:
        """Learn by a recipe, and give what `learn` and `score` would."""
        ground, learnt, offset = self.ground, self.learnt, offset_of(self.ground, self.held_out, recipe)
        if recipe.penalty is None:
            return offset
        words = self.words(sharpens=recipe.sharpens)
        more = beside_words(ground, learnt, recipe)
        weights = fit_on_top(
            features_of(ground, words.learnt, learnt, recipe), ground.answers[learnt], offset_of(ground, learnt, recipe),
            ground.each[learnt], recipe.penalty, alike=sum((alike_of(each) for each in more), start=words.alike),
        )  # fmt: skip
        features = features_of(ground, words.held_out, self.held_out, recipe)
        return np.asarray(offset + features @ weights.terms + weights.intercept)


def _loss(trials: Sequence[Trial], recipe: Recipe) -> float:
    """Calibrated first, as the model will be: strong penalties make it too modest, which is no reason against them."""
    if not trials:
        return 0.0
    scores = np.concatenate([trial.score(recipe) for trial in trials])
    truth = np.concatenate([trial.ground.answers[trial.held_out] for trial in trials])
    right = softmax(scores / draw_temperature(scores, truth))[np.arange(len(truth)), truth]
    return float(-np.log(np.maximum(right, 1e-6)).mean())
