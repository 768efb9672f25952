"""Facts of the weekly summary: each one line of it, without its words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Value = str | int | float | None


class Part(StrEnum):
    """What a fact is told for."""

    CHANGED = "changed"
    LOOK = "look"
    DO = "do"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line."""

    part: Part
    kind: str
    """Names the sentence; the same in every language."""

    values: Mapping[str, Value]
    """Names that end in `_share` are from 0 to 1, those in `_hours` are hours."""

    n: int
    """Rows that it was counted on."""

    tickets: tuple[int, ...] = field(default=())
    """Behind it, those first that should be looked at first; at most a hundred."""
