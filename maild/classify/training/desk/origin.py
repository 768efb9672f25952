"""What a desk's model is and what it was made of: the first half of its card."""

import hashlib
import platform
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy
import sklearn

from maild.classify.drift import picture_of_texts
from maild.classify.encoder.sentences import reading_of
from maild.classify.linear import LinearModel
from maild.classify.terms import words
from maild.classify.training.desk.ground import Ground
from maild.classify.training.desk.history import History
from maild.classify.training.desk.recipe import Learnt
from maild.classify.training.example import Example

KIND = "TF-IDF of words, pairs of words and pieces of words; ridge logistic regression"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shipped:
    """The model that a desk's own stands on."""

    model: LinearModel
    card: Mapping[str, Any]
    trained_on: Collection[int] = ()
    """Marks of the texts that it has learnt from."""


def origin(history: History, ground: Ground, learnt: Learnt, shipped: Shipped | None) -> dict[str, Any]:
    """What the model is and what it was made of."""
    languages = set(history.languages) | set(shipped.model.languages if shipped else ())
    return {
        **made_of(history, KIND),
        "labels": list(ground.labels),
        "languages": sorted(languages),
        "recipe": str(learnt.recipe),
        "terms": len(learnt.weighing.words),
        "base": shipped.model.digest if shipped else None,
        "encoder": ground.senses.encoder.digest if ground.senses and learnt.recipe.beside else None,
        "reading": ground.senses and reading_of(ground.senses.encoder),  # also where it was tried and left
        "independent_texts": len(set(ground.groups.tolist())),
    }


def made_of(history: History, kind: str) -> dict[str, Any]:
    """What any model of the desk says about its history."""
    dates = [example.at for example in history.examples if example.at is not None]
    return {
        "question": history.question,
        "kind": kind,
        "data_digest": data_digest(history.examples, history.question),
        "rows": {"desk": history.rows},
        "left_out": history.left_out,
        "reference": picture_of_texts((len(words(example.text)), example.language) for example in history.examples),
        "trained_until": max(dates).isoformat() if dates else None,
        "seed": None,
        "made_with": {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__},
        "sources": {"desk": "labels of this desk; they never leave its database"},
    }  # fmt: skip


def data_digest(history: Sequence[Example], question: str) -> str:
    """SHA-256 of all that a model learns from: an unchanged digest needs no training."""
    digest = hashlib.sha256()
    for example in history:
        said = (example.at and example.at.isoformat(), example.language, example.labels[question], example.text)
        digest.update(repr(said).encode())
    return digest.hexdigest()
