"""Scores of texts by models that have not seen them: what calibration and thresholds are taken from."""

import zlib
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from maild.classify.arrays import Bools, Floats
from maild.classify.telling import Tell
from maild.classify.training.example import Example
from maild.classify.training.fitting import fit, scores
from maild.classify.training.sampling import learning_weights

_MAIN_SHARE = 0.5
"""A collection with this share of a label's texts is held out in folds by near-duplicate group: a model without it
would not know the label, and is not the one that ships. Every other collection is held out whole, because a new desk
is a collection that the model has never seen."""

_FOLDS = 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HeldOut:
    """Held-out scores of every example, and the results of leaving each collection out whole."""

    scores: Floats
    """Shape (examples, labels)."""

    unseen: Floats
    """Likewise, but of every collection by a model that has never seen it; -inf for labels that only it has."""


def hold_out(
    examples: Sequence[Example],
    question: str,
    vectoriser: TfidfVectorizer,
    rows: Any,
    labels: Sequence[str],
    *,
    main: Collection[str],
    seed: int,
    tell: Tell,
) -> HeldOut:
    """Score each part of the examples, vectorised in `rows`, by a model of all the others.

    The collections in `main` are held out in folds, and only for `unseen` as a whole.
    """
    found = {kind: np.full((len(examples), len(labels)), -np.inf) for kind in ("scores", "unseen")}
    for name, kinds, part in _parts(examples, main):
        tell(f"{question}: without {name}")
        rest = np.flatnonzero(~part)
        others = [examples[int(place)] for place in rest]
        fitted = fit(
            vectoriser, rows[rest], [e.labels[question] for e in others], learning_weights(others, question), seed=seed
        )
        columns = np.array([labels.index(label) for label in fitted.labels])
        for kind in kinds:
            found[kind][np.ix_(np.flatnonzero(part), columns)] = scores(fitted, rows[part])
    return HeldOut(**found)


def main_sources(examples: Sequence[Example], question: str) -> set[str]:
    """The collections that a label mainly comes from, before any of them is sampled."""
    asked = [example for example in examples if question in example.labels]
    pairs = Counter((example.labels[question], example.corpus) for example in asked)
    sizes = Counter(example.labels[question] for example in asked)
    return {corpus for (label, corpus), size in pairs.items() if size >= _MAIN_SHARE * sizes[label]}


def _parts(examples: Sequence[Example], main: Collection[str]) -> Iterator[tuple[str, tuple[str, ...], Bools]]:
    """Name of a part, which scores it gives, and where its examples are."""
    corpora = np.array([example.corpus for example in examples])
    for corpus in sorted(set(corpora)):
        yield corpus, ("unseen",) if corpus in main else ("scores", "unseen"), corpora == corpus
    if not main:
        return
    fold = np.array([_fold(example.group) for example in examples])
    for number in range(_FOLDS):
        part = np.isin(corpora, sorted(main)) & (fold == number)
        yield f"fold {number + 1} of {', '.join(sorted(main))}", ("scores",), part


def _fold(group: str) -> int:
    """The same fold for all near-duplicates, whatever else is in the collection."""
    return zlib.crc32(group.encode()) % _FOLDS
