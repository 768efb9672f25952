"""How long to wait before the next attempt."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff:
    """Waits that double up to a cap, and differ from each other so that many clients do not return together."""

    jitter: Callable[[], float]
    """Chance between 0 and 1: `random.random`, or a number of a test's own."""

    first_seconds: float = 1.0
    most_seconds: float = 300.0

    def seconds(self, failures: int) -> float:
        """How long to wait after that many failures in a row (1 or more)."""
        # 2 ** 1000 does not fit a float; after 30 doublings every cap is reached
        longest = min(self.most_seconds, self.first_seconds * 2.0 ** min(failures - 1, 30))
        return longest * (0.5 + 0.5 * self.jitter())
