"""Texts to numbers: every text is counted once, and each part of the history weighs the counts by its own words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.special import rel_entr
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.utils.extmath import row_norms

from maild.classify.linear import Floats, LinearModel
from maild.classify.terms import is_piece, pairs_of, pieces, tokens

_LEAST_TEXTS = 2
"""A term of a single text tells that text, and no kind of them; it may also be somebody's name."""

MOST_TERMS = 100_000
"""More make the model larger and change next to nothing: macro-F1 on 7,309 tickets rose by .001 with 176,000."""

_OF_WORD = 2.0
"""What a word or a pair counts beside a piece. A text has many more pieces than words, and would be judged by them alone."""

_TEXTS_OF_PRIOR = 5
"""As many texts of a term are thought to be of all labels alike: what a rare term tells may be chance."""

_AT_ONCE = 10_000
"""Texts that are looked at in one go, so that no second copy of all of them is made."""

_LEAST_TOLD = 0.02
"""Terms that tell no label from another are nearly silent, and not quite: together they may tell something."""


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
    """Count the terms of every text, as `terms` finds them.

    Words and pairs are counted one by one; pieces are those of the words, so that they are a product of two tables.
    """
    vectoriser = CountVectorizer(analyzer=_whole, dtype=np.float32)
    matrix = vectoriser.fit_transform(texts)
    place_of: dict[str, int] = vectoriser.vocabulary_
    words = sorted(term for term in place_of if " " not in term)
    known = sorted({piece for word in words for piece in pieces(word)})
    behind = {piece: place for place, piece in enumerate(known)}
    of_words = matrix[:, np.array([place_of[word] for word in words], dtype=np.int64)] @ _spelling(words, behind)
    place_of |= {piece: matrix.shape[1] + place for piece, place in behind.items()}
    return Counts(matrix=sparse.hstack([matrix, of_words], format="csr"), place_of=place_of)


def _whole(text: str) -> list[str]:
    """The terms of a text that are no pieces."""
    found = tokens(text)
    return [*found, *pairs_of(found)]


def _spelling(words: Sequence[str], place_of: Mapping[str, int]) -> Any:
    """How often each word has each piece, sparse, shape (words, pieces)."""
    cut = [[place_of[piece] for piece in pieces(word)] for word in words]
    rows = np.repeat(np.arange(len(words)), [len(each) for each in cut])
    columns = np.array([place for each in cut for place in each], dtype=np.int64)
    ones = np.ones(len(columns), dtype=np.float32)
    return sparse.csr_matrix((ones, (rows, columns)), shape=(len(words), len(place_of)))


def weigh(counts: Counts, rows: npt.NDArray[np.int64], answers: npt.NDArray[np.int64] | None = None) -> Weighing:
    """Choose and weigh terms by these rows alone: smooth inverse document frequency, as scikit-learn has it.

    `answers`, shape (texts,), are places of labels: terms that tell labels from each other then count more.
    """
    in_texts = np.zeros(counts.matrix.shape[1], dtype=np.int64)
    for first in range(0, len(rows), _AT_ONCE):
        present = counts.matrix[rows[first : first + _AT_ONCE]].indices
        in_texts += np.bincount(present, minlength=len(in_texts))
    columns = np.flatnonzero(in_texts >= _LEAST_TEXTS)
    if len(columns) > MOST_TERMS:
        columns = columns[np.argsort(-in_texts[columns], kind="stable")[:MOST_TERMS]]
    chosen = set(columns.tolist())
    words = tuple(sorted(term for term, place in counts.place_of.items() if place in chosen))
    columns = np.array([counts.place_of[word] for word in words], dtype=np.int64)
    idf = np.log((1 + len(rows)) / (1 + in_texts[columns])) + 1
    idf *= np.where(list(map(is_piece, words)), 1.0, _OF_WORD)
    if answers is not None:
        idf *= np.sqrt(_told(counts.matrix[rows][:, columns], answers[rows]) + _LEAST_TOLD)
    return Weighing(words=words, columns=columns, idf=idf.astype(np.float32))


def _told(matrix: Any, answers: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """How much each term tells of the label, from 0 (supervised term weighting, Debole and Sebastiani 2003).

    It is the divergence of Kullback and Leibler between the labels of its texts and those of all, in units of the
    logarithm of the number of labels.
    """
    present = sparse.csr_matrix((np.ones_like(matrix.data), matrix.indices, matrix.indptr), shape=matrix.shape)
    sizes = np.bincount(answers)
    said = sparse.csr_matrix((np.ones(len(answers)), (np.arange(len(answers)), answers)))[:, np.flatnonzero(sizes)]
    usual = sizes[sizes > 0] / len(answers)
    of_label = np.asarray((present.T @ said).todense(), dtype=np.float64) + _TEXTS_OF_PRIOR * usual
    share = of_label / of_label.sum(axis=1, keepdims=True)
    told: npt.NDArray[np.float64] = rel_entr(share, usual).sum(axis=1) / np.log(max(len(usual), 2))
    return told


def vectors(counts: Counts, weighing: Weighing, rows: npt.NDArray[np.int64]) -> Any:
    """Sublinear TF-IDF of length one, sparse, shape (rows, words): the very numbers that a service computes."""
    return _of_length_one(counts.matrix[rows][:, weighing.columns], weighing.idf)


def scores_of(
    model: LinearModel, counts: Counts, senses: npt.NDArray[np.float32] | None = None
) -> npt.NDArray[np.float64]:
    """What a model gives every text, shape (texts, its labels), before temperature and softmax.

    `senses`, shape (texts, size): what its encoder makes of them, where it has one.
    """
    known = [(place, counts.place_of[word]) for word, place in model.vocabulary.items() if word in counts.place_of]
    places = np.array([place for place, _ in known], dtype=np.int64)
    columns = np.array([column for _, column in known], dtype=np.int64)
    rows = _of_length_one(counts.matrix[:, columns], model.idf[places])
    scores = np.asarray(rows @ model.weights[places] + model.intercept, dtype=np.float64)
    if senses is not None and model.sense is not None:
        scores = scores + senses @ model.sense
    if model.base is None or model.mixing is None:
        return scores
    return np.asarray(scores + scores_of(model.base, counts) @ model.mixing)


def _of_length_one(matrix: Any, idf: Floats) -> Any:
    """Weigh the columns of a matrix that is nobody else's, and make every row as long as the others, or nothing."""
    np.log(matrix.data, out=matrix.data)
    matrix.data += 1
    matrix.data *= idf[matrix.indices]
    lengths = np.sqrt(row_norms(matrix, squared=True))
    matrix.data /= np.repeat(np.where(lengths > 0, lengths, 1).astype(np.float32), np.diff(matrix.indptr))
    return matrix
