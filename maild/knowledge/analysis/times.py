"""Times: how long clients wait for a first answer and for the solution, those who still wait included. Pure."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from maild.knowledge.analysis.course import Course, Fate, of_the_desk
from maild.knowledge.analysis.figure import Cell, Chart, Figure, Grid, Row, Section, Shape, Unit, listed
from maild.knowledge.analysis.history import History
from maild.knowledge.analysis.survival import Lasted, Step, quantile, quantile_interval, survival

HALF, MOST = 0.5, 0.9
LEAST = 5
"""Tickets of a priority below which no time is told."""

_PLACES = 60
"""Points of a curve: more are not seen."""


def tell_times(history: History) -> Section:
    """First response and time to resolution, of the tickets that were opened in the period."""
    opened = [each for each in of_the_desk(history.courses) if history.period.has(each.facts.opened_at)]
    until = history.period.until
    first = [_lasted(each, each.answered_at, until) for each in opened if each.fate is not Fate.PASSED_ON]
    whole = [_lasted(each, each.solved_at, until) for each in opened if each.fate is not Fate.PASSED_ON]
    curves = {"first answer": survival(first), "solution": survival(whole)}
    running = sum(not span.is_over for span in whole)
    return Section(
        name="times",
        title="First answer and time to resolution",
        figures=(
            *_figures(
                "first_answer", "First answer", "a person had written to the client", first, curves["first answer"]
            ),
            *_figures("resolution", "Resolution", "the issue was solved for good", whole, curves["solution"]),
        ),
        charts=(_chart(curves),),
        grids=(_by_priority(opened, until),),
        notes=(
            "All times run on the wall clock from the client's mail, nights and weekends included.",
            (
                f"{running} of {len(whole)} are not solved yet. They count with the time that they have run so far "
                "(Kaplan and Meier 1958); leaving them out would make the desk look faster than it is."
            ),
        ),
    )


def _lasted(course: Course, end: datetime | None, until: datetime) -> Lasted:
    hours = ((end or until) - course.facts.opened_at) / timedelta(hours=1)
    return Lasted(hours=max(0.0, hours), is_over=end is not None, ticket=course.facts.number)


def _figures(name: str, title: str, what: str, spans: Sequence[Lasted], steps: Sequence[Step]) -> list[Figure]:
    slowest = listed(span.ticket for span in sorted(spans, key=lambda span: -span.hours)[: max(1, len(spans) // 10)])
    made = []
    for part, key, word in ((HALF, "median", "half"), (MOST, "p90", "nine in ten")):
        low, high = quantile_interval(steps, part)
        made.append(
            Figure(
                name=f"{name}_{key}",
                title=f"{title}, {'median' if part == HALF else '90th percentile'}",
                means=f"After this time {what} for {word} of the tickets.",
                unit=Unit.HOURS,
                value=quantile(steps, part),
                n=len(spans),
                low=low,
                high=high,
                tickets=slowest if spans else (),
            )
        )
    return made


def _chart(curves: dict[str, list[Step]]) -> Chart:
    """Share that still waits, on a scale that shows hours as well as weeks."""
    top = max([step.hours for steps in curves.values() for step in steps] + [24.0])
    marks = [top * (place / _PLACES) ** 2 for place in range(_PLACES + 1)]
    series = {name: tuple(_at(steps, hours) for hours in marks) for name, steps in curves.items()}
    shown = {round(_PLACES * part): _days(top * part**2) for part in (0, 0.25, 0.5, 0.75, 1)}
    return Chart(
        name="survival",
        title="How many still wait",
        means="Share of the tickets whose client still waits after this time (Kaplan-Meier); lower is sooner.",
        shape=Shape.STEPS,
        across=tuple(shown.get(place, "") for place in range(len(marks))),
        series=series,
        unit=Unit.SHARE,
        axis="time since the client's mail",
    )


def _at(steps: Sequence[Step], hours: float) -> float:
    return next((step.share for step in reversed(steps) if step.hours <= hours), 1.0)


def _days(hours: float) -> str:
    return f"{hours:.0f} h" if hours < 48 else f"{hours / 24:.0f} d"  # noqa: PLR2004 - two days


def _by_priority(opened: Sequence[Course], until: datetime) -> Grid:
    rows = []
    for priority in sorted({course.facts.priority for course in opened if course.facts.priority}):
        these = [each for each in opened if each.facts.priority == priority and each.fate is not Fate.PASSED_ON]
        if len(these) >= LEAST:
            rows.append(
                Row(cells=_cells(priority, these, until), n=len(these), tickets=listed(c.facts.number for c in these))
            )
    parts = ("first answer, median", "first answer, 90 %", "resolution, median", "resolution, 90 %")
    return Grid(
        name="by_priority",
        title="By priority",
        means=f"The same, by priority (1 is the highest); priorities with fewer than {LEAST} tickets are left out.",
        columns=(("priority", Unit.WORDS), ("tickets", Unit.COUNT), *((part, Unit.HOURS) for part in parts)),
        rows=tuple(rows),
    )


def _cells(priority: int, these: Sequence[Course], until: datetime) -> tuple[Cell, ...]:
    ends: tuple[Callable[[Course], datetime | None], ...] = (lambda each: each.answered_at, lambda each: each.solved_at)
    times: list[Cell] = []
    for end in ends:
        steps = survival([_lasted(course, end(course), until) for course in these])
        times += [quantile(steps, HALF), quantile(steps, MOST)]
    return (f"P{priority}", len(these), *times)
