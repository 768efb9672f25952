"""A trained linear model: numbers and words that cannot run code, and the few sums that use them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LinearModel:
    """TF-IDF and one weight for each term and label, calibrated by one temperature."""

    question: str
    labels: tuple[str, ...]
    silent: frozenset[str]
    """Labels that were learnt as background and are never given."""

    languages: tuple[str, ...]
    """ISO 639-1 codes of what it was trained on."""

    vocabulary: Mapping[str, int]
    idf: Floats
    """Shape (terms,)."""

    weights: Floats
    """Shape (terms, labels)."""

    intercept: Floats
    """Shape (labels,)."""

    temperature: float
    """Divides the scores before softmax; fitted on held-out texts (Guo et al. 2017, On Calibration)."""

    threshold: float
    """The least confidence at which a label is given."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reading:
    """What a linear model makes of one text."""

    probabilities: Floats
    """Calibrated, in the order of the model's labels."""

    terms: tuple[str, ...]
    """Those of the text that the model knows."""

    times: npt.NDArray[np.float64]
    """How often the text has each of them."""

    shares: npt.NDArray[np.float64]
    """Shape (terms, labels): what each adds to the scores; with the intercept they are the scores exactly."""


def read(counts: Counter[str], model: LinearModel) -> Reading:
    """Score counted terms: sublinear TF-IDF of length one times weights, softmax of score / temperature."""
    places_of = model.vocabulary
    known = tuple(term for term in counts if term in places_of)
    places = np.fromiter((places_of[term] for term in known), dtype=np.int64, count=len(known))
    times = np.fromiter((counts[term] for term in known), dtype=np.float64, count=len(known))
    values = (1.0 + np.log(times)) * model.idf[places]
    # A text without known terms has length zero, and stays so.
    values /= np.sqrt(values @ values) or 1.0
    shares = values[:, None] * model.weights[places]
    scores = shares.sum(axis=0) + model.intercept
    return Reading(probabilities=softmax(scores / model.temperature), terms=known, times=times, shares=shares)


def softmax(scores: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Probabilities of scores, along the last axis."""
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    probabilities: npt.NDArray[Any] = raised / raised.sum(axis=-1, keepdims=True)
    return probabilities
