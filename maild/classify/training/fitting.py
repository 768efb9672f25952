"""Fitting one linear model to examples: the one file that knows scikit-learn."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from maild.classify.terms import terms

_LEAST_TEXTS = 3
"""A term of fewer texts of a collection is chance there."""

_LEAST_CORPORA = 2
"""A term that only one collection has tells that collection, not what a text is about."""

_INVERSE_PENALTY = 5.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fitted:
    """A vectoriser and the weights of a linear model over its terms."""

    vectoriser: TfidfVectorizer
    labels: tuple[str, ...]
    weights: npt.NDArray[np.float32]
    """Shape (terms, labels), already rounded to what is kept in the file."""

    intercept: npt.NDArray[np.float32]


def shared_terms(texts: Sequence[str], corpora: Sequence[str]) -> list[str]:
    """The terms that several collections use, in alphabetical order."""
    seen: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for text, corpus in zip(texts, corpora, strict=True):
        for term in set(terms(text)):
            seen[term][corpus] += 1
    return sorted(
        term
        for term, counts in seen.items()
        if sum(count >= _LEAST_TEXTS for count in counts.values()) >= _LEAST_CORPORA
    )


def new_vectoriser(vocabulary: Sequence[str]) -> TfidfVectorizer:
    """TF-IDF over our own terms, the very ones that a service counts."""
    return TfidfVectorizer(analyzer=terms, sublinear_tf=True, vocabulary=vocabulary, dtype=np.float64)


def fit(
    vectoriser: TfidfVectorizer, rows: Any, labels: Sequence[str], weights: Sequence[float], *, seed: int
) -> Fitted:
    """Learn one weight for each term and label from vectorised texts; the same arguments give the same weights."""
    model = LogisticRegression(C=_INVERSE_PENALTY, max_iter=300, tol=3e-4, random_state=seed)
    model.fit(rows, list(labels), sample_weight=np.asarray(weights))
    coefficients, intercept = model.coef_, model.intercept_
    if len(coefficients) == 1:  # of two labels scikit-learn keeps one row: their difference
        coefficients, intercept = np.vstack([-coefficients, coefficients]) / 2, np.hstack([-intercept, intercept]) / 2
    return Fitted(
        vectoriser=vectoriser,
        labels=tuple(map(str, model.classes_)),
        weights=coefficients.T.astype(np.float16).astype(np.float32),
        intercept=intercept.astype(np.float32),
    )


def scores(fitted: Fitted, rows: Any) -> npt.NDArray[np.float64]:
    """Shape (texts, labels), before temperature and softmax."""
    return np.asarray(rows @ fitted.weights.astype(np.float64) + fitted.intercept)
