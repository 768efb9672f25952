"""Is it spam by its words? Only where a model is sure, and the mail solicits like one: a false yes is a lost client."""

import re
from collections import Counter
from collections.abc import Container
from dataclasses import dataclass

from maild.classify.linear import LinearModel, Reading, read
from maild.classify.soliciting import solicits
from maild.classify.text import model_text
from maild.classify.verdict import Verdict
from maild.mail.message import Mail

LEAST_WORDS = 25
"""Different words of a text; a line or two can look like anything."""

LEAST_PHRASES = 3
"""Different phrases such as "click here"; newspapers talk of money too, and do not solicit."""

SUSPECTED = 0.5
"""Probability from which a TSM is asked, if the mail solicits at all."""

_LEAST_KNOWN = 0.4
"""Share of the words that the model has met."""

_NAMED = 4

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SpamModel:
    """A learnt model of single words. It is part of `kind` and no question of its own, so no desk trains it."""

    words: LinearModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspicion:
    """What the model makes of one mail."""

    probability: float
    is_sure: bool
    because: str


def spam_terms(text: str) -> list[str]:
    """What the model counts in what `model_text` made: single words, small ones too; spam speaks to *you*."""
    return _WORD.findall(text)


def suspect(mail: Mail, model: SpamModel) -> Suspicion | None:
    """What speaks for spam; None where nothing does, or the model cannot tell."""
    if mail.language is not None and mail.language not in model.words.languages:
        return None
    text = model_text(mail.subject, mail.new_text)
    counts = Counter(spam_terms(text))
    if not is_long_enough(counts, model.words.vocabulary):
        return None
    reading = read(counts, model.words)
    place = model.words.labels.index("yes")
    probability = float(reading.probabilities[place])
    phrases = solicits(text) if probability >= SUSPECTED else ()
    if not phrases:
        return None
    return Suspicion(
        probability=probability,
        is_sure=probability >= model.words.thresholds[place] and len(phrases) >= LEAST_PHRASES,
        because=f"{_telling(reading, place)}; it says " + ", ".join(f"“{words}”" for words in phrases[:_NAMED]),
    )


def is_long_enough(counts: Counter[str], vocabulary: Container[str]) -> bool:
    """Whether there are enough words, and words enough that the model has met."""
    return len(counts) >= LEAST_WORDS and sum(word in vocabulary for word in counts) >= _LEAST_KNOWN * len(counts)


def spam_by_words(suspicion: Suspicion) -> Verdict:
    """Say that a mail is spam."""
    because = f"reads like spam: {suspicion.because}"
    return Verdict(question="kind", label="spam", confidence=suspicion.probability, because=because)


def _telling(reading: Reading, place: int) -> str:
    """The words that spoke most for it, each with what it added to its lead."""
    shares = reading.shares
    leads = (2 * shares[:, place] - shares.sum(axis=1)).tolist()
    strongest = sorted(zip(leads, reading.terms, strict=True), reverse=True)[:_NAMED]
    return ", ".join(f"{word} ({lead:+.1f})" for lead, word in strongest if lead > 0)
