"""A trained linear model: numbers and words that cannot run code, and the few sums that use them."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from maild.classify.arrays import Floats, Singles
from maild.classify.encoder.sense_weights import SenseWeights
from maild.classify.encoder.sentences import Encoder, Sense
from maild.classify.neighbours import Neighbours

WHOLE = "the whole text"
"""What stands among the terms of a reading for all that the sentence encoder said. No term has three words."""


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
    idf: Singles
    """Shape (terms,)."""

    weights: Singles
    """Shape (terms, labels)."""

    intercept: Singles
    """Shape (labels,)."""

    temperature: float
    """Divides the scores before softmax; fitted on held-out texts (Guo et al. 2017, On Calibration)."""

    none_of_them: float = -np.inf
    """The score of *none of the labels*, once divided by the temperature: where all of theirs are low, it takes their confidence."""

    thresholds: tuple[float, ...]
    """The least confidence at which each label is given, in the order of `labels`; above 1: never."""

    digest: str = ""
    """Names the model: `content.digest_of`."""

    base: "LinearModel | None" = None
    """The shipped model that a desk's own stands on; its scores count through `mixing`."""

    mixing: Singles | None = None
    """Shape (labels of the base, labels): what a score of the base adds to a score of this model."""

    cues: Mapping[str, float] | None = None
    """Of urgency and impact: name of a cue to what it adds to the score of the highest label and takes from the lowest."""

    per_point: float = 0.0
    """Likewise, what each point of the table adds."""

    phrases: Singles | None = None
    """Of replies, shape (what the phrases can say, labels): what their verdict adds to the scores; `reply_learnt`."""

    neighbours: Neighbours | None = None
    """Labelled tickets of the desk, to name those that a mail is like."""

    encoder: Encoder | None = None
    """Of a model that also reads each text as a whole."""

    sense_weights: SenseWeights | None = None
    """Likewise, what the encoder's numbers add to the scores."""

    counts_all: bool = True
    """Whether it counts all terms, or telling words and their pairs alone."""

    @property
    def given(self) -> frozenset[str]:
        """Labels that may be given."""
        return frozenset(self.labels) - self.silent

    def terms(self) -> Iterator[str]:
        """Those of it and of what it stands on."""
        return chain(self.vocabulary, self.base.terms() if self.base is not None else ())

    def reading_by(self, encoder: Encoder | None) -> "LinearModel":
        """The same, which asks this very encoder where it was trained with it: one that finds again what it has read."""
        if encoder is None or self.encoder is None or self.encoder.digest != encoder.digest:
            return self
        return replace(self, encoder=encoder)

    def knows(self, term: str) -> bool:
        """Whether it, or what it stands on, has met the term."""
        return term in self.vocabulary or (self.base is not None and self.base.knows(term))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reading:
    """What a linear model makes of one text."""

    probabilities: Singles
    """Calibrated, in the order of the model's labels."""

    terms: tuple[str, ...]
    """Those of the text that the model knows."""

    times: Floats
    """How often the text has each of them."""

    shares: Floats
    """Shape (terms, labels): what each adds to the scores; with the intercept they are the scores exactly."""


def read(counts: Counter[str], model: LinearModel, sense: Callable[[Encoder], Sense] | None = None) -> Reading:
    """Score counted terms: sublinear TF-IDF of length one times weights, softmax of score / temperature.

    `sense` gives what an encoder makes of the text; it is asked by models that have one, and must be there for them.
    """
    known, shares = _shares(counts, model)
    if model.encoder is not None and model.sense_weights is not None and sense is not None:
        known, shares = (*known, WHOLE), np.vstack([shares, model.sense_weights.scores(sense(model.encoder))])
    scores = shares.sum(axis=0) + _constant(model)
    times = np.array([counts[term] or 1 for term in known], dtype=np.float64)
    return Reading(
        probabilities=softmax(scores / model.temperature, model.none_of_them), terms=known, times=times, shares=shares
    )


def _shares(counts: Counter[str], model: LinearModel) -> tuple[tuple[str, ...], Floats]:
    """The terms that the model or its base knows, and what each adds to the scores of the labels."""
    places_of = model.vocabulary
    known = tuple([term for term in counts if term in places_of])
    places = np.array([places_of[term] for term in known], dtype=np.int64)
    times = np.array([counts[term] for term in known], dtype=np.float64)
    values = (1.0 + np.log(times)) * model.idf[places]
    # A text without known terms has length zero, and stays so.
    values /= np.sqrt(values @ values) or 1.0
    shares = values[:, None] * model.weights[places]
    if model.base is None or model.mixing is None:
        return known, shares
    of_base, base_shares = _shares(counts, model.base)
    return _together((known, of_base), (shares, base_shares @ model.mixing))


def _together(known: tuple[tuple[str, ...], ...], shares: tuple[Floats, ...]) -> tuple[tuple[str, ...], Floats]:
    """Each term once, with the sum of what it adds in either model."""
    place_of = {term: place for place, term in enumerate(dict.fromkeys(term for terms in known for term in terms))}
    sums = np.zeros((len(place_of), shares[0].shape[1]))
    for terms, added in zip(known, shares, strict=True):
        sums[np.fromiter((place_of[term] for term in terms), dtype=np.int64, count=len(terms))] += added
    return tuple(place_of), sums


def _constant(model: LinearModel) -> npt.NDArray[Any]:
    """What the scores are for a text without known terms."""
    if model.base is None or model.mixing is None:
        return model.intercept
    constant: npt.NDArray[Any] = model.intercept + _constant(model.base) @ model.mixing
    return constant


def softmax(scores: npt.NDArray[Any], none_of_them: float = -np.inf) -> npt.NDArray[Any]:
    """Probabilities of scores, along the last axis; what is missing to 1 is that of none of them, by a score of its own."""
    highest = np.maximum(scores.max(axis=-1, keepdims=True), none_of_them)
    raised = np.exp(scores - highest)
    probabilities: npt.NDArray[Any] = raised / (raised.sum(axis=-1, keepdims=True) + np.exp(none_of_them - highest))
    return probabilities
