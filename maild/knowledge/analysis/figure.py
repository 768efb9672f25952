"""Figures: what the report tells, each number with its n, its meaning and a way to its tickets. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from maild.classify.evaluation.interval import wilson

MOST_LISTED = 100
"""Tickets that a figure names: the newest; n says how many there are."""

NO_CATEGORY = "no category"
"""Said of tickets that have none yet."""


class Unit(StrEnum):
    """What a number counts."""

    COUNT = "count"
    SHARE = "share"
    """From 0 to 1."""

    HOURS = "hours"
    RATE = "rate"
    CHANCE = "chance"
    """The p of a test, from 0 to 1."""

    WORDS = "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number of the report."""

    name: str
    title: str
    means: str
    """In one plain line."""

    unit: Unit
    value: float | None
    """None: nothing to count yet, or never reached."""

    n: int
    """Rows that it was counted on."""

    low: float | None = None
    high: float | None = None
    """95 % interval."""

    tickets: tuple[int, ...] = ()
    """The newest of those that it counts."""


Cell = str | float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a table."""

    cells: tuple[Cell, ...]
    n: int
    tickets: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table; its first column is words."""

    name: str
    title: str
    means: str
    columns: tuple[tuple[str, Unit], ...]
    rows: tuple[Row, ...]


class Shape(StrEnum):
    """How a picture shows its numbers."""

    BARS = "bars"
    """Stacked."""

    LINES = "lines"
    STEPS = "steps"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A picture."""

    name: str
    title: str
    means: str
    shape: Shape
    across: tuple[str, ...]
    """Marks, one a place; empty: not marked."""

    series: Mapping[str, tuple[float, ...]]
    unit: Unit = Unit.COUNT
    axis: str = ""
    """What runs from left to right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The answer to one question."""

    name: str
    title: str
    figures: tuple[Figure, ...] = ()
    grids: tuple[Grid, ...] = ()
    charts: tuple[Chart, ...] = ()
    notes: tuple[str, ...] = field(default=())
    """What must be known to read the numbers; or that there is nothing yet."""


def listed(numbers: Iterable[int]) -> tuple[int, ...]:
    """The newest of them."""
    return tuple(sorted(set(numbers), reverse=True)[:MOST_LISTED])


def a_count(name: str, title: str, means: str, numbers: Sequence[int], *, n: int | None = None) -> Figure:
    """So many tickets; `n`: out of how many, where not themselves."""
    return Figure(
        name=name,
        title=title,
        means=means,
        unit=Unit.COUNT,
        value=len(numbers),
        n=len(numbers) if n is None else n,
        tickets=listed(numbers),
    )


def a_share(name: str, title: str, means: str, *, hits: int, n: int, tickets: Iterable[int] = ()) -> Figure:
    """`hits` of `n`, with Wilson's 95 % interval (1927)."""
    low, high = wilson(hits, n) if n else (None, None)
    value = hits / n if n else None
    return Figure(
        name=name,
        title=title,
        means=means,
        unit=Unit.SHARE,
        value=value,
        n=n,
        low=low,
        high=high,
        tickets=listed(tickets),
    )
