"""The facts of a week, counted again from raw rows; what stands out; and never more than ten."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from maild.knowledge.analysis.history import DeskFacts, History, Issue, Period
from maild.knowledge.weekly.changes import compare, tell_changes
from maild.knowledge.weekly.fact import Fact, Part
from maild.knowledge.weekly.line import chosen, tell_week
from maild.knowledge.weekly.looks import tell_looks
from maild.process.incident import Standing
from maild.store.engine import Store
from maild.store.view.history import read_history
from tests.support.report_history import SINCE, UNTIL, Naive, write_history

PERIOD = Period(since=SINCE, until=UNTIL, zone=ZoneInfo("UTC"))
LAST, BEFORE = UNTIL - timedelta(days=7), UNTIL - timedelta(days=14)
READ: dict[str, tuple[History, Naive]] = {}


@pytest.fixture
def both(request: pytest.FixtureRequest, database_url: str) -> tuple[History, Naive]:
    """The history as maild and as simpler code reads it: what every test reads and none changes, once of each kind of database."""
    kind = database_url.partition(":")[0]
    if kind not in READ:
        READ[kind] = read_both(request.getfixturevalue("store"))
    return READ[kind]


@pytest.fixture
def history(both: tuple[History, Naive]) -> History:
    return both[0]


def read_both(store: Store) -> tuple[History, Naive]:
    write_history(store, number=480)
    with store.read() as connection:
        return read_history(connection, PERIOD, DeskFacts()), Naive(store)


def kinds(facts: Iterable[Fact]) -> dict[str, Fact]:
    return {fact.kind: fact for fact in facts}


def test_every_number_of_the_week_and_of_the_one_before_is_that_of_the_raw_rows(both: tuple[History, Naive]) -> None:
    history, naive = both
    told = kinds(tell_changes(history))

    def inside(times: Iterable[tuple[int, datetime | None]], since: datetime) -> set[int]:
        return {number for number, time in times if time and since <= time < since + timedelta(days=7)}

    real = [number for number in naive.events if number not in naive.all_spam()]
    came = [(number, naive.tickets[number].opened_at) for number in real]
    went = [(number, naive.solved_at(number)) for number in real]
    moves = [(number, row, before, after) for number in real for row, before, after in naive.states(number)]
    closed = [(number, row.at) for number, row, before, after in moves if before != "closed" == after]
    wrong = [(row.ticket_id, row.at) for rows in naive.events.values() for row in rows if row.event == "closed_wrongly"]
    for kind, name, times in (
        ("flow", "opened", came),
        ("flow", "solved", went),
        ("closed", "closed", closed),
        ("closed", "wrong", wrong),
    ):
        values = told[kind].values
        assert (values[name], values[f"{name}_before"]) == (len(inside(times, LAST)), len(inside(times, BEFORE)))
    assert told["flow"].n == len(inside(came, LAST)) > 5
    assert set(told["flow"].tickets) == inside(came, LAST)
    for name, since in (("median_hours", LAST), ("before_hours", BEFORE)):
        answers = {number: naive.answered_at(number) for number in inside(came, since)}
        assert told["first_answer"].values[name] == pytest.approx(naive.quantile(answers, 0.5))
    for clock, good, bad in (("first_response", "answered", "service_level_breached"),):
        for suffix, since in (("share", LAST), ("before_share", BEFORE)):
            due = [
                r.because for r in naive.deadlines if r.kind == clock and since <= r.due_at < since + timedelta(days=7)
            ]
            assert told["kept"].values[f"{clock}_{suffix}"] == due.count(good) / (due.count(good) + due.count(bad))


def test_the_backlog_of_a_week_ago_is_what_was_open_then(both: tuple[History, Naive]) -> None:
    history, naive = both
    told = kinds(tell_changes(history))["backlog"]
    for name, moment in (("live", UNTIL), ("live_before", LAST)):
        standing = {}
        for number in naive.events:
            for row, _, after in naive.states(number):
                if row.at < moment:
                    standing[number] = "closed" if row.event == "marked_spam" else after
        assert told.values[name] == len([after for after in standing.values() if after != "closed"]) > 50
    oldest = min(naive.live(), key=lambda number: naive.tickets[number].opened_at)
    assert (told.values["ticket"], told.tickets[0]) == (oldest, oldest)
    assert told.values["oldest_hours"] == (UNTIL - naive.tickets[oldest].opened_at) / timedelta(hours=1)


def test_two_counts_differ_only_where_chance_does_not_part_them_so_far() -> None:
    assert [compare(*counts) for counts in ((0, 0), (6, 4), (40, 60), (60, 30), (30, 60))] == [
        "",
        "",
        "",
        "more",
        "fewer",
    ]


def test_each_thing_that_stands_out_is_told_with_its_tickets(history: History) -> None:
    newest = [each for each in history.courses if each.facts.opened_at >= LAST][:4]
    numbers = [each.facts.number for each in newest]
    issues = [Issue(number=n, subject="Scanner jams", text="The scanner jams at the second page") for n in numbers]
    weeks = PERIOD.weeks
    telling = replace(
        history,
        issues=issues,
        incidents=(("VPN", Standing.DECLARED, (3, 4)), ("Mail", Standing.RESOLVED, (5,))),
        verdicts={"category": {weeks[-2]: (100, 80), weeks[-1]: (100, 50)}, "impact": {weeks[-1]: (9, 1)}},
    )
    told = {fact.kind: fact for fact in tell_week(telling)}
    assert told["incident"].values == {"title": "VPN", "count": 2}
    assert told["late"].values["clock"] in {"next_update", "first_response"}
    assert told["late"].n == len(set(told["late"].tickets)) > 0
    assert set(told["recurring"].tickets) == set(numbers)
    assert (told["recurring"].values["name"], told["recurring"].values["count"]) == ("Scanner jams", 4)
    assert (told["model"].values["decided_share"], told["model"].values["before_share"]) == (0.5, 0.8)
    assert "wrong" in told


def test_a_crowd_of_one_client_and_a_growing_category_stand_out(history: History) -> None:
    courses = list(history.courses)
    fresh = [each for each in courses if each.facts.opened_at >= LAST]
    crowd = [
        replace(each, facts=replace(each.facts, category="scanner", domain="crowd.example", number=10_000 + place))
        for place, each in enumerate(fresh * 3)
    ]
    told = kinds(tell_looks(replace(history, courses=[*courses, *crowd]), []))
    assert told["hotspot"].values["client"] == "crowd.example"
    assert told["hotspot"].n == len(crowd) == len(told["hotspot"].tickets)
    assert (told["growing"].values["category"], told["growing"].n) == ("scanner", len(crowd))


def a_fact(kind: str, part: Part) -> Fact:
    return Fact(part=part, kind=kind, values={}, n=1)


def test_a_summary_has_ten_lines_at_most_and_always_room_for_what_to_do() -> None:
    changed, looks, to_do = ([a_fact(f"{part}{n}", part) for n in range(9)] for part in Part)
    told = chosen(changed[:5], looks, to_do)
    assert [fact.kind for fact in told] == [
        *(f"changed{n}" for n in range(5)),
        *(f"look{n}" for n in range(3)),
        *("do0", "do1"),
    ]
    assert len(chosen(changed[:5], looks[:1], to_do)) == 10
    assert len(chosen(changed[:5], looks, [])) == 10


def test_a_desk_without_a_ticket_has_a_summary_all_the_same(store: Store) -> None:
    with store.read() as connection:
        told: dict[str, Any] = kinds(tell_week(read_history(connection, PERIOD, DeskFacts())))
    assert set(told) == {"flow", "backlog"}
    assert told["backlog"].values["ticket"] is None
