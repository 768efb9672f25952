"""Forecast: within which time such tickets were solved, by category and priority, and how often that has held. Pure.

The interval and why it holds: `maild.knowledge.lasting`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from maild.knowledge.analysis.course import Course, Fate, of_the_desk
from maild.knowledge.analysis.figure import Figure, Grid, Row, Section, Unit, a_share, listed
from maild.knowledge.analysis.history import History
from maild.knowledge.lasting import HORIZON, LEAST, SURE, Held, Interval, Spell, find_interval, walk

Group = tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupForecast:
    """One group's."""

    group: Group
    """Category and priority."""

    interval: Interval | None
    """None: it takes too long too often to say."""

    held: Held
    open: int
    """Among all of the group: not solved yet. Those that were opened long enough ago count as lasting longer than that."""

    numbers: tuple[int, ...]


def find_intervals(history: History) -> list[GroupForecast]:
    """Each category and priority with enough tickets, by all of the desk's history."""
    groups: dict[Group, list[Course]] = {}
    for course in of_the_desk(history.courses):
        if course.facts.priority and course.fate is not Fate.PASSED_ON:
            groups.setdefault((course.facts.category, course.facts.priority), []).append(course)
    return [_measure(group, courses, history) for group, courses in sorted(groups.items()) if len(courses) >= LEAST]


def spell_of(course: Course) -> Spell:
    """How long it has lasted."""
    return Spell(opened_at=course.facts.opened_at, solved_at=course.solved_at)


def _measure(group: Group, courses: Sequence[Course], history: History) -> GroupForecast:
    ordered = sorted(courses, key=lambda course: course.facts.opened_at)
    spells, now = [spell_of(course) for course in ordered], history.period.until
    return GroupForecast(
        group=group,
        interval=find_interval(spells, now),
        held=walk(spells, now),
        open=sum(course.solved_at is None for course in ordered),
        numbers=tuple(course.facts.number for course in ordered),
    )


COLUMNS = (
    ("category", Unit.WORDS),
    ("priority", Unit.WORDS),
    ("tickets", Unit.COUNT),
    ("not solved yet", Unit.COUNT),
    (f"{SURE:.0%} after", Unit.HOURS),
    ("and within", Unit.HOURS),
    ("has held for", Unit.SHARE),
)


def tell_forecast(found: Sequence[GroupForecast]) -> Section:
    """The intervals, with the coverage that was measured."""
    hits, n = sum(each.held.hits for each in found), sum(each.held.n for each in found)
    coverage: Figure = a_share(
        "coverage_of_intervals",
        "Intervals that held",
        f"Tickets solved within the interval that older ones of their kind gave when they came; {SURE:.0%} is the aim.",
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
                each.interval.low if each.interval else None,
                each.interval.high if each.interval else None,
                each.held.hits / each.held.n if each.held.n else None,
            ),
            n=each.held.n,
            tickets=listed(each.numbers),
        )
        for each in found
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
        f"Conformal, from tickets that were opened {HORIZON.days} days ago or longer, solved or not.",
        "What could not be watched so long says nothing yet. Empty: too few, or too many take longer than that.",
    )
    return Section(name="forecast", title="How long such tickets took", figures=(coverage,), grids=(grid,), notes=notes)
