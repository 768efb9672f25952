"""Load: how much lies on each TSM, by the hour that the desk is open. In the order of names, because it is no contest. Pure."""

from collections import Counter
from collections.abc import Sequence

from maild.knowledge.analysis.course import of_the_desk
from maild.knowledge.analysis.figure import Grid, Row, Section, Unit, listed
from maild.knowledge.analysis.history import History
from maild.process.ticket import Status

HOURS_A_DAY = 8

COLUMNS = (
    ("TSM", Unit.WORDS),
    ("new tickets", Unit.COUNT),
    ("open at the end", Unit.COUNT),
    ("answers", Unit.COUNT),
    (f"answers in {HOURS_A_DAY} open hours", Unit.RATE),
)


def tell_load(history: History) -> Section:
    """Tickets and answers by person."""
    numbers: dict[str, list[int]] = {}
    live: Counter[str] = Counter()
    for course in of_the_desk(history.courses):
        name = course.facts.assignee
        if name and history.period.has(course.facts.opened_at):
            numbers.setdefault(name, []).append(course.facts.number)
        if name and course.status is not Status.CLOSED:
            live[name] += 1
    answers: Counter[str] = Counter()
    for address, written in history.by_person.items():
        answers[history.desk.names.get(address.casefold(), address)] += len(written)
    people = sorted({*numbers, *live, *answers}, key=str.casefold)
    rows = tuple(_row(name, numbers.get(name, []), live[name], answers[name], history) for name in people)
    return Section(
        name="load",
        title="Load",
        grids=(
            Grid(
                name="load",
                title="Tickets and answers by TSM",
                means="Who carries how much, so that it can be spread; in the order of names.",
                columns=COLUMNS,
                rows=rows,
            ),
        ),
        notes=(
            (
                f"The desk was open for {history.desk.working_hours:.0f} hours in the period. Part-time, absence and hard tickets are not "
                "known here: a small number says nothing about a person's work."
            ),
        ),
    )


def _row(name: str, numbers: Sequence[int], live: int, answers: int, history: History) -> Row:
    days = history.desk.working_hours / HOURS_A_DAY
    cells = (name, len(numbers), live, answers, answers / days if days else None)
    return Row(cells=cells, n=len(numbers), tickets=listed(numbers))
