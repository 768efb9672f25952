"""Recipes compared on a part of the history that chooses between them: what they have in common is made once."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from maild.classify.arrays import Floats, Ints
from maild.classify.telling import Tell
from maild.classify.training.calibration import loss_once_calibrated
from maild.classify.training.desk.encoding import is_worth_it, ways_beside, weigh_anew
from maild.classify.training.desk.fitting import MANY, alike_of, fit_on_top
from maild.classify.training.desk.ground import Ground
from maild.classify.training.desk.parts import LARGE, NEWEST, by_group, newest
from maild.classify.training.desk.recipe import (
    ALONE,
    AS_SHIPPED,
    ON_TOP,
    Recipe,
    block_of,
    features_of,
    learn_sense_model,
    offset_of,
)
from maild.classify.training.desk.weighing import vectors, weigh

_MOST = 4_000
"""Texts on which recipes are compared: the newest, or where no date is known any, since their order is that of the alphabet."""

_FOLDS = 3


def choose(ground: Ground, rows: Ints, tell: Tell, *, by_time: bool = True) -> Recipe:
    """Compare recipes on texts that they have not learnt from, by the likelihood of the true labels once calibrated.

    First whether to lean on the shipped model, then how freely to learn, whether to sharpen, whether to learn in passes,
    and whether to encode. `by_time`: the rows are in the order of time.
    """
    trials = _trials(ground, rows, by_time)
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
        for beside in ways_beside(len(rows)):
            best = best_of((replace(best, beside=beside),))
        if not is_worth_it(least, losses[best]):
            return replace(best, beside=None)
        return weigh_anew(ground, rows, best, tell, by_time=by_time) if len(rows) > MANY else best

    def ways(best: Recipe) -> Recipe:
        best = best_of((replace(best, sharpens=True),))
        # More are learnt in passes anyway, and fewer are soon weighed at each step.
        return best_of((replace(best, in_passes=True),)) if LARGE <= len(rows) <= MANY else best

    if ground.base is None:
        return encoding(ways(best_of(ALONE)))
    first = best_of((AS_SHIPPED, ON_TOP[1], ALONE[1]))
    best = best_of([recipe for recipe in (ON_TOP if first.leans else ALONE) if recipe not in losses])
    return best if best.penalty is None else encoding(ways(best))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Words:
    """Vectors of words, and how alike the texts are by them."""

    learnt: Any
    held_out: Any
    alike: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trial:
    """Texts to learn from and texts to be judged by."""

    ground: Ground
    learnt: Ints
    held_out: Ints
    _words: dict[bool, _Words] = field(default_factory=dict)
    """Sharpened or not, each made when it is first asked for."""
    _scores: dict[Recipe, Floats] = field(default_factory=dict)
    """By the words alone, each made when it is first asked for."""
    _senses: dict[tuple[bool, float | None], Floats] = field(default_factory=dict)
    """Likewise by the encoder alone, above where it starts: leaning or not, with each penalty."""

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

    def score(self, recipe: Recipe) -> Floats:
        """Learn by a recipe, and give what `learn` and `score` would."""
        if recipe.beside is None:
            return self._by_words(recipe)
        words, share = self._by_words(replace(recipe, beside=None)), recipe.beside.share
        return np.asarray((1 - share) * words + share * self._by_encoder(recipe, recipe.beside.penalty))

    def _by_words(self, recipe: Recipe) -> Floats:
        if recipe not in self._scores:
            self._scores[recipe] = self._learn_words(recipe)
        return self._scores[recipe]

    def _learn_words(self, recipe: Recipe) -> Floats:
        ground, learnt, offset = self.ground, self.learnt, offset_of(self.ground, self.held_out, recipe)
        if recipe.penalty is None:
            return offset
        words, block = self.words(sharpens=recipe.sharpens), block_of(ground, learnt, recipe)
        weights = fit_on_top(
            features_of(ground, words.learnt, learnt, recipe), ground.answers[learnt], offset_of(ground, learnt, recipe),
            ground.each[learnt], recipe.penalty, in_passes=recipe.in_passes,
            alike=words.alike if block is None else words.alike + alike_of(block),
        )  # fmt: skip
        features = features_of(ground, words.held_out, self.held_out, recipe)
        return np.asarray(offset + features @ weights.terms + weights.intercept)

    def _by_encoder(self, recipe: Recipe, penalty: float | None) -> Floats:
        """From where the recipe starts, by the encoder's numbers alone."""
        ground, start = self.ground, offset_of(self.ground, self.held_out, recipe)
        if ground.senses is None:
            return start
        if (key := (recipe.leans, penalty)) not in self._senses:
            learnt = learn_sense_model(ground, ground.senses, self.learnt, recipe, penalty)
            self._senses[key] = learnt.scores(ground.senses.of(self.held_out))
        return np.asarray(start + self._senses[key])


def _trials(ground: Ground, rows: Ints, by_time: bool) -> list[Trial]:
    """Large histories are judged by one part of theirs, small ones in folds."""
    if not by_time:
        rows = np.sort(np.random.default_rng(len(rows)).permutation(rows)[:_MOST])
    rows = rows[-_MOST:]
    group = ground.groups[rows]
    if len(rows) < LARGE:
        parts = by_group(group, _FOLDS)
    else:
        parts = [newest(group, 1 - NEWEST, 1.0)] if by_time else by_group(group, round(1 / NEWEST))[:1]
    return [Trial(ground=ground, learnt=rows[part.learnt], held_out=rows[part.held_out]) for part in parts]


def _loss(trials: Sequence[Trial], recipe: Recipe) -> float:
    if not trials:
        return 0.0
    scores = np.concatenate([trial.score(recipe) for trial in trials])
    truth = np.concatenate([trial.ground.answers[trial.held_out] for trial in trials])
    return loss_once_calibrated(scores, truth)
