"""What a card says about scores: per label and per collection, on held-out texts, always with n."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from maild.classify.arrays import Bools, Floats, Ints
from maild.classify.training.example import Example

_BINS = 15


def per_label(probabilities: Floats, truth: Ints, labels: Sequence[str]) -> dict[str, dict[str, float]]:
    """Precision, recall and n of each label, without abstaining."""
    best = probabilities.argmax(axis=1)
    return {
        label: {
            "n": int((truth == place).sum()),
            "precision": _share((truth == place)[best == place]),
            "recall": _share((best == place)[truth == place]),
        }
        for place, label in enumerate(labels)
    }


def per_corpus(
    probabilities: Floats,
    truth: Ints,
    examples: Sequence[Example],
    least: Floats,
    silent: Sequence[int],
) -> dict[str, dict[str, float]]:
    """For each collection: accuracy, and with the `least` confidence of each label the share decided and wrong."""
    corpora = np.array([example.corpus for example in examples])
    best = probabilities.argmax(axis=1)
    right, sure = best == truth, (probabilities.max(axis=1) >= least[best]) & ~np.isin(best, silent)
    return {
        str(corpus): {
            "n": int((corpora == corpus).sum()),
            "accuracy": _share(right[corpora == corpus]),
            "decided": _share(sure[corpora == corpus]),
            "wrong_of_decided": _share(~right[(corpora == corpus) & sure]),
        }
        for corpus in sorted(set(corpora))
    }


def calibration_error(probabilities: Floats, truth: Ints, weights: Sequence[float]) -> float:
    """Expected calibration error of the best label in 15 bins of equal width (Naeini et al. 2015)."""
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == truth
    mass = np.asarray(weights) / np.sum(weights)
    places = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    gaps = [abs(float((mass * (right - confidence))[places == place].sum())) for place in range(_BINS)]
    return round(sum(gaps), 4)


def rows_per_label(examples: Sequence[Example], question: str) -> dict[str, dict[str, int]]:
    """Collection to label to the number of texts that were learnt from."""
    rows: dict[str, Any] = {}
    for example in examples:
        corpus = rows.setdefault(example.corpus, {})
        corpus[example.labels[question]] = corpus.get(example.labels[question], 0) + 1
    return rows


def _share(values: Bools) -> float:
    """NaN is no JSON: a share of nothing is -1."""
    return round(float(values.mean()), 4) if len(values) else -1.0
