"""Several tests at once: which of many small probabilities are no chance finds. Pure."""

from collections.abc import Sequence

RATE = 0.05
"""Share of false finds among the finds, at most."""


def adjusted(chances: Sequence[float]) -> list[float]:
    """Each p-value with its correction for the number of tests: false discovery rate (Benjamini and Hochberg 1995)."""
    order = sorted(range(len(chances)), key=lambda place: chances[place], reverse=True)
    found, least = [1.0] * len(chances), 1.0
    for rank, place in enumerate(order):
        least = min(least, chances[place] * len(chances) / (len(chances) - rank))
        found[place] = least
    return found
