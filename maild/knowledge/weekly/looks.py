"""What to look at: what stands out in the last week of a history, and why; the most urgent first. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from math import sqrt

from maild.knowledge.analysis.figure import NO_CATEGORY, Cell, listed
from maild.knowledge.analysis.history import History
from maild.knowledge.analysis.hotspots import tell_hotspots
from maild.knowledge.analysis.promises import TITLES
from maild.knowledge.analysis.recurring import LEAST, Recurring
from maild.knowledge.analysis.trends import tell_trends
from maild.knowledge.weekly.fact import Fact, Part, Value
from maild.process.incident import Standing
from maild.process.ticket import Event

FALLEN = 2.58
"""Standard errors from which a falling share is no chance (1 % two-sided)."""


def tell_looks(history: History, recurring: Sequence[Recurring]) -> list[Fact]:
    """All that stands out."""
    return [
        *_incidents(history),
        *_late(history),
        *_wrong(history),
        *_hotspots(history),
        *_growing(history),
        *_recurring(history, recurring),
        *_models(history),
    ]


def _incidents(history: History) -> Iterator[Fact]:
    for title, standing, tickets in history.incidents:
        if standing == Standing.DECLARED:
            yield _look("incident", {"title": title, "count": len(tickets)}, listed(tickets))


def _late(history: History) -> Iterator[Fact]:
    """The promise that was broken most often."""
    week = history.period.last()
    late = {
        clock: {
            each.ticket
            for each in history.promises
            if each.clock == clock and week.has(each.due_at) and not each.is_kept
        }
        for clock in TITLES
    }
    clock = max(late, key=lambda name: len(late[name]))
    if late[clock]:
        yield _look("late", {"clock": clock, "count": len(late[clock])}, listed(late[clock]))


def _wrong(history: History) -> Iterator[Fact]:
    week = history.period.last()
    wrong = {number for number, at in history.happened.get(Event.CLOSED_WRONGLY, ()) if week.has(at)}
    if wrong:
        yield _look("wrong", {"count": len(wrong)}, listed(wrong))


def _hotspots(history: History) -> Iterator[Fact]:
    names = ("category", "client", "product", "week", "count", "expected", "chance")
    for row in tell_hotspots(history).grids[0].rows:
        values: dict[str, Value] = dict(zip(names, row.cells, strict=True))
        if values.pop("week") == history.period.weeks[-1]:
            yield _look("hotspot", {**values, "category": _named(row.cells[0]), "product": _known(values)}, row.tickets)


def _named(category: Cell) -> str:
    """Without what the report says of tickets that have none."""
    return "" if category == NO_CATEGORY else str(category)


def _known(values: Mapping[str, Value]) -> Value:
    return "" if values["product"] == "-" else values["product"]


def _growing(history: History) -> Iterator[Fact]:
    for row in tell_trends(history).grids[0].rows:
        category, count, share, word, chance = row.cells
        if word == "growing":
            values: dict[str, Value] = {
                "category": _named(category),
                "count": count,
                "count_share": share,
                "chance": chance,
            }
            yield _look("growing", values, row.tickets)


def _recurring(history: History, recurring: Sequence[Recurring]) -> Iterator[Fact]:
    """What came several times this week, dearest first."""
    week = history.period.last()
    opened = {each.facts.number for each in history.courses if week.has(each.facts.opened_at)}
    for each in recurring:
        fresh = opened.intersection(each.numbers)
        if len(fresh) >= LEAST:
            values: dict[str, Value] = {"name": each.name, "count": len(fresh), "whole": len(each.numbers)}
            yield _look("recurring", {**values, "cost_hours": each.hours}, listed(fresh))


def _models(history: History) -> Iterator[Fact]:
    """A model that decides less than before, beyond chance (two shares, normal approximation)."""
    last, before = history.period.weeks[-1], history.period.weeks[-2:-1]
    for question, weeks in sorted(history.verdicts.items()):
        (n, decided), (n_before, decided_before) = weeks.get(last, (0, 0)), weeks.get("".join(before), (0, 0))
        if n and n_before and _fall(decided, n, decided_before, n_before) > FALLEN:
            values: dict[str, Value] = {"question": question, "decided_share": decided / n, "count": n}
            yield _look("model", {**values, "before_share": decided_before / n_before}, ())


def _fall(hits: int, n: int, hits_before: int, n_before: int) -> float:
    whole = (hits + hits_before) / (n + n_before)
    spread = sqrt(whole * (1 - whole) * (1 / n + 1 / n_before))
    return (hits_before / n_before - hits / n) / spread if spread else 0.0


def _look(kind: str, values: dict[str, Value], tickets: Sequence[int]) -> Fact:
    count = values.get("count")
    return Fact(
        part=Part.LOOK, kind=kind, values=values, n=count if isinstance(count, int) else 0, tickets=tuple(tickets)
    )
