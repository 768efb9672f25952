"""Rank: texts that hold words of a query, the likeliest first (BM25; Robertson and Zaragoza 2009). Pure."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

SATURATION, LENGTH = 1.2, 0.5
"""Parameters k1 and b: how soon a repeated word says no more, and how far a long text counts less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Something that was found."""

    key: str
    words: str
    """Folded, a space between them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """What was found, how well it fits, and why."""

    key: str
    score: float
    shared: tuple[str, ...]
    """The wanted words that it holds, the rarest first."""


def rank(wanted: Sequence[str], texts: Iterable[Text], *, frequencies: Mapping[str, float], total: int) -> list[Hit]:
    """The best text of each key; `frequencies`: word to the texts of `total` that hold it."""
    counted = [(text.key, Counter(text.words.split())) for text in texts]
    lengths = [sum(count.values()) for _, count in counted]
    usual = sum(lengths) / len(lengths) if lengths else 1.0
    rarity = {word: _rarity(frequencies.get(word, 0), total) for word in wanted}
    best: dict[str, Hit] = {}
    for (key, count), length in zip(counted, lengths, strict=True):
        shared = sorted((word for word in wanted if word in count), key=lambda word: (-rarity[word], word))
        damping = SATURATION * (1 - LENGTH + LENGTH * length / (usual or 1.0))
        score = sum(rarity[word] * count[word] * (SATURATION + 1) / (count[word] + damping) for word in shared)
        if score and (key not in best or best[key].score < score):
            best[key] = Hit(key=key, score=score, shared=tuple(shared))
    return sorted(best.values(), key=lambda hit: -hit.score)


def _rarity(texts: float, total: int) -> float:
    return math.log(1 + (max(total, texts) - texts + 0.5) / (texts + 0.5))
