"""The rest of the report's numbers, counted again from raw rows by other, simpler code; and that none is left uncounted."""

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from math import ceil, floor, inf
from typing import Any

import pytest

from maild.classify.drift import Profile
from maild.classify.drift_weeks import Looked, drift_of
from maild.knowledge.analysis.drift import LOOKED_AT, tell_drift
from maild.knowledge.analysis.figure import Chart
from maild.knowledge.analysis.history import DeskFacts
from maild.knowledge.analysis.line import Analysis, analyse
from maild.store.engine import Store
from maild.store.view.history import read_history
from tests.knowledge.report_besides import CROWD, tickets_of, write_besides
from tests.knowledge.test_report_numbers import PERIOD, figures, grid
from tests.support.report_history import ANSWERS, SINCE, UNTIL, Naive, write_history

STEPS = {
    "triage": {"opened", "left_undecided", "triaged", "marked_spam", "merged"},
    "nontechnical": {"handed_off", "hand_off_confirmed", "hand_off_returned"},
    "escalate": {"escalated", "escalation_raised", "deescalated"},
    "communicate": {"tsm_answered", "answered_directly", "progress_reported", "estimated"},
}
"""Activity to its events, where these are of no other."""

ELSEWHERE = {
    *(
        "opened",
        "solved",
        "spam",
        "live",
        "first_answer_median",
        "first_answer_p90",
        "resolution_median",
        "resolution_p90",
    ),
    *("kept_first_response", "kept_next_update", "reopened", "wrong_closures", "returned", "escalated"),
}
"""Figures that tests.knowledge.test_report_numbers counts."""

HERE = {
    *(
        "merged",
        "old",
        "oldest",
        "kept_resolution",
        "kept_hand_off_receipt",
        "hand_offs",
        "hand_offs_returned",
        "reassigned",
    ),
    *(
        "escalated_by_time",
        "articles",
        "suggestions_helped",
        "decided_category",
        "audited_category",
        "labelled_category",
    ),
    "coverage_of_intervals",
}
GRIDS = {
    *(
        "steps",
        "waiting",
        "by_priority",
        "kept_by_priority",
        "recurring",
        "hotspots",
        "incidents",
        "articles",
        "intervals",
    ),
    *("trends", "load"),
}
CHARTS = {"volume", "ages", "survival", "kept", "weekly", "coverage"}
Told = tuple[Analysis, Naive]
FOUR_WEEKS = 4 * 7 * 24
TOLD: dict[str, Told] = {}


@pytest.fixture
def told(request: pytest.FixtureRequest, database_url: str) -> Told:
    """What every test reads and none changes, once of each kind of database."""
    kind = database_url.partition(":")[0]
    if kind not in TOLD:
        TOLD[kind] = analysed(request.getfixturevalue("store"))
    return TOLD[kind]


def analysed(store: Store) -> Told:
    write_history(store, number=600)
    write_besides(store)
    names = {"ben@acme.example": "Ben", "ana@acme.example": "Ana"}
    with store.read() as connection:
        return analyse(read_history(connection, PERIOD, DeskFacts(working_hours=480, names=names))), Naive(store)


def charts(analysis: Analysis) -> dict[str, Chart]:
    return {chart.name: chart for section in analysis.sections for chart in section.charts}


def test_there_is_no_number_that_no_test_counts_again(told: Told) -> None:
    analysis, _ = told
    assert set(figures(analysis)) == ELSEWHERE | HERE
    assert {grid.name for section in analysis.sections for grid in section.grids} == GRIDS
    assert set(charts(analysis)) == CHARTS


def test_mergers_hand_offs_and_escalations(told: Told) -> None:
    analysis, naive = told
    found, happened = figures(analysis), naive.tickets_with
    assert found["merged"].value == len(happened("merged")) == 10
    handed = happened("handed_off")
    assert (found["hand_offs"].value, set(found["hand_offs"].tickets)) == (20, handed)
    assert found["hand_offs_returned"].value == len(happened("hand_off_returned") & handed) / len(handed) == 0.5
    times = Counter(
        row.ticket_id for rows in naive.events.values() for row in rows if row.event == "assigned" and row.at >= SINCE
    )
    assert found["reassigned"].n == len(times)
    assert found["reassigned"].value == sum(n > 1 for n in times.values()) / len(times) > 0
    asked, raised = happened("escalated", "escalation_raised"), happened("escalation_raised")
    assert (found["escalated_by_time"].n, found["escalated_by_time"].value) == (len(asked), len(raised) / len(asked))


def test_what_waits_for_whom_and_for_how_long(told: Told) -> None:
    analysis, naive = told
    found = figures(analysis)
    live = {n: UNTIL - naive.tickets[n].opened_at for n in naive.live()}
    assert found["old"].value == sum(age >= timedelta(days=30) for age in live.values()) > 0
    assert found["oldest"].value == max(live.values()) / timedelta(hours=1)
    assert found["oldest"].tickets == (max(live, key=lambda n: live[n]),)
    statuses = Counter(list(naive.states(n))[-1][2].replace("_", " ") for n in live)
    assert {cells[0]: cells[1] for cells in grid(analysis, "waiting")} == statuses
    limits = [timedelta(days=days) for days in (0, 1, 3, 7, 30, 10_000)]
    ages = [sum(low <= age < high for age in live.values()) for low, high in itertools.pairwise(limits)]
    assert charts(analysis)["ages"].series["not closed"] == tuple(map(float, ages))


def test_promises_of_each_clock_priority_and_week(told: Told) -> None:
    analysis, naive = told
    found, good = figures(analysis), {"closed", "answered", "renewed"}
    for clock in ("resolution", "hand_off_receipt"):
        rows = [row for row in naive.deadlines if row.kind == clock]
        kept = sum(row.because in good for row in rows)
        if clock == "hand_off_receipt":
            kept += sum(row.because == "no longer owed" for row in rows)
        assert (found[f"kept_{clock}"].n, found[f"kept_{clock}"].value) == (len(rows), kept / len(rows))
    due = [
        r for r in naive.deadlines if r.kind == "first_response" and SINCE <= r.due_at < UNTIL and r.settled_at < UNTIL
    ]
    for name, priority, n, share in grid(analysis, "kept_by_priority"):
        if name == "First response in time":
            these = [row for row in due if f"P{naive.tickets[row.ticket_id].priority}" == priority]
            assert (n, share) == (
                len(these),
                pytest.approx(sum(row.because == "answered" for row in these) / len(these)),
            )
    for week, share in enumerate(charts(analysis)["kept"].series["first response in time"]):
        these = [row for row in due if (row.due_at - SINCE).days // 7 == week]
        assert share == pytest.approx(sum(row.because == "answered" for row in these) / len(these))


def test_times_by_priority_and_the_curve(told: Told) -> None:
    analysis, naive = told
    passed_on = set(tickets_of(0)) | set(tickets_of(2))  # another team has them, and merged ones
    opened = [n for n in naive.opened if n not in passed_on]
    for name, count, *times in grid(analysis, "by_priority"):
        these = [n for n in opened if f"P{naive.tickets[n].priority}" == name]
        ends = [{n: end(n) for n in these} for end in (naive.answered_at, naive.solved_at)]
        assert count == len(these)
        assert times == pytest.approx([naive.quantile(each, part) for each in ends for part in (0.5, 0.9)])
    curve = charts(analysis)["survival"].series["first answer"]
    assert (curve[0], list(curve)) == (1.0, sorted(curve, reverse=True))


def test_events_by_step_and_new_and_solved_by_week(told: Told) -> None:
    analysis, naive = told
    inside = [row for rows in naive.events.values() for row in rows if row.at >= SINCE]
    found = {cells[0]: cells[1:] for cells in grid(analysis, "steps")}
    for step, names in STEPS.items():
        these = [row for row in inside if row.event in names]
        assert found[step][:2] == (len(these), len({row.ticket_id for row in these}))
    assert sum(int(str(cells[0])) for cells in found.values()) == len(inside)
    real = [n for n in naive.opened if n not in tickets_of(2)]
    weeks = Counter((naive.tickets[n].opened_at - SINCE).days // 7 for n in real)
    assert charts(analysis)["volume"].series["opened"] == tuple(float(weeks[week]) for week in range(12))
    series = charts(analysis)["weekly"].series
    assert [sum(values) for values in zip(*series.values(), strict=True)] == [weeks[week] for week in range(12)]


def test_what_recurs_and_where_it_is_hot(told: Told) -> None:
    analysis, naive = told
    crowd, (row,) = tickets_of(CROWD), grid(analysis, "recurring")
    assert row[:3] == ("The scanner jams at", "scanning", len(crowd))
    assert row[3] == pytest.approx(sum(hours_with_us(naive, number) for number in crowd))
    ((category, client, product, week, count, expected, _),) = grid(analysis, "hotspots")
    assert (category, client, product, week, count) == ("scanning", "crowd.example", "-", "23 Mar", len(crowd))
    n = len([number for number in naive.opened if number not in tickets_of(2)])
    of_week = sum(
        (naive.tickets[each].opened_at - SINCE).days // 7 == 3 for each in naive.opened if each not in tickets_of(2)
    )
    assert expected == pytest.approx(n * (10 / n) * (10 / n) * 1 * (of_week / n))


def hours_with_us(naive: Naive, number: int) -> float:
    """Time in which the desk or engineering had the next step."""
    rows = [(row.at, after) for row, _, after in naive.states(number)]
    ends = [*(at for at, _ in rows[1:]), UNTIL]
    spent = [end - at for (at, after), end in zip(rows, ends, strict=True) if after in {"new", "open", "escalated"}]
    return sum(spent, timedelta()) / timedelta(hours=1)


def test_incidents_articles_and_what_became_of_suggestions(told: Told) -> None:
    analysis, _ = told
    found = figures(analysis)
    assert grid(analysis, "incidents") == [("Scanners", "declared", 4)]
    assert grid(analysis, "articles") == [("scanner", "scanner", 3), ("vpn", "vpn", 0)]
    assert found["articles"].value == 2
    assert (found["suggestions_helped"].n, found["suggestions_helped"].value) == (4, 0.5)


def test_load_counts_tickets_and_answers_of_each(told: Told) -> None:
    analysis, naive = told
    found = {cells[0]: cells[1:] for cells in grid(analysis, "load")}
    rows = [row for rows in naive.events.values() for row in rows if row.event in ANSWERS and row.at >= SINCE]
    for name in ("Ana", "Ben"):
        answers = sum(row.actor == f"{name.casefold()}@acme.example" for row in rows)
        theirs = [n for n in naive.opened if naive.tickets[n].assignee == name and n not in tickets_of(2)]
        live = [n for n in naive.live() if naive.tickets[n].assignee == name]
        assert found[name] == (len(theirs), len(live), answers, pytest.approx(answers / 60))


def test_what_the_models_decided_and_who_said_that_they_were_wrong(told: Told) -> None:
    analysis, naive = told
    found = figures(analysis)
    decided = [(row.arrived_at, row.verdicts[0]["label"] is not None) for row in naive.mails]
    assert (found["decided_category"].n, found["decided_category"].value) == (60, sum(sure for _, sure in decided) / 60)
    assert (found["audited_category"].n, found["audited_category"].value) == (7, 5 / 7)
    assert (found["labelled_category"].n, found["labelled_category"].value) == (5, 2 / 5)
    weeks: Mapping[int, list[bool]] = defaultdict(list)
    for at, sure in decided:
        weeks[(at - SINCE).days // 7].append(sure)
    (shares,) = charts(analysis)["coverage"].series.values()
    for week, sure_ones in weeks.items():
        assert shares[week] == sum(sure_ones) / len(sure_ones)


def groups(naive: Naive) -> Iterator[tuple[tuple[str, str], list[int]]]:
    left_out = naive.all_spam() | set(tickets_of(0)) | set(tickets_of(2))
    by_group = defaultdict(list)
    for number, ticket in naive.tickets.items():
        if number not in left_out and ticket.opened_at < UNTIL:
            by_group[ticket.category, f"P{ticket.priority}"].append(number)
    for group, numbers in sorted(by_group.items()):
        if len(numbers) >= 40:
            yield group, sorted(numbers, key=lambda number: naive.tickets[number].opened_at)


def told_interval(hours: list[float]) -> tuple[float, float] | None:
    """Of the newest two hundred, without a tenth at either end."""
    ordered = sorted(hours[-200:])
    low, high = floor(round((len(ordered) + 1) * 0.1, 6)), ceil(round((len(ordered) + 1) * 0.9, 6))
    return (ordered[low - 1], ordered[high - 1]) if len(ordered) >= 40 and ordered[high - 1] < FOUR_WEEKS else None


def test_how_long_such_tickets_took_and_how_often_that_has_held(told: Told) -> None:
    analysis, naive = told
    rows, hits, whole = {cells[:2]: cells[2:] for cells in grid(analysis, "intervals")}, 0, 0
    found: dict[Any, Any] = dict(groups(naive))
    assert set(rows) == set(found)
    for group, numbers in found.items():
        at = {n: naive.tickets[n].opened_at for n in numbers}
        ends = {n: naive.solved_at(n) for n in numbers}
        took = {n: min((end - at[n]) / timedelta(hours=1) if (end := ends[n]) else inf, FOUR_WEEKS) for n in numbers}

        def watched(until: datetime, at: Mapping[int, datetime] = at) -> list[int]:
            return [n for n in at if at[n] <= until - timedelta(weeks=4)]

        now = told_interval([took[n] for n in watched(UNTIL)])
        assert rows[group][:4] == (len(numbers), sum(end is None for end in ends.values()), *(now or (None, None)))
        for number in watched(UNTIL):
            if (interval := told_interval([took[n] for n in watched(at[number])])) is not None:
                hits, whole = hits + (interval[0] <= took[number] <= interval[1]), whole + 1
    figure = figures(analysis)["coverage_of_intervals"]
    assert (figure.n, figure.value) == (whole, hits / whole if whole else None)


def test_drift_is_the_index_of_each_week_beside_the_oldest_mails() -> None:
    steady = [Profile(unknown=0.1, length=30, language="en", confidence=0.9, label="network")] * 200
    moved = [Profile(unknown=0.1, length=30, language="de", confidence=0.9, label=None)] * 100
    looked = [
        Looked(at=SINCE + timedelta(hours=place), profile=profile, ticket=place)
        for place, profile in enumerate([*steady, *moved])
    ]
    section = tell_drift([drift_of("category", "digest", looked, None, weeks=12)])
    newest, *_ = section.grids[0].rows
    cells = dict(zip([name for name, _ in section.grids[0].columns], newest.cells, strict=True))
    assert [float(str(cells[what])) > 0.25 for what in LOOKED_AT] == [False, False, True, False, True]
    assert (cells["mails"], len(newest.tickets)) == (newest.n, newest.n)
    assert str(cells["what has moved"]).startswith("different: language: more of de")
    assert "n = 200" in section.notes[-1]
    assert tell_drift([]).grids[0].rows == ()
