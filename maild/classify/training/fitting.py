"""Fitting one linear model to examples: the one file that knows scikit-learn."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from maild.classify.arrays import Floats, Singles
from maild.classify.terms import about, telling
from maild.classify.training.concepts import CONCEPT_WORDS, CONCEPTS, concepts_of

_LEAST_TEXTS = 3
"""A term of fewer texts of a collection is chance there."""

_LEAST_CORPORA = 2
"""A term that only one collection has tells that collection, not what a text is about."""

_INVERSE_PENALTY = 2.0

_OWN, _SHARED = 0.7, 4.0
"""How freely a term's own weight and the weight of its kind are learnt; chosen on whole collections left out."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fitted:
    """A vectoriser and the weights of a linear model over its terms."""

    vectoriser: TfidfVectorizer
    labels: tuple[str, ...]
    weights: Singles
    """Shape (terms, labels), already rounded to what is kept in the file."""

    intercept: Singles


def shared_terms(texts: Sequence[str], corpora: Sequence[str]) -> list[str]:
    """The terms that several collections use, and the words of the lists of concepts, in alphabetical order.

    Words and pairs alone: with their pieces nothing was better on collections left out, and all was slower.
    """
    seen: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for text, corpus in zip(texts, corpora, strict=True):
        for term in set(about(text)):
            seen[term][corpus] += 1
    shared = {term for term, counts in seen.items() if _is_shared(counts)}
    return sorted(
        shared | {word for word in CONCEPT_WORDS if telling(word)} | {term for term in seen if concepts_of(term)}
    )


def _is_shared(counts: Mapping[str, int]) -> bool:
    return sum(count >= _LEAST_TEXTS for count in counts.values()) >= _LEAST_CORPORA


def new_vectoriser(vocabulary: Sequence[str]) -> TfidfVectorizer:
    """TF-IDF over telling words and their pairs: a part of the terms that a service counts."""
    return TfidfVectorizer(analyzer=about, sublinear_tf=True, vocabulary=vocabulary, dtype=np.float64)


def fit(
    vectoriser: TfidfVectorizer, rows: Any, labels: Sequence[str], weights: Sequence[float], *, seed: int
) -> Fitted:
    """Learn one weight for each term and label from vectorised texts; the same arguments give the same weights.

    What kin words share is learnt in columns of their own, and then added to the weight of each of them.
    """
    kin = _kin(vectoriser)
    model = LogisticRegression(C=_INVERSE_PENALTY, max_iter=300, tol=3e-4, random_state=seed)
    model.fit(sparse.hstack([_OWN * rows, rows @ kin]).tocsr(), list(labels), sample_weight=np.asarray(weights))
    coefficients, intercept = model.coef_, model.intercept_
    if len(coefficients) == 1:  # of two labels scikit-learn keeps one row: their difference
        coefficients, intercept = np.vstack([-coefficients, coefficients]) / 2, np.hstack([-intercept, intercept]) / 2
    own, shared = coefficients[:, : rows.shape[1]], coefficients[:, rows.shape[1] :]
    return Fitted(
        vectoriser=vectoriser,
        labels=tuple(map(str, model.classes_)),
        weights=(_OWN * own.T + kin @ shared.T).astype(np.float16).astype(np.float32),
        intercept=intercept.astype(np.float32),
    )


def _kin(vectoriser: TfidfVectorizer) -> Any:
    """Which terms are on which list of concepts, sparse, shape (terms, concepts), with how much they share."""
    found = [
        (place, CONCEPTS.index(concept))
        for term, place in vectoriser.vocabulary_.items()
        for concept in sorted(concepts_of(term))
    ]
    places, concepts = np.array(found, dtype=np.int64).reshape(-1, 2).T
    # A rare word is no stronger a sign of its kind than a frequent one, as its weight by TF-IDF would have it.
    shares = _SHARED / np.sqrt(vectoriser.idf_[places])
    return sparse.csr_matrix((shares, (places, concepts)), shape=(len(vectoriser.vocabulary_), len(CONCEPTS)))


def scores(fitted: Fitted, rows: Any) -> Floats:
    """Shape (texts, labels), before temperature and softmax."""
    return np.asarray(rows @ fitted.weights.astype(np.float64) + fitted.intercept)
