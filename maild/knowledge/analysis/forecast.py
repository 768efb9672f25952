"""Forecast: an interval for the time to resolution, from history alone, and how often it has been right. Pure.

Split conformal (Papadopoulos et al. 2002; Lei et al. 2018), one-sided: the time within which at least `SURE` of such
tickets were solved. Calibrated on the older tickets of a group, measured on its newer ones, which it has not seen. It holds
where the future is like the past (exchangeable); it is experience, and never a promise.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil, inf

from maild.knowledge.analysis.course import Course, Fate, of_the_desk
from maild.knowledge.analysis.figure import Figure, Grid, Row, Section, Unit, a_share, listed
from maild.knowledge.analysis.history import History

SURE = 0.8
LEAST = 40
"""Tickets of a group below which no interval is told: half of them calibrate, half measure."""

Group = tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """One group's experience."""

    group: Group
    """Category and priority."""

    hours: float | None
    """Solved within this time; None: too many are not solved yet to say."""

    hits: int
    n: int
    """Newer tickets on which it was measured, and how many of them kept to it."""

    open: int
    """Among all of the group: not solved yet (censored). They count as longer than everything solved."""

    numbers: tuple[int, ...]


def conformal_bound(scores: Sequence[float], sure: float = SURE) -> float:
    """Give the bound that a further exchangeable one keeps with probability `sure` at least; inf where n is too small."""
    place = ceil((len(scores) + 1) * sure)
    return sorted(scores)[place - 1] if place <= len(scores) else inf


def find_intervals(history: History) -> list[Interval]:
    """Each category and priority with enough tickets, by all of the desk's history."""
    groups: dict[Group, list[Course]] = {}
    for course in of_the_desk(history.courses):
        if course.facts.priority and course.fate is not Fate.PASSED_ON:
            groups.setdefault((course.facts.category, course.facts.priority), []).append(course)
    return [_measure(group, courses, history) for group, courses in sorted(groups.items()) if len(courses) >= LEAST]


def _measure(group: Group, courses: Sequence[Course], history: History) -> Interval:
    ordered = sorted(courses, key=lambda course: course.facts.opened_at)
    older, newer = ordered[: len(ordered) // 2], ordered[len(ordered) // 2 :]
    past = conformal_bound([_hours(course) for course in older])
    # One that is still open has failed the bound only once it is older than that; before, nobody knows.
    known = [each for each in newer if each.solved_at or _age(each, history) > past]
    bound = conformal_bound([_hours(course) for course in ordered])
    return Interval(
        group=group,
        hours=None if bound == inf else bound,
        hits=sum(_hours(course) <= past for course in known) if past < inf else 0,
        n=len(known) if past < inf else 0,
        open=sum(course.solved_at is None for course in ordered),
        numbers=tuple(course.facts.number for course in ordered),
    )


def _hours(course: Course) -> float:
    return (course.solved_at - course.facts.opened_at) / timedelta(hours=1) if course.solved_at else inf


def _age(course: Course, history: History) -> float:
    return (history.period.until - course.facts.opened_at) / timedelta(hours=1)


COLUMNS = (
    ("category", Unit.WORDS),
    ("priority", Unit.WORDS),
    ("tickets", Unit.COUNT),
    ("not solved yet", Unit.COUNT),
    (f"{SURE:.0%} within", Unit.HOURS),
    ("kept by newer ones", Unit.SHARE),
)


def tell_forecast(intervals: Sequence[Interval]) -> Section:
    """The intervals, with the coverage that was measured."""
    hits, n = sum(each.hits for each in intervals), sum(each.n for each in intervals)
    coverage: Figure = a_share(
        "coverage_of_intervals",
        "Kept by newer tickets",
        f"Newer tickets solved within the time that older ones of their kind had given; {SURE:.0%} is the aim.",
        hits=hits,
        n=n,
    )
    rows = tuple(
        Row(
            cells=(
                each.group[0],
                f"P{each.group[1]}",
                len(each.numbers),
                each.open,
                each.hours,
                each.hits / each.n if each.n else None,
            ),
            n=each.n,
            tickets=listed(each.numbers),
        )
        for each in intervals
    )
    few = () if rows else (f"No category and priority has {LEAST} tickets yet.",)
    grid = Grid(
        name="intervals",
        title="By category and priority",
        means="Experience, not a promise: clients are told the time of the next update instead.",
        columns=COLUMNS,
        rows=rows,
    )
    notes = (
        *few,
        "Split conformal: calibrated on the older half, measured on the newer half; the time is from all of them.",
    )
    return Section(name="forecast", title="How long such tickets took", figures=(coverage,), grids=(grid,), notes=notes)
