"""One question to one linear model: an answer where it is sure, and the reason why not where it is not."""

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from maild.classify.because import name_of, telling_words
from maild.classify.encoder.sentences import Encoder, Sense
from maild.classify.linear import LinearModel, Reading, read
from maild.classify.neighbours import nearest, told
from maild.classify.terms import about_of, telling, terms_of, tokens
from maild.classify.verdict import Verdict

_LEAST_WORDS = 3
"""Different words that the model has met: two can stand in any mail."""

_LIKELY = 3
"""Labels that a person is offered first where none is sure."""

_LEAST_KNOWN = 0.5
"""Share of the words that the model has met; below it the text is in a language or a trade it has not read."""

_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
"""Thai and Lao, Burmese, Khmer, Japanese and Chinese: a whole sentence may look like a word."""


@dataclass(frozen=True, kw_only=True)
class Counted:
    """A text made ready for all models at once."""

    text: str
    tokens: tuple[str, ...]
    """All its words, in order."""

    words: frozenset[str]
    """Those that can say what it is about."""

    language: str | None

    @cached_property
    def counts(self) -> Counter[str]:
        """How often it has each term."""
        return Counter(terms_of(self.tokens))

    def sense(self, encoder: Encoder) -> Sense:
        """What the encoder makes of it as a whole, asked for once."""
        if encoder.digest not in self._senses:
            self._senses[encoder.digest] = encoder.encode(self.text)
        return self._senses[encoder.digest]

    @cached_property
    def _senses(self) -> dict[str, Sense]:
        return {}

    @cached_property
    def about(self) -> Counter[str]:
        """Likewise, the telling words and their pairs alone."""
        return Counter(about_of(self.tokens))


def count(text: str, language: str | None) -> Counted:
    """Count what the models count."""
    found = tokens(text)
    return Counted(text=text, tokens=tuple(found), words=frozenset(filter(telling, found)), language=language)


def ask(counted: Counted, model: LinearModel, allowed: Collection[str] | None = None) -> Verdict:
    """The model's best label, or None with the reason; `allowed` is the closed set of labels (None: the model's own)."""
    reason = _why_not(counted, model)
    if reason is not None:
        return _unsure(model, None, reason)
    reading = read(counted.counts if model.counts_all else counted.about, model, counted.sense)
    best = int(reading.probabilities.argmax())
    label, confidence = model.labels[best], float(reading.probabilities[best])
    because, likely = made_by(counted, model, reading, best), _likely(model, reading, allowed)
    if label in model.silent:
        return _unsure(model, confidence, f"it reads like nothing that the model decides by itself: {because}", likely)
    if allowed is not None and label not in allowed:
        return _unsure(model, confidence, f"the model says {label}, and this desk has no such label: {because}", likely)
    if confidence < model.thresholds[best]:
        return _unsure(
            model, confidence, f"{_too_unsure(label, confidence, model.thresholds[best])}: {because}", likely
        )
    return Verdict(question=model.question, label=label, confidence=confidence, because=because, model=model.digest)


def made_by(counted: Counted, model: LinearModel, reading: Reading, best: int) -> str:
    """The words that made the label, and the desk's own tickets that the mail is like."""
    said = telling_words(counted.tokens, reading, best) or "no single word"
    if model.neighbours is None:
        return said
    like = told(nearest(counted.counts, model.vocabulary, model.idf, model.neighbours))
    return f"{said}; {like}" if like else said


def _too_unsure(label: str, confidence: float, threshold: float) -> str:
    """Why a person decides; a threshold above 1 is none: no confidence has been seen to err seldom enough."""
    if threshold > 1:
        return (
            f"the model leans to {label} ({confidence:.2f}), but on this desk that label has no threshold yet, "
            "so a person decides"
        )
    digits = 2 if f"{confidence:.2f}" != f"{threshold:.2f}" else 4
    return (
        f"the model leans to {label}, but is not sure enough "
        f"({confidence:.{digits}f}; it decides from {threshold:.{digits}f} on)"
    )


def _likely(model: LinearModel, reading: Reading, allowed: Collection[str] | None) -> tuple[str, ...]:
    """The labels that may be given, the most probable first."""
    ranked = [model.labels[place] for place in (-reading.probabilities).argsort(kind="stable").tolist()]
    given = [label for label in ranked if label not in model.silent and (allowed is None or label in allowed)]
    return tuple(given[:_LIKELY])


def _unsure(model: LinearModel, confidence: float | None, because: str, likely: tuple[str, ...] = ()) -> Verdict:
    return Verdict(
        question=model.question,
        label=None,
        confidence=confidence,
        because=because,
        model=model.digest,
        likely=likely,
    )


def _why_not(counted: Counted, model: LinearModel) -> str | None:
    """What forbids an answer before anything is computed."""
    if counted.language is not None and counted.language not in model.languages:
        read_only = " and ".join(name_of(language) for language in model.languages)
        return f"it is written in {name_of(counted.language)}, and the model has read only {read_only}"
    known = sum(model.knows(word) for word in counted.words)
    every = sum(map(_words_in, counted.words))
    if sum(_words_in(word) for word in counted.words if model.knows(word)) < _LEAST_KNOWN * every:
        return f"the model knows only {known} of its {every} words"
    if known < _LEAST_WORDS:
        return "too few words to tell"
    return None


def _words_in(word: str) -> int:
    """How many words it stands for: some scripts put no space between theirs, of two letters or so each."""
    return max(1, len(word) // 2) if _UNSPACED.match(word) else 1
