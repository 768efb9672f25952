"""Flow: how many issues come in and go out, and how often each step of the process is taken. Pure."""

from collections import Counter
from collections.abc import Sequence

from maild.knowledge.analysis.course import Course, Fate, of_the_desk
from maild.knowledge.analysis.figure import Chart, Grid, Row, Section, Shape, Unit, a_count, listed
from maild.knowledge.analysis.history import History
from maild.process.transitions import Activity


def tell_flow(history: History) -> Section:
    """Volume by week, and events by activity."""
    period = history.period
    opened = [course for course in history.courses if period.has(course.facts.opened_at)]
    real = of_the_desk(opened)
    solved = [course for course in history.courses if period.has(course.solved_at)]
    spam = [course.facts.number for course in opened if course.fate is Fate.SPAM]
    merged = [course.facts.number for course in opened if course.fate is Fate.MERGED]
    return Section(
        name="flow",
        title="Volume and flow",
        figures=(
            a_count(
                "opened", "New issues", "Tickets opened, without spam and duplicates.", [c.facts.number for c in real]
            ),
            a_count(
                "solved",
                "Solved",
                "Tickets solved in the period that have stayed so.",
                [c.facts.number for c in solved],
            ),
            a_count("spam", "Spam", "Tickets that a person marked as spam.", spam, n=len(opened)),
            a_count("merged", "Duplicates", "Tickets that went on in another one.", merged, n=len(opened)),
        ),
        charts=(_volume(history, real, solved),),
        grids=(_steps(history),),
    )


def _steps(history: History) -> Grid:
    events: Counter[Activity] = Counter()
    tickets: dict[Activity, list[int]] = {}
    for course in history.courses:
        for activity, number in course.steps.items():
            events[activity] += number
            tickets.setdefault(activity, []).append(course.facts.number)
    rows = tuple(
        Row(
            cells=(activity.value, events[activity], len(tickets[activity]), events[activity] / len(tickets[activity])),
            n=events[activity],
            tickets=listed(tickets[activity]),
        )
        for activity in Activity
        if events[activity]
    )
    return Grid(
        name="steps",
        title="Events by step of the process",
        means="How much happens in each activity of the process map (docs/process).",
        columns=(("step", Unit.WORDS), ("events", Unit.COUNT), ("tickets", Unit.COUNT), ("events a ticket", Unit.RATE)),
        rows=rows,
    )


def _volume(history: History, real: Sequence[Course], solved: Sequence[Course]) -> Chart:
    period = history.period
    came, went = [0.0] * len(period), [0.0] * len(period)
    for course in real:
        came[period.week(course.facts.opened_at)] += 1
    for course in solved:
        if course.solved_at:
            went[period.week(course.solved_at)] += 1
    return Chart(
        name="volume",
        title="In and out by week",
        means="Where more come than go, the backlog grows. The first week may be a part of one.",
        shape=Shape.LINES,
        across=period.weeks,
        series={"opened": tuple(came), "solved": tuple(went)},
        axis="week from",
    )
