"""The report's numbers, counted again from raw rows by other, simpler code; on both databases."""

from zoneinfo import ZoneInfo

import pytest

from maild.knowledge.analysis.figure import Figure
from maild.knowledge.analysis.history import DeskFacts, Period
from maild.knowledge.analysis.line import Analysis, analyse
from maild.store.engine import Store
from maild.store.view.history import read_history
from tests.support.report_history import SINCE, UNTIL, Naive, write_history

PERIOD = Period(since=SINCE, until=UNTIL, zone=ZoneInfo("UTC"))


def analysed(store: Store) -> Analysis:
    with store.read() as connection:
        return analyse(read_history(connection, PERIOD, DeskFacts(working_hours=480)))


def figures(told: Analysis) -> dict[str, Figure]:
    return {figure.name: figure for section in told.sections for figure in section.figures}


def grid(told: Analysis, name: str) -> list[tuple[object, ...]]:
    return [row.cells for section in told.sections for grid in section.grids if grid.name == name for row in grid.rows]


def test_every_number_of_the_report_is_that_of_the_raw_rows(store: Store) -> None:
    write_history(store)
    told, naive = analysed(store), Naive(store)
    found = figures(told)
    assert found["opened"].value == len(naive.opened) > 150
    assert found["spam"].value == len(naive.spam) > 0
    assert found["live"].value == len(naive.live()) > 20
    for name, ends in (("first_answer", naive.answered_at), ("resolution", naive.solved_at)):
        when = {number: ends(number) for number in naive.opened}
        assert found[f"{name}_median"].n == len(naive.opened)
        for key, part in (("median", 0.5), ("p90", 0.9)):
            assert found[f"{name}_{key}"].value == pytest.approx(naive.quantile(when, part))
    solved = [number for number in naive.events if (at := naive.solved_at(number)) and at >= SINCE]
    assert found["solved"].value == len([number for number in solved if number not in naive.all_spam()])
    resolved, closed = naive.tickets_with("resolved"), naive.closed()
    for name, back, whole in (("reopened", "resolved", resolved), ("returned", "closed", closed)):
        assert (found[name].n, found[name].value) == (len(whole), len(naive.came_back(back) & whole) / len(whole))
    wrong = naive.tickets_with("closed_wrongly")
    assert found["wrong_closures"].value == len(wrong & closed) / len(closed) > 0
    assert found["escalated"].value == len(naive.tickets_with("escalated") & set(naive.opened)) / found["escalated"].n
    for name, good, bad in (
        ("first_response", "answered", "service_level_breached"),
        ("next_update", "renewed", "update_overdue"),
    ):
        kept, due = naive.kept(name, good, bad)
        assert (found[f"kept_{name}"].n, found[f"kept_{name}"].value) == (due, kept / due)


def test_categories_load_and_weeks_add_up_to_the_same_tickets(store: Store) -> None:
    write_history(store)
    told, naive = analysed(store), Naive(store)
    by_category = {str(cells[0]): cells[1] for cells in grid(told, "trends")}
    counted = [naive.tickets[number].category for number in naive.opened]
    assert by_category == {name: counted.count(name) for name in set(counted)}
    ((name, tickets, live, answers, _),) = [cells for cells in grid(told, "load") if cells[0] == "Ana"]
    assert (name, tickets, live) == ("Ana", len(naive.opened), len(naive.live()))
    (volume,) = [chart for chart in told.sections[0].charts if chart.name == "volume"]
    assert sum(volume.series["opened"]) == len(naive.opened)
    assert answers == 0  # nobody's address is configured: the answers stand under the address itself


def test_a_report_of_an_empty_desk_says_that_there_is_nothing(store: Store) -> None:
    told = analysed(store)
    assert figures(told)["opened"].value == 0
    assert figures(told)["wrong_closures"].value is None
    assert told.proposals == []
