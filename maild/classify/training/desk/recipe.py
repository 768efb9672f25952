"""Recipes: how far a desk's model leans on the shipped one, and how freely it learns."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import sparse

from maild.classify.arrays import Floats, Ints, Singles
from maild.classify.encoder.sense_weights import SenseWeights
from maild.classify.training.desk.counting import slices
from maild.classify.training.desk.fitting import MANY, Weights, fit_few_columns, fit_on_top, importance_of
from maild.classify.training.desk.ground import Ground
from maild.classify.training.desk.hidden import fit_hidden
from maild.classify.training.desk.senses import Senses
from maild.classify.training.desk.weighing import Weighing, vectors, weigh


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """A model of the sentence encoder's numbers alone, whose scores are averaged with those of the words' model.

    One model fitted to both leans on whatever fits what it has learnt from; two that err apart correct each other.
    """

    share: float
    """What its scores count, between 0 and 1; those of the words count the rest."""

    penalty: float | None
    """For its large weights; None: a hidden layer, which is learnt in passes that end early."""


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

    in_passes: bool = False
    """Learnt in passes, though all texts could be weighed at each step: better where labels are many (benchmarks/models.md)."""

    beside: Beside | None = None
    """Where the sentence encoder reads each text too."""

    def __str__(self) -> str:
        """In words, for a card."""
        if self.penalty is None:
            return "the shipped model as it is"
        on = "on top of the shipped model" if self.leans else "without the shipped model"
        more = ((", telling terms sharpened", self.sharpens), (", in passes", self.in_passes))
        words = f"learnt {on}, penalty {self.penalty}{''.join(words for words, is_so in more if is_so)}"
        if self.beside is None:
            return words
        of_sense = "a hidden layer" if self.beside.penalty is None else f"penalty {self.beside.penalty}"
        return f"{words}; {self.beside.share:.0%} by the sentence encoder, {of_sense}"


ON_TOP = tuple(Recipe(leans=True, penalty=penalty) for penalty in (0.3, 0.1, 0.03, 0.01))
ALONE = tuple(Recipe(leans=False, penalty=penalty) for penalty in (0.3, 0.1, 0.03, 0.01))
AS_SHIPPED = Recipe(leans=True, penalty=None)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Learnt:
    """A recipe carried out on some of the texts."""

    recipe: Recipe
    weighing: Weighing
    weights: Weights
    """Those of the block of the shipped model stand behind those of the words."""

    sense_weights: SenseWeights | None = None
    """What the encoder's numbers add to the scores, where it reads too."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SenseModel:
    """The encoder's own model."""

    weights: SenseWeights
    intercept: Floats
    """Shape (labels,)."""

    def scores(self, senses: Singles) -> Floats:
        """Shape (texts, labels)."""
        return np.asarray(self.weights.scores(senses) + self.intercept)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Features:
    """What a recipe learns from, made of the texts that are asked for: all of them would be as large as the counts."""

    ground: Ground
    weighing: Weighing
    rows: Ints
    recipe: Recipe

    @property
    def shape(self) -> tuple[int, int]:
        """Texts and columns."""
        block = block_of(self.ground, self.rows[:0], self.recipe)
        return len(self.rows), len(self.weighing.words) + (0 if block is None else block.shape[1])

    def __getitem__(self, places: Ints) -> Any:
        """Of some of the texts: sparse, shape (places, columns)."""
        rows = self.rows[places]
        return features_of(self.ground, vectors(self.ground.counts, self.weighing, rows), rows, self.recipe)


def learn(ground: Ground, rows: Ints, recipe: Recipe) -> Learnt:
    """Learn from these rows alone."""
    words = _learn_words(ground, rows, recipe)
    if recipe.beside is None or ground.senses is None:
        return words
    senses = learn_sense_model(ground, ground.senses, rows, recipe, recipe.beside.penalty)
    return _average(words, senses, recipe.beside.share)


def _learn_words(ground: Ground, rows: Ints, recipe: Recipe) -> Learnt:
    weighing = weigh(ground.counts, rows, ground.answers if recipe.sharpens else None)
    if recipe.penalty is None:  # the words stay without weight, for the tickets that a mail is like
        columns = len(weighing.words) + (0 if ground.base is None else ground.base.block.shape[1])
        size = len(ground.labels)
        nothing = Weights(terms=np.zeros((columns, size), dtype=np.float32), intercept=np.zeros(size))
        return Learnt(recipe=recipe, weighing=weighing, weights=nothing)
    features = Features(ground=ground, weighing=weighing, rows=rows, recipe=recipe)
    weights = fit_on_top(
        features if len(rows) > MANY else features[np.arange(len(rows))], ground.answers[rows],
        offset_of(ground, rows, recipe), ground.each[rows], recipe.penalty, in_passes=recipe.in_passes,
    )  # fmt: skip
    return Learnt(recipe=recipe, weighing=weighing, weights=weights)


def learn_sense_model(ground: Ground, senses: Senses, rows: Ints, recipe: Recipe, penalty: float | None) -> SenseModel:
    """Learn from what the encoder makes of these rows alone, from where the recipe starts."""
    answers, offset, each = ground.answers[rows], offset_of(ground, rows, recipe), ground.each[rows]
    if penalty is None:
        importance = each * importance_of(answers, offset.shape[1])
        weights, intercept = fit_hidden(senses.of(rows), answers, offset, importance)
        return SenseModel(weights=weights, intercept=intercept)
    straight = fit_few_columns(senses.of(rows), answers, offset, each, penalty)
    return SenseModel(weights=SenseWeights(weights=straight.terms), intercept=straight.intercept)


def _average(words: Learnt, senses: SenseModel, share: float) -> Learnt:
    """The average of two models of one offset: each adds its part to the scores of that offset."""
    weights = Weights(
        terms=_kept((1 - share) * words.weights.terms),
        intercept=(1 - share) * words.weights.intercept + share * senses.intercept,
    )
    hidden = senses.weights.hidden
    sense_weights = replace(
        senses.weights,
        weights=_kept(share * senses.weights.weights), hidden=None if hidden is None else _kept(hidden),
    )  # fmt: skip
    return replace(words, weights=weights, sense_weights=sense_weights)


def _kept(weights: Singles) -> Singles:
    """Rounded to what a model keeps."""
    return weights.astype(np.float16).astype(np.float32)


def score(ground: Ground, rows: Ints, learnt: Learnt) -> Floats:
    """Shape (rows, labels), before temperature and softmax."""
    offset = offset_of(ground, rows, learnt.recipe)
    if learnt.recipe.penalty is None:
        return offset
    features = Features(ground=ground, weighing=learnt.weighing, rows=rows, recipe=learnt.recipe)
    found = [features[np.arange(len(rows))[part]] @ learnt.weights.terms for part in slices(len(rows))]
    scores = np.asarray(offset + np.concatenate(found) + learnt.weights.intercept)
    if learnt.sense_weights is None or ground.senses is None:
        return scores
    return np.asarray(scores + learnt.sense_weights.scores(ground.senses.of(rows)))


def offset_of(ground: Ground, rows: Ints, recipe: Recipe) -> Floats:
    """What a recipe starts from, shape (rows, labels): the shipped model's scores, or nothing."""
    if ground.base is None or not recipe.leans:
        return np.zeros((len(rows), len(ground.labels)))
    return ground.base.offset[rows]


def features_of(ground: Ground, words: Any, rows: Ints, recipe: Recipe) -> Any:
    """Sparse, shape (rows, columns): the vectors of the words, and the block of the shipped model."""
    block = block_of(ground, rows, recipe)
    return words if block is None else sparse.hstack([words, block]).tocsr()


def block_of(ground: Ground, rows: Ints, recipe: Recipe) -> Any:
    """The block of the shipped model, sparse; None where a recipe does not lean on it."""
    if ground.base is None or not recipe.leans:
        return None
    return sparse.csr_matrix(ground.base.block[rows].astype(np.float32))
