"""Drift: whether the mails, or what the models make of them, are still what they were. Pure."""

from collections.abc import Iterable, Iterator, Sequence

from maild.classify.drift_weeks import Drift, Week
from maild.knowledge.analysis.figure import Cell, Grid, Row, Section, Unit, listed

WEEKS = 6
"""Newest weeks of each question that are told."""

LOOKED_AT = ("unknown words", "length", "language", "confidence", "label")
"""The first three are inputs, the last two what the model makes of them."""

COLUMNS = (
    ("question", Unit.WORDS),
    ("week from", Unit.WORDS),
    ("mails", Unit.COUNT),
    *((what, Unit.RATE) for what in LOOKED_AT),
    ("by chance", Unit.RATE),
    ("what has moved", Unit.WORDS),
)


def tell_drift(drifts: Sequence[Drift]) -> Section:
    """The index of each thing, a line a week, newest first."""
    rows = tuple(_row(drift.question, week) for drift in drifts for week in drift.weeks[:WEEKS])
    none = () if rows else ("Not enough mails yet: the oldest 200 are what the others are compared with.",)
    grid = Grid(
        name="drift",
        title="Have the mails changed?",
        means="Population stability index of each week's mails, for what the models read (unknown words, length, language) and "
        "what they make of it (confidence, label): 0.1 is somewhat different, 0.25 is different.",
        columns=COLUMNS,
        rows=rows,
    )
    return Section(name="drift", title="Drift", grids=(grid,), notes=(*none, *_notes(drifts)))


def _row(question: str, week: Week) -> Row:
    found = {shift.what: shift for shift in week.shifts}
    values: Iterator[Cell] = (found[what].psi if what in found else None for what in LOOKED_AT)
    chance = max((shift.chance for shift in week.shifts), default=None)
    moved = "; ".join(f"{shift.what}: {shift.because}" for shift in week.shifts if shift.because)
    told = f"{week.judgement}: {moved}" if moved else week.judgement
    cells = (question, f"{week.week:%d %b}", week.n, *values, chance, told)
    return Row(cells=cells, n=week.n, tickets=listed(week.tickets))


def _notes(drifts: Iterable[Drift]) -> tuple[str, ...]:
    compared = dict.fromkeys(f"{drift.question} with {drift.reference} (n = {drift.reference_n})" for drift in drifts)
    if not compared:
        return ()
    return (
        (
            "By chance: what 499 of 500 steady weeks of this size stay below (the largest of the five); an index below that means "
            f"nothing. Weeks are those of UTC. Compared are: {'; '.join(compared)}."
        ),
    )
