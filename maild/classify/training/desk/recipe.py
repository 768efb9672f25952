"""Recipes: how far a desk's model leans on the shipped one, and how freely it learns."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from maild.classify.training.desk.counting import slices
from maild.classify.training.desk.fitting import MANY, Weights, fit_on_top
from maild.classify.training.desk.ground import Ground, Numbers, Places
from maild.classify.training.desk.weighing import Weighing, vectors, weigh

_SENSE_SIZE = 2.0
"""Length of what the encoder says, beside words of length one: a text has few of its numbers, and all of them tell."""


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
    """Learnt in passes, though all texts could be weighed at each step: better where labels are many (benchmarks/README.md)."""

    encodes: bool = False
    """The sentence encoder reads each text too."""

    def __str__(self) -> str:
        """In words, for a card."""
        if self.penalty is None:
            return "the shipped model as it is"
        on = "on top of the shipped model" if self.leans else "without the shipped model"
        more = (
            (", telling terms sharpened", self.sharpens),
            (", in passes", self.in_passes),
            (", with the sentence encoder", self.encodes),
        )
        return f"learnt {on}, penalty {self.penalty}{''.join(words for words, is_so in more if is_so)}"


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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Features:
    """What a recipe learns from, made of the texts that are asked for: all of them would be as large as the counts."""

    ground: Ground
    weighing: Weighing
    rows: Places
    recipe: Recipe

    @property
    def shape(self) -> tuple[int, int]:
        """Texts and columns."""
        none = self.rows[:0]
        more = sum(each.shape[1] for each in beside_words(self.ground, none, self.recipe))
        return len(self.rows), len(self.weighing.words) + more

    def __getitem__(self, places: Places) -> Any:
        """Of some of the texts: sparse, shape (places, columns)."""
        rows = self.rows[places]
        return features_of(self.ground, vectors(self.ground.counts, self.weighing, rows), rows, self.recipe)


def learn(ground: Ground, rows: Places, recipe: Recipe) -> Learnt:
    """Learn from these rows alone."""
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


def score(ground: Ground, rows: Places, learnt: Learnt) -> Numbers:
    """Shape (rows, labels), before temperature and softmax."""
    offset = offset_of(ground, rows, learnt.recipe)
    if learnt.recipe.penalty is None:
        return offset
    features = Features(ground=ground, weighing=learnt.weighing, rows=rows, recipe=learnt.recipe)
    found = [features[np.arange(len(rows))[part]] @ learnt.weights.terms for part in slices(len(rows))]
    return np.asarray(offset + np.concatenate(found) + learnt.weights.intercept)


def offset_of(ground: Ground, rows: Places, recipe: Recipe) -> Numbers:
    """What a recipe starts from, shape (rows, labels): the shipped model's scores, or nothing."""
    if ground.base is None or not recipe.leans:
        return np.zeros((len(rows), len(ground.labels)))
    return ground.base.offset[rows]


def features_of(ground: Ground, words: Any, rows: Places, recipe: Recipe) -> Any:
    """Sparse, shape (rows, columns): the vectors of the words, and what a recipe has beside them."""
    more = beside_words(ground, rows, recipe)
    return sparse.hstack([words, *more]).tocsr() if more else words


def beside_words(ground: Ground, rows: Places, recipe: Recipe) -> list[Any]:
    """The block of the shipped model and the encoder's numbers, sparse, where a recipe has them."""
    columns = []
    if ground.base is not None and recipe.leans:
        columns.append(sparse.csr_matrix(ground.base.block[rows].astype(np.float32)))
    if ground.senses is not None and recipe.encodes:
        columns.append(sparse.csr_matrix(_SENSE_SIZE * ground.senses.of(rows)))
    return columns


def sense_weights(ground: Ground, learnt: Learnt) -> Any:
    """What each number of the encoder adds to the scores, shape (size, labels); None where it is not used."""
    if ground.senses is None or not learnt.recipe.encodes:
        return None
    return _SENSE_SIZE * learnt.weights.terms[-ground.senses.encoder.size :]
