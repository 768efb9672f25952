"""What a reply means by the desk's own labels, beside what the shipped phrases say; where they disagree a person decides."""

from dataclasses import dataclass, replace

import numpy as np

from maild.classify.arrays import Floats, Singles
from maild.classify.ask import Counted
from maild.classify.because import telling_words
from maild.classify.intent.intents import PHRASES
from maild.classify.linear import LinearModel, read, softmax
from maild.classify.verdict import Verdict

CLOSES = "resolved"
"""What closes a ticket: it is never said where anything speaks against it."""

_LEAST_KNOWN = 0.5
"""Share of a reply's telling words that the model has met."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """What the desk's labels say about a reply."""

    label: str | None
    """None: not sure."""

    confidence: float
    because: str


def with_labels(said: Verdict, counted: Counted, model: LinearModel | None) -> Verdict:
    """The phrases' verdict, and what the desk's labels make of it. `counted`: the new text alone."""
    if model is None or model.phrases is None or not _can_read(counted, model):
        return said
    learnt = learn_from(said.label, counted, model)
    label = settle(said.label, learnt.label)
    if label == said.label and label != learnt.label:
        return said
    because = f"by the desk's labels {learnt.label} ({learnt.confidence:.2f}: {learnt.because}); by phrases {said.label or 'unsure'}: {said.because}"
    return replace(said, label=label, confidence=learnt.confidence, because=because, model=model.digest)


def settle(phrases: str | None, learnt: str | None) -> str | None:
    """One label of two; None where a person must look."""
    if learnt is None or phrases == "automatic":
        return phrases
    if CLOSES in (phrases, learnt) and phrases not in (learnt, None):
        return None
    return learnt


def learn_from(phrases: str | None, counted: Counted, model: LinearModel) -> Learnt:
    """The learnt label of a reply of which the phrases say `phrases`."""
    reading = read(counted.counts, model)
    probabilities = softmax(_scores(reading.probabilities, phrases, model) / model.temperature)
    best = int(probabilities.argmax())
    confidence, label = float(probabilities[best]), model.labels[best]
    is_sure = confidence >= model.thresholds[best] and label not in model.silent
    because = telling_words(counted.tokens, reading, best) or "no single word"
    return Learnt(label=label if is_sure else None, confidence=confidence, because=because)


def _scores(probabilities: Singles, phrases: str | None, model: LinearModel) -> Floats:
    if model.phrases is None:
        raise ValueError("a model of replies without phrases")
    of_words = np.log(np.maximum(probabilities.astype(np.float64), 1e-12)) * model.temperature
    return np.asarray(of_words + model.phrases[PHRASES.index(phrases)])


def _can_read(counted: Counted, model: LinearModel) -> bool:
    """Its language, and enough of its words."""
    if counted.language is not None and counted.language not in model.languages:
        return False
    known = sum(word in model.vocabulary for word in counted.words)
    return bool(counted.words) and known >= _LEAST_KNOWN * len(counted.words)
