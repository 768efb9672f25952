"""Trends: whether a category takes more and more of the work, or less, beyond what chance does. Pure.

Cochran (1954) and Armitage (1955): the score test for a trend of a share over ordered weeks. All categories are tested at
once, so the p-values are corrected (`several`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

from maild.knowledge.analysis.course import of_the_desk
from maild.knowledge.analysis.figure import NO_CATEGORY, Chart, Grid, Row, Section, Shape, Unit, listed
from maild.knowledge.analysis.history import History
from maild.knowledge.analysis.several import RATE, adjusted

LEAST = 20
"""Tickets of a category below which no trend is told."""

LEAST_WEEKS = 4
SHOWN = 5
"""Categories that have a line of their own; the table has all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """What a share does over the weeks."""

    z: float
    """Above 0: it grows."""

    chance: float
    """Two-sided p-value, without a correction."""


def trend(hits: Sequence[int], wholes: Sequence[int]) -> Trend:
    """Test a share, week by week; a week without any ticket says nothing."""
    whole, hit = sum(wholes), sum(hits)
    share = hit / whole if whole else 0.0
    middle = sum(place * n for place, n in enumerate(wholes)) / whole if whole else 0.0
    spread = share * (1 - share) * sum(n * (place - middle) ** 2 for place, n in enumerate(wholes))
    if spread <= 0:
        return Trend(z=0.0, chance=1.0)
    z = sum((place - middle) * (h - n * share) for place, (h, n) in enumerate(zip(hits, wholes, strict=True))) / sqrt(
        spread
    )
    return Trend(z=z, chance=2 * (1 - NormalDist().cdf(abs(z))))


def tell_trends(history: History) -> Section:
    """Categories over the weeks."""
    period = history.period
    opened = [each for each in of_the_desk(history.courses) if period.has(each.facts.opened_at)]
    wholes = [0] * len(period)
    weekly: dict[str, list[int]] = {}
    numbers: dict[str, list[int]] = {}
    for course in opened:
        week, name = period.week(course.facts.opened_at), course.facts.category
        wholes[week] += 1
        weekly.setdefault(name, [0] * len(period))[week] += 1
        numbers.setdefault(name, []).append(course.facts.number)
    return Section(
        name="categories",
        title="Categories over time",
        charts=(_chart(history, weekly),) if weekly else (),
        grids=(_grid(weekly, wholes, numbers),),
        notes=(
            (
                f"A trend is told where the share of the week's tickets grows or shrinks with a corrected p of at most {RATE}: "
                "Cochran-Armitage test for each category, Benjamini and Hochberg's correction over all of them. "
                f"It takes at least {LEAST_WEEKS} weeks and {LEAST} tickets of the category."
            ),
        ),
    )


def _grid(weekly: dict[str, list[int]], wholes: Sequence[int], numbers: dict[str, list[int]]) -> Grid:
    names = sorted(weekly, key=lambda name: (-len(numbers[name]), name))
    tested = [name for name in names if len(numbers[name]) >= LEAST and sum(n > 0 for n in wholes) >= LEAST_WEEKS]
    found = {name: trend(weekly[name], wholes) for name in tested}
    chances = dict(zip(tested, adjusted([found[name].chance for name in tested]), strict=True))
    rows = []
    for name in names:
        number = len(numbers[name])
        chance = chances.get(name)
        word = "too few to say" if chance is None else _word(found[name], chance)
        cells = (name or NO_CATEGORY, number, number / sum(wholes), word, chance)
        rows.append(Row(cells=cells, n=number, tickets=listed(numbers[name])))
    columns = (
        ("category", Unit.WORDS),
        ("tickets", Unit.COUNT),
        ("share", Unit.SHARE),
        ("trend", Unit.WORDS),
        ("p", Unit.CHANCE),
    )
    return Grid(
        name="trends",
        title="What grows and what shrinks",
        means="Share of each category in all new tickets, and whether it changes beyond chance; p is corrected.",
        columns=columns,
        rows=tuple(rows),
    )


def _word(found: Trend, chance: float) -> str:
    if chance > RATE:
        return "steady"
    return "growing" if found.z > 0 else "shrinking"


def _chart(history: History, weekly: dict[str, list[int]]) -> Chart:
    largest = sorted(weekly, key=lambda name: (-sum(weekly[name]), name))
    series = {name: tuple(map(float, weekly[name])) for name in largest[:SHOWN]}
    if len(largest) > SHOWN:
        rest = [sum(weekly[name][week] for name in largest[SHOWN:]) for week in range(len(history.period))]
        series["all others"] = tuple(map(float, rest))
    return Chart(
        name="weekly",
        title="New tickets by category",
        means="How many tickets of each category came in each week.",
        shape=Shape.BARS,
        across=history.period.weeks,
        series=series,
        axis="week from",
    )
