"""Gate: whether articles have been right often enough to be shown to clients. Pure."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

_Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """How often the likeliest article of a ticket was the one that its TSM named as the same."""

    right: int
    n: int

    @property
    def low(self) -> float:
        """The lower end of Wilson's 95 % interval (1927): what is sure enough to be relied upon."""
        if not self.n:
            return 0.0
        middle = self.right + _Z**2 / 2
        spread = _Z * sqrt(self.right * (self.n - self.right) / self.n + _Z**2 / 4)
        return max(0.0, (middle - spread) / (self.n + _Z**2))

    def passes(self, wanted: float, *, least: int) -> bool:
        """Whether it is surely above what is wanted, from enough cases."""
        return self.n >= least and self.low >= wanted

    def __str__(self) -> str:
        """Write it with its n and the bound that counts."""
        if not self.n:
            return "nobody has said anything yet (n = 0)"
        return f"{self.right / self.n:.2f}, at least {self.low:.2f} (n = {self.n})"
