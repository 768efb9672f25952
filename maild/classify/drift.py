"""Drift: whether the mail has changed, or what a model makes of it, since it learnt."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import Literal, TypeAlias

Picture: TypeAlias = Mapping[str, Mapping[str, int]]
"""What is looked at, to how many texts are in each of its bins. A card may have one, of the texts it learnt from."""

Judgement = Literal["steady", "somewhat different", "different", "too few to say"]

LEAST = 50
"""Fewer texts on one side are too few to say."""

SOMEWHAT, CLEARLY = 0.1, 0.25
"""The usual marks of the index (Siddiqi 2006, Credit Risk Scorecards); below what chance alone makes, they mean nothing."""

_CHANCE = 2.878
"""Of the normal distribution: 1 in 500 lies above; five things are looked at, so that 1 of 100 steady weeks is accused."""

_LEAST_EXPECTED = 5
"""Texts of the smaller side that a bin would hold if nothing had moved; rarer bins are taken together (Cochran 1954)."""

_UNKNOWN = (0.05, 0.1, 0.2, 0.3, 0.5)
_LENGTH = (10, 25, 50, 100, 200)
_CONFIDENCE = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What is looked at in one text, and what the model said about it."""

    unknown: float
    """Share of its different words that the model has never met, 0 to 1."""

    length: int
    """Words."""

    language: str | None
    confidence: float | None
    """None: the model did not read it."""

    label: str | None
    """None: left to a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """How far one thing has moved from a reference."""

    what: str
    psi: float
    """Population stability index: the symmetric Kullback-Leibler divergence of the two distributions."""

    chance: float
    """What 499 of 500 steady weeks of this size stay below (chi-squared limit of the index, Yurdakul 2018)."""

    judgement: Judgement
    because: str
    """What has become more frequent, in words; empty where it is steady."""


def picture(profiles: Iterable[Profile]) -> Picture:
    """Count how many texts are in each bin."""
    counts: dict[str, Counter[str]] = {
        name: Counter() for name in ("unknown words", "length", "language", "confidence", "label")
    }
    for profile in profiles:
        counts["unknown words"][_bin(profile.unknown, _UNKNOWN)] += 1
        counts["length"][_bin(profile.length, _LENGTH)] += 1
        counts["language"][profile.language or "unknown"] += 1
        counts["confidence"][_bin(profile.confidence, _CONFIDENCE)] += 1
        counts["label"][profile.label or "left to a person"] += 1
    return {name: dict(sorted(bins.items())) for name, bins in counts.items()}


def picture_of_texts(texts: Iterable[tuple[int, str | None]]) -> Picture:
    """What a card can say of the texts that were learnt from: words and language of each.

    Not how many words were unknown or how sure the model was: of its own texts a model knows every word.
    """
    lengths, languages = Counter[str](), Counter[str]()
    for length, language in texts:
        lengths[_bin(length, _LENGTH)] += 1
        languages[language or "unknown"] += 1
    return {"length": dict(sorted(lengths.items())), "language": dict(sorted(languages.items()))}


def compare(reference: Picture, now: Picture) -> list[Shift]:
    """Say of each thing that both pictures have how far it has moved."""
    return [_shift(name, reference[name], now[name]) for name in now if name in reference]


def worst(shifts: Sequence[Shift]) -> Judgement:
    """The judgement of all together."""
    order: Sequence[Judgement] = ("different", "somewhat different", "too few to say", "steady")
    return next((each for each in order if any(shift.judgement == each for shift in shifts)), "too few to say")


def _shift(what: str, before: Mapping[str, int], now: Mapping[str, int]) -> Shift:
    before, now = _together(before, now)
    bins = sorted({*before, *now})
    shares = [(_share(before, name, len(bins)), _share(now, name, len(bins))) for name in bins]
    psi = sum((new - old) * log(new / old) for old, new in shares)
    sizes = sum(before.values()), sum(now.values())
    chance = _chance(len(bins), sizes)
    grown, _ = max(zip(bins, shares, strict=True), key=lambda pair: pair[1][1] - pair[1][0])
    judgement = _judge(psi, chance, min(sizes))
    old, new = (counts.get(grown, 0) / max(1, sum(counts.values())) for counts in (before, now))
    told = f"more of {grown}: {old:.0%} before, {new:.0%} now" if "different" in judgement else ""
    return Shift(what=what, psi=round(psi, 3), chance=round(chance, 3), judgement=judgement, because=told)


def _together(before: Mapping[str, int], now: Mapping[str, int]) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """Both with their rare bins taken together."""
    sizes = sum(before.values()), sum(now.values())
    expected = {
        bin_: (before.get(bin_, 0) + now.get(bin_, 0)) * min(sizes) / max(1, sum(sizes)) for bin_ in {*before, *now}
    }
    rare = {bin_ for bin_, n in expected.items() if n < _LEAST_EXPECTED}

    def joined(counts: Mapping[str, int]) -> Mapping[str, int]:
        kept = {bin_: n for bin_, n in counts.items() if bin_ not in rare}
        others = sum(n for bin_, n in counts.items() if bin_ in rare)
        return {**kept, "others": others} if rare else kept

    return joined(before), joined(now)


def _judge(psi: float, chance: float, n: int) -> Judgement:
    if n < LEAST:
        return "too few to say"
    if psi < max(SOMEWHAT, chance):
        return "steady"
    return "different" if psi >= CLEARLY else "somewhat different"


def _share(counts: Mapping[str, int], name: str, bins: int) -> float:
    """Half a text more in each bin, so that an empty one does not make the index infinite."""
    return (counts.get(name, 0) + 0.5) / (sum(counts.values()) + 0.5 * bins)


def _chance(bins: int, sizes: tuple[int, int]) -> float:
    """The 99.8 % point of the index where nothing has moved; chi-squared by Wilson and Hilferty (1931)."""
    free = bins - 1
    if free == 0 or 0 in sizes:
        return 0.0
    point = free * (1 - 2 / (9 * free) + _CHANCE * sqrt(2 / (9 * free))) ** 3
    return point * (1 / sizes[0] + 1 / sizes[1])


def _bin(value: float | None, edges: Sequence[float]) -> str:
    if value is None:
        return "not read"
    below = next((edge for edge in edges if value < edge), None)
    return f"below {below:g}" if below is not None else f"{edges[-1]:g} and more"
