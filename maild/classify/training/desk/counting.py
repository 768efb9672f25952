"""Texts to numbers: every text is counted once, and each part of the history weighs the counts by its own words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import CountVectorizer

from maild.classify.linear import Floats, LinearModel
from maild.classify.terms import terms

_LEAST_TEXTS = 2
"""A term of a single text tells that text, and no kind of them; it may also be somebody's name."""

MOST_TERMS = 100_000
"""More make the model larger and change nothing that was measured."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Counts:
    """How often each text has each term."""

    matrix: Any
    """Sparse, shape (texts, terms)."""

    place_of: dict[str, int]
    """Term to its column."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Weighing:
    """The terms that count, and how much each tells."""

    words: tuple[str, ...]
    """In alphabetical order."""

    columns: npt.NDArray[np.int64]
    """Where `words` stand in the counts."""

    idf: Floats
    """Shape (words,)."""


def count_texts(texts: Sequence[str]) -> Counts:
    """Count the terms of every text."""
    vectoriser = CountVectorizer(analyzer=terms, dtype=np.float32)
    matrix = vectoriser.fit_transform(texts)
    return Counts(matrix=matrix, place_of={term: int(place) for term, place in vectoriser.vocabulary_.items()})


def weigh(counts: Counts, rows: npt.NDArray[np.int64]) -> Weighing:
    """Choose and weigh terms by these rows alone: smooth inverse document frequency, as scikit-learn has it."""
    present = counts.matrix[rows].indices
    in_texts = np.bincount(present, minlength=counts.matrix.shape[1])
    columns = np.flatnonzero(in_texts >= _LEAST_TEXTS)
    if len(columns) > MOST_TERMS:
        columns = columns[np.argsort(-in_texts[columns], kind="stable")[:MOST_TERMS]]
    chosen = set(columns.tolist())
    words = tuple(sorted(term for term, place in counts.place_of.items() if place in chosen))
    columns = np.array([counts.place_of[word] for word in words], dtype=np.int64)
    idf = np.log((1 + len(rows)) / (1 + in_texts[columns])) + 1
    return Weighing(words=words, columns=columns, idf=idf.astype(np.float32))


def vectors(counts: Counts, weighing: Weighing, rows: npt.NDArray[np.int64]) -> Any:
    """Sublinear TF-IDF of length one, sparse, shape (rows, words): the very numbers that a service computes."""
    return _of_length_one(counts.matrix[rows][:, weighing.columns], weighing.idf)


def scores_of(model: LinearModel, counts: Counts) -> npt.NDArray[np.float64]:
    """What a model gives every text, shape (texts, its labels), before temperature and softmax."""
    known = [(place, counts.place_of[word]) for word, place in model.vocabulary.items() if word in counts.place_of]
    places = np.array([place for place, _ in known], dtype=np.int64)
    columns = np.array([column for _, column in known], dtype=np.int64)
    rows = _of_length_one(counts.matrix[:, columns], model.idf[places])
    scores = np.asarray(rows @ model.weights[places] + model.intercept, dtype=np.float64)
    if model.base is None or model.mixing is None:
        return scores
    return np.asarray(scores + scores_of(model.base, counts) @ model.mixing)


def _of_length_one(matrix: Any, idf: Floats) -> Any:
    """Weigh the columns and make every row as long as the others; a row of nothing stays so."""
    weighed = matrix.copy()
    weighed.data = (1 + np.log(weighed.data)) * idf[weighed.indices]
    squares = weighed.multiply(weighed).sum(axis=1)
    lengths = np.sqrt(np.asarray(squares, dtype=np.float64)).ravel()
    weighed.data /= np.repeat(np.where(lengths > 0, lengths, 1), np.diff(weighed.indptr)).astype(np.float32)
    return weighed
