"""Calibration: of the texts that a model is 80 % sure of, are 80 % right."""

from dataclasses import dataclass

import numpy as np

from maild.classify.arrays import Floats, Ints
from maild.classify.evaluation.bootstrap import SEED, bootstrap
from maild.classify.evaluation.interval import Measured, share
from maild.classify.evaluation.scored import Scored

_BINS = 15
_TEXTS_A_BIN = 20
"""Fewer than this in a bin are mostly chance."""

_DRAWS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Texts of about the same confidence."""

    confidence: float
    """Their mean."""

    right: Measured
    """The share of them that is right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """How far confidence can be taken at its word."""

    error: Measured
    """Expected calibration error of the best label, in bins of equal size (Naeini et al. 2015, Nixon et al. 2019)."""

    by_chance: float
    """What a perfectly calibrated model would show on as many texts: no error below this means anything."""

    bins: tuple[Bin, ...]
    """From the least sure to the surest."""


def reliability(scored: Scored) -> Reliability:
    """Measure calibration. Raises ValueError where there is no text."""
    if not len(scored.truth):
        raise ValueError("no texts, no calibration")
    place = _bins(scored.confidence)
    measured = bootstrap(
        lambda weights: np.array([_error(scored, scored.is_right.astype(float), place, weights)]),
        scored.groups,
        draws=_DRAWS,
        is_biased=True,
    )
    bins = [_bin(scored.only(place == number)) for number in range(int(place.max()) + 1)]
    return Reliability(error=measured[0], by_chance=_by_chance(scored, place), bins=tuple(bins))


def _bins(confidence: Floats) -> Ints:
    """The bin of each text; all bins have the same number of texts, give or take one."""
    number = max(1, min(_BINS, len(confidence) // _TEXTS_A_BIN))
    place = np.empty(len(confidence), dtype=np.int64)
    place[np.argsort(confidence, kind="stable")] = np.arange(len(confidence)) * number // len(confidence)
    return place


def _error(scored: Scored, right: Floats, place: Ints, weights: Floats) -> float:
    gaps = np.bincount(place, weights=weights * (right - scored.confidence))
    return float(np.abs(gaps).sum() / weights.sum()) if weights.sum() else float("nan")


def _by_chance(scored: Scored, place: Ints) -> float:
    chance, every = np.random.default_rng(SEED), np.ones(len(place))
    drawn = [chance.random(len(place)) < scored.confidence for _ in range(_DRAWS)]
    return float(np.mean([_error(scored, right.astype(float), place, every) for right in drawn]))


def _bin(scored: Scored) -> Bin:
    right = share(float(scored.is_right.sum()), len(scored.truth), len(np.unique(scored.groups)))
    return Bin(confidence=float(scored.confidence.mean()), right=right)
