"""Promises: service levels and updates, kept or not. Pure."""

from collections.abc import Iterator, Mapping, Sequence

from maild.knowledge.analysis.course import Facts
from maild.knowledge.analysis.figure import Chart, Grid, Row, Section, Shape, Unit, a_share, listed
from maild.knowledge.analysis.history import History, Kept
from maild.process.clocks.kinds import ANSWERED, CLOSED, OVER, PAUSED, RENEWED, SERVICE_LEVELS, Clock, Stretch
from maild.process.ticket import Event

TITLES = {
    Clock.FIRST_RESPONSE.value: ("First response in time", "Service level: a person wrote to the client in time."),
    Clock.RESOLUTION.value: ("Solved in time", "Service level: the ticket was solved in time."),
    Clock.NEXT_UPDATE.value: ("Updates in time", "The client heard from us by the time that we had named."),
    Clock.HAND_OFF_RECEIPT.value: (
        "Hand-offs answered in time",
        "The other team took the ticket, or gave it back, in time.",
    ),
}


def tell_promises(history: History) -> Section:
    """Each clock by itself: what fell due in the period."""
    found = [(clock, [each for each in history.promises if each.clock == clock]) for clock in TITLES]
    figures = tuple(
        a_share(
            f"kept_{clock}",
            TITLES[clock][0],
            f"{TITLES[clock][1]} The tickets are those where it was not.",
            hits=sum(each.is_kept for each in promises),
            n=len(promises),
            tickets=[each.ticket for each in promises if not each.is_kept],
        )
        for clock, promises in found
    )
    told = [(clock, promises) for clock, promises in found if promises]
    return Section(
        name="promises",
        title="Service levels and updates kept",
        figures=figures,
        charts=(_by_week(history, told),) if told else (),
        grids=(_by_priority(history.promises),),
        notes=(
            "What stopped before its time because the desk was not asked for it any more is neither kept nor broken.",
        ),
    )


def _by_week(history: History, told: Sequence[tuple[str, Sequence[Kept]]]) -> Chart:
    period = history.period
    series = {}
    for clock, promises in told:
        weeks: list[list[bool]] = [[] for _ in range(len(period))]
        for each in promises:
            weeks[period.week(each.due_at)].append(each.is_kept)
        series[TITLES[clock][0].lower()] = tuple(sum(week) / len(week) if week else float("nan") for week in weeks)
    return Chart(
        name="kept",
        title="Kept, by week",
        means="Share of what fell due in each week that was kept.",
        shape=Shape.LINES,
        across=period.weeks,
        series=series,
        unit=Unit.SHARE,
        axis="week from",
    )


def _by_priority(promises: Sequence[Kept]) -> Grid:
    rows = []
    for clock, priority in sorted({(each.clock, each.priority or 0) for each in promises}):
        these = [each for each in promises if each.clock == clock and (each.priority or 0) == priority]
        late = [each.ticket for each in these if not each.is_kept]
        cells = (TITLES[clock][0], f"P{priority}" if priority else "none", len(these), 1 - len(late) / len(these))
        rows.append(Row(cells=cells, n=len(these), tickets=listed(late)))
    return Grid(
        name="kept_by_priority",
        title="By priority",
        means="The tickets are those where it was not kept.",
        columns=(("promise", Unit.WORDS), ("priority", Unit.WORDS), ("fell due", Unit.COUNT), ("kept", Unit.SHARE)),
        rows=tuple(rows),
    )


_RECURRING = (Clock.NEXT_UPDATE, Clock.HAND_OFF_RECEIPT)
"""Begun anew whenever they end, and not one for each ticket."""

_BROKEN: Mapping[str, Event] = {
    Clock.FIRST_RESPONSE: Event.SERVICE_LEVEL_BREACHED,
    Clock.RESOLUTION: Event.SERVICE_LEVEL_BREACHED,
    Clock.NEXT_UPDATE: Event.UPDATE_OVERDUE,
    Clock.HAND_OFF_RECEIPT: Event.HAND_OFF_UNCLAIMED,
}
_KEPT: Mapping[str, frozenset[str]] = {
    Clock.FIRST_RESPONSE: frozenset({ANSWERED, RENEWED, PAUSED}),
    Clock.RESOLUTION: frozenset({PAUSED, CLOSED, ANSWERED}),
    Clock.NEXT_UPDATE: frozenset({RENEWED, ANSWERED, PAUSED, OVER}),
    Clock.HAND_OFF_RECEIPT: frozenset({CLOSED, ANSWERED, PAUSED, OVER}),
}


def judge_promises(facts: Facts, stretches: Sequence[Stretch], *, is_solved: bool) -> list[Kept]:
    """What became of a ticket's clocks, in their order."""
    updates = ((clock, stretch) for clock in _RECURRING for stretch in _once_broken(clock, stretches))
    levels = ((clock, _of_level(clock, stretches, is_solved=is_solved)) for clock in SERVICE_LEVELS)
    return [
        _promise(facts, stretch, is_kept=stretch.because != _BROKEN[clock])
        for clock, stretch in (*updates, *levels)
        if stretch is not None
    ]


def _once_broken(clock: Clock, stretches: Sequence[Stretch]) -> Iterator[Stretch]:
    """What ran out again and again before the client heard from us is one broken promise."""
    was_broken = False
    for stretch in (each for each in stretches if each.clock == clock):
        is_broken = stretch.because == _BROKEN[clock]
        if not was_broken and (is_broken or stretch.because in _KEPT[clock]):
            yield stretch
        was_broken = is_broken


def _of_level(clock: Clock, stretches: Sequence[Stretch], *, is_solved: bool) -> Stretch | None:
    """A service level is one for each ticket: broken if it ever ran out; that of the solution is kept once it is solved."""
    these = [each for each in stretches if each.clock == clock]
    broken = next((each for each in these if each.because == _BROKEN[clock]), None)
    is_over = bool(these) and these[-1].because in _KEPT[clock] and (is_solved or clock is Clock.FIRST_RESPONSE)
    return broken or (these[-1] if is_over else None)


def _promise(facts: Facts, stretch: Stretch, *, is_kept: bool) -> Kept:
    return Kept(
        ticket=facts.number, clock=stretch.clock, due_at=stretch.due_at, is_kept=is_kept, priority=facts.priority
    )
