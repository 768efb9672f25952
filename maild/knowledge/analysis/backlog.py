"""Backlog: what is open at the end of the period, for how long, and whom it waits for. Pure."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from maild.knowledge.analysis.course import Course, Fate
from maild.knowledge.analysis.figure import Chart, Figure, Grid, Row, Section, Shape, Unit, a_count, listed
from maild.knowledge.analysis.history import History
from maild.process.ticket import Status

OLD = "over 30 d"
AGES = (
    (1, "under 1 d"),
    (3, "1-3 d"),
    (7, "3-7 d"),
    (30, "7-30 d"),
    (float("inf"), OLD),
)


def tell_backlog(history: History) -> Section:
    """Age and status of all that is not closed."""
    live = [course for course in history.courses if course.status is not Status.CLOSED and course.fate is not Fate.PAST]
    ages = {
        course.facts.number: (history.period.until - course.facts.opened_at) / timedelta(hours=1) for course in live
    }
    by_age: dict[str, list[int]] = {name: [] for _, name in AGES}
    for number, hours in ages.items():
        by_age[_name(hours)].append(number)
    oldest = max(ages, key=lambda number: ages[number], default=None)
    return Section(
        name="backlog",
        title="Backlog",
        figures=(
            a_count("live", "Not closed", "Tickets that still wait for somebody at the end of the period.", list(ages)),
            a_count(
                "old",
                "Older than 30 days",
                "Of these, how many are over 30 days old.",
                by_age[OLD],
                n=len(ages),
            ),
            Figure(
                name="oldest",
                title="The oldest",
                means="How long the oldest of them has been waiting.",
                unit=Unit.HOURS,
                value=ages[oldest] if oldest else None,
                n=len(ages),
                tickets=(oldest,) if oldest else (),
            ),
        ),
        charts=(_chart(by_age),),
        grids=(_waiting(live),),
    )


def _name(hours: float) -> str:
    return next(name for days, name in AGES if hours < days * 24)


def _waiting(live: Sequence[Course]) -> Grid:
    rows = []
    for status in Status:
        numbers = [course.facts.number for course in live if course.status is status]
        if numbers:
            rows.append(Row(cells=(status.replace("_", " "), len(numbers)), n=len(numbers), tickets=listed(numbers)))
    return Grid(
        name="waiting",
        title="Whom it waits for",
        means="new and open: the desk; gathering, waiting and resolved: the client; escalated: engineering; handed off: another team.",
        columns=(("status", Unit.WORDS), ("tickets", Unit.COUNT)),
        rows=tuple(rows),
    )


def _chart(by_age: Mapping[str, Sequence[int]]) -> Chart:
    return Chart(
        name="ages",
        title="Backlog by age",
        means="How many tickets that are not closed have which age.",
        shape=Shape.BARS,
        across=tuple(name for _, name in AGES),
        series={"not closed": tuple(float(len(by_age[name])) for _, name in AGES)},
        axis="age",
    )
