"""A finding: what an invariant says, of how many things, and where it does not hold."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One invariant, checked."""

    invariant: str
    checked: int
    """How many things it was checked of; 0 says nothing."""

    broken: tuple[str, ...]
    """Each thing of which it does not hold, in words."""


def finding(invariant: str, checked: Iterable[object], broken: Iterable[str]) -> Finding:
    """Count and collect."""
    return Finding(invariant=invariant, checked=sum(1 for _ in checked), broken=tuple(broken))
