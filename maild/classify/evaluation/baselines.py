"""What every model must beat: always the most frequent label, and the keywords of a first afternoon."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from maild.classify.evaluation.answers import Answering, of_rule
from maild.classify.evaluation.cases import Case
from maild.classify.stopwords import STOPWORDS

_WORD = re.compile(r"[^\W\d_]{3,}")

SOON: Mapping[str, Collection[str]] = MappingProxyType(
    {
        "1": ("urgent", "asap", "immediately", "critical", "emergency", "outage", "down", "blocked", "dringend", "sofort", "urgente", "urgence"),
        "3": ("how", "question", "request", "possible", "would like", "frage", "wunsch", "pregunta", "possible de"),
    }
)  # fmt: skip
"""Urgency in a few words; anything else is 2."""

MANY: Mapping[str, Collection[str]] = MappingProxyType(
    {
        "1": ("all", "everyone", "everybody", "nobody", "whole", "entire", "production", "customers", "alle", "todos", "tous"),
        "3": ("i", "my", "me", "ich", "mein", "mi", "mon"),
    }
)  # fmt: skip
"""Impact, likewise."""


def most_frequent(known: Sequence[str]) -> str:
    """The most frequent of labels; of equally frequent ones the first by name."""
    counts = Counter(known)
    return min(counts, key=lambda label: (-counts[label], label))


def always(label: str) -> Answering:
    """The same answer to everything."""
    return of_rule(lambda _: label, (label,), otherwise=label)


def by_keywords(words: Mapping[str, Collection[str]], otherwise: str) -> Answering:
    """The label most of whose words or phrases stand in the text; `otherwise` where none does or two are level."""
    patterns = _patterns(words)
    return of_rule(lambda case: _most_found(patterns, case), sorted(words), otherwise=otherwise)


def one_by_keywords(words: Mapping[str, Collection[str]], case: Case) -> str | None:
    """The same for one text."""
    return _most_found(_patterns(words), case)


def _patterns(words: Mapping[str, Collection[str]]) -> dict[str, re.Pattern[str]]:
    return {label: _any_of(tuple(of_label)) for label, of_label in words.items() if of_label}


def _most_found(patterns: Mapping[str, re.Pattern[str]], case: Case) -> str | None:
    found = {label: len(set(pattern.findall(case.whole.casefold()))) for label, pattern in patterns.items()}
    most = max(found.values(), default=0)
    best = [label for label, number in found.items() if number == most]
    return best[0] if most and len(best) == 1 else None


def words_of(descriptions: Mapping[str, str]) -> Mapping[str, Collection[str]]:
    """Label to the words that its description has and no other label's has."""
    found = {label: set(_WORD.findall(text.casefold())) - STOPWORDS for label, text in descriptions.items()}
    times = Counter(word for words in found.values() for word in words)
    return {label: sorted(word for word in words if times[word] == 1) for label, words in found.items()}


@lru_cache(maxsize=200)
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(map(re.escape, words), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(longest_first)})(?!\w)")
