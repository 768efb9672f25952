"""The card of the model of spam words: temperature, threshold, and what was measured where."""

import platform
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy
import sklearn

from maild.classify.arrays import Bools, Floats
from maild.classify.linear import softmax
from maild.classify.spam_words import LEAST_PHRASES, LEAST_WORDS
from maild.classify.training.calibration import fit_temperature
from maild.classify.training.corpora import data_digest
from maild.classify.training.example import Example
from maild.classify.training.learn_then_test import NEVER
from maild.classify.training.sampling import balance
from maild.classify.training.sources import sources

_LABELS = ("no", "yes")
_CANDIDATES = np.arange(0.95, 1.0, 0.001)
"""Never below: the age of the mail asks for more caution than its own ham does."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Measured:
    """Held-out scores of every example, shape (examples, labels)."""

    in_folds: Floats
    """Real mail by models of the other folds; every other collection by a model that has never seen it."""

    unseen: Floats
    """Ham by a model that has never seen ham of its collection; spam in folds."""

    is_soliciting: Bools
    """Long enough, and with enough phrases that solicit: without that nothing is called spam."""


def card(
    examples: Sequence[Example], measured: Measured, *, terms: int, most_wrong: float, seed: int
) -> dict[str, Any]:
    """Everything that there is to say about the model."""
    truth = np.array([_LABELS.index(one.labels["spam"]) for one in examples])
    temperature = fit_temperature(measured.in_folds, truth, balance(examples, "spam"))
    sure = {
        name: softmax(getattr(measured, name) / temperature)[:, 1] * measured.is_soliciting
        for name in ("in_folds", "unseen")
    }
    collections = np.array([one.labels.get("collection", one.corpus) for one in examples])
    threshold = _threshold(sure["unseen"], collections, most_wrong)
    return {
        "question": "spam",
        "labels": list(_LABELS),
        "silent_labels": ["no"],
        "technical_labels": [],
        "languages": ["en"],
        "kind": "TF-IDF of single words of real mail; logistic regression; part of the question kind",
        "terms": terms,
        "data_digest": data_digest(examples),
        "rows": dict(sorted(Counter(map(str, collections)).items())),
        "seed": seed,
        "made_with": {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__},
        "sources": sources(one.corpus for one in examples),
        "base": None,
        "temperature": temperature,
        "thresholds": {str(most_wrong): {"no": NEVER, "yes": threshold}},
        "thresholds_why": f"The least probability at which, with {LEAST_PHRASES} phrases that solicit and {LEAST_WORDS} different words, no more than {most_wrong:.1%} of the ham of any collection was called spam by a model that had never seen ham of that collection. Newsletters are left out of that: they are bulk.",
        "guarantee": {"holds": "none", "method": "observed on collections held out whole", "n": int((truth == 0).sum()), "delta": None},
        "called_spam": {str(name): _share(sure["in_folds"][collections == name] >= threshold) for name in sorted(set(collections))},
        "called_spam_by_a_model_without_that_ham": {str(name): _share(sure["unseen"][collections == name] >= threshold) for name in sorted(set(collections)) if name != "spam"},
        "limits": LIMITS,
    }  # fmt: skip


def _threshold(sure: Floats, collections: npt.NDArray[np.str_], most_wrong: float) -> float:
    """The least candidate that keeps the share in every collection of ham but newsletters."""
    ham = [sure[collections == name] for name in set(collections) if name not in ("spam", "newsletters")]
    kept = (each for each in _CANDIDATES if all((of >= each).mean() <= most_wrong for of in ham))
    return round(float(next(kept, NEVER)), 3)


def _share(called: Bools) -> dict[str, float]:
    return {"n": len(called), "called": int(called.sum()), "share": round(float(called.mean()), 4)}


LIMITS = (
    "The spam and the mail are of 2002 and 2003; spam of today is only caught where it reads alike. The collections of "
    "tickets, chats, questions and sentences hold no mail as a whole, and most of their texts are too short to be called "
    "spam at all, so their zeros prove little; the ham of the mail collection, left out whole, proves more. Other "
    "languages are never called spam by words. A reply is never asked, and a known client is heard all the same."
)
