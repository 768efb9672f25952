"""Measured: a number with its n and the interval that it comes from."""

from dataclasses import dataclass
from statistics import NormalDist

LEAST = 20
"""Independent rows below which a number would look firmer than it is, and is not told."""

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A score with a 95 % confidence interval."""

    value: float
    low: float
    high: float
    n: int
    """Rows it was counted on."""

    independent: int
    """Groups among them: the near-duplicates and mails of one thread count once."""

    @property
    def is_firm(self) -> bool:
        """Whether there were enough rows to say anything."""
        return self.independent >= LEAST

    def __str__(self) -> str:
        """Write value and interval, or why they are not told."""
        if not self.is_firm:
            return f"n = {self.independent}: too few to say"
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def share(hits: float, n: int, independent: int) -> Measured:
    """Measure a share of rows by Wilson's interval (1927), as wide as the groups alone would make it."""
    value = hits / n if n else 0.0
    low, high = wilson(value * independent, independent)
    return Measured(value=value, low=low, high=high, n=n, independent=independent)


def wilson(hits: float, n: int) -> tuple[float, float]:
    """Give the interval of a share; it covers well for small n and near 0 and 1 (Brown, Cai, DasGupta 2001)."""
    if n == 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    middle, half = hits + z * z / 2, z * (hits * (n - hits) / n + z * z / 4) ** 0.5
    return max(0.0, (middle - half) / (n + z * z)), min(1.0, (middle + half) / (n + z * z))


def clopper_pearson(hits: int, n: int) -> tuple[float, float]:
    """Give the exact interval of a share (1934): covers at least as often as it says, for any n."""
    from scipy.special import (
        betaincinv,
    )  # late: the daemon needs the other functions alone, and this takes tenths of a second

    tail = (1 - CONFIDENCE) / 2
    low = float(betaincinv(hits, n - hits + 1, tail)) if hits else 0.0
    high = float(betaincinv(hits + 1, n - hits, 1 - tail)) if hits < n else 1.0
    return low, high
