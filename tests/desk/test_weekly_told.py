"""The weekly summary is written once a week to each lead: whoever looks, however often, and whatever ends them."""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from maild.daemon.weekly import WeeklyWatch
from maild.desk.learning.analysing import read_past
from maild.desk.telling.once import id_once, name_once
from maild.history.forgetting import Wish, forget
from maild.knowledge.analysis.history import Period
from maild.knowledge.weekly.fact import Fact
from maild.knowledge.weekly.line import tell_week
from maild.process.people.team import Person
from maild.process.rules import Rules
from maild.process.ticket import Role
from maild.process.weekly import Weekly
from maild.store.engine import Store
from tests.support.desks import Desk
from tests.support.forking import Forks
from tests.support.making import a_desk, a_mail, a_policy, a_team, some_rules
from tests.support.outboxes import wait_until

DUE = datetime(2026, 11, 30, 7, tzinfo=UTC)
"""Monday at eight in Berlin, a week after the desk's first ticket."""

LONG = f"{'very-' * 12}long@{'sub.' * 50}acme.example"
LEADS = (
    Person(name="Lena Lead", addresses=("Lena@acme.example",), role=Role.LEAD),
    Person(name="Leo Lead", addresses=(LONG,), role=Role.LEAD),
)
SEED = 2026


class PowerCut(Exception):
    """The process ends here."""


def rules(**weekly: object) -> Rules:
    policy = a_policy(weekly=Weekly(**weekly))  # type: ignore[arg-type]
    return some_rules(team=a_team(people=LEADS), desk=a_desk(time_zone="Europe/Berlin"), policy=policy)


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store, rules())


def watch(desk: Desk, *, now: datetime = DUE, **weekly: object) -> WeeklyWatch:
    mine = rules(**weekly)
    return WeeklyWatch(store=desk.store, rules=mine, voice=desk.voice, clock=lambda: now, analyse=analysing(desk))


def analysing(desk: Desk) -> Callable[[Period], list[Fact]]:
    """In this process."""
    return lambda period: tell_week(read_past(desk.store, desk.rules, period))


def told(desk: Desk) -> list[str]:
    rows = desk.rows("SELECT recipient, subject FROM outbox WHERE kind = 'weekly' ORDER BY id")
    return [f"{row.recipient} {row.subject.partition(', ')[2]}" for row in rows]


def test_each_lead_is_told_once_when_the_hour_has_come(desk: Desk) -> None:
    desk.arrive(a_mail())
    early, same = watch(desk, now=DUE - timedelta(seconds=1)), watch(desk)
    assert early.look() == 0
    assert same.look() == 2
    assert [same.look(), watch(desk).look(), watch(desk, now=DUE + timedelta(days=6)).look()] == [0, 0, 0]
    days = "23 November to 29 November 2026"
    assert told(desk) == [f"Lena@acme.example {days}", f"{LONG} {days}"]
    assert "New issues: 1 (the week before: 0)" in desk.newest("weekly", LONG).as_string()


def test_after_weeks_in_which_nobody_looked_there_is_one_summary_of_the_newest(desk: Desk) -> None:
    desk.arrive(a_mail())
    assert watch(desk, now=DUE + timedelta(days=23)).look() == 2
    assert {each.partition(" ")[2] for each in told(desk)} == {"14 December to 20 December 2026"}
    assert "New issues: 0" in desk.newest("weekly", LONG).as_string()


def test_a_desk_that_had_no_ticket_yet_is_told_nothing(desk: Desk) -> None:
    assert watch(desk).look() == 0
    desk.arrive(a_mail(), now=DUE - timedelta(hours=2))  # on the Monday itself: the days of the summary are over
    assert watch(desk).look() == 0
    assert watch(desk, now=DUE + timedelta(days=7)).look() == 2


def test_where_it_is_off_nobody_is_told(desk: Desk) -> None:
    desk.arrive(a_mail())
    assert watch(desk, send=False).look() == 0
    assert told(desk) == []


def test_another_day_or_hour_in_the_configuration_brings_no_second_one_in_the_same_week(desk: Desk) -> None:
    desk.arrive(a_mail())
    assert watch(desk).look() == 2
    friday = DUE + timedelta(days=4, hours=3)
    assert watch(desk, now=friday, day=4, hour=9).look() == 0
    assert watch(desk, now=friday + timedelta(days=7), day=4, hour=9).look() == 2


def test_the_name_of_what_goes_once_fits_whatever_the_address() -> None:
    assert name_once("weekly 2026-W48", "Lena@Acme.example") == "weekly 2026-W48 lena@acme.example"
    names = {name_once("weekly 2026-W48", f"{number}{LONG}") for number in range(9)}
    assert len(names) == 9
    assert max(map(len, names)) <= 200
    assert id_once("weekly 2026-W48", ".odd..one@x", "acme.example").count("@") == 1
    assert ".." not in id_once("weekly 2026-W48", ".odd..one@x", "acme.example")


@contextmanager
def cut_after(desk: Desk, statements: int) -> Iterator[None]:
    """Cut the power before the statement that comes after so many."""
    done = 0

    def cut(*_: object) -> None:
        nonlocal done
        done += 1
        if done > statements:
            raise PowerCut

    engine = desk.store._engine
    event.listen(engine, "before_cursor_execute", cut)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", cut)


def is_cut(desk: Desk, statements: int) -> bool:
    try:
        with cut_after(desk, statements):
            watch(desk).look()
    except PowerCut:
        return True
    return False


def test_whatever_ends_it_in_its_middle_all_leads_are_told_once_or_none_is(desk: Desk) -> None:
    desk.arrive(a_mail())
    before, after = desk.written(), 0
    while is_cut(desk, after):
        assert desk.written() == before
        after += 1
    assert after > 12
    assert Counter(desk.written()) - Counter(before) == {("weekly", "Lena@acme.example"): 1, ("weekly", LONG): 1}
    assert watch(desk).look() == 0


def test_who_is_forgotten_is_quoted_in_no_copy_of_a_summary_and_none_is_written_again(desk: Desk) -> None:
    for number in range(3):
        desk.arrive(a_mail(message_id=f"<{number}@client.example>", fingerprint=f"{number:064}"))
    assert watch(desk).look() == 2
    assert "VPN is down" in desk.newest("weekly", LONG).as_string()
    forget(desk.store, Wish(address="bea@client.example", said_by="Ada", because=None, ours=frozenset()), now=DUE)
    rows = desk.rows("SELECT new_text, once, state FROM outbox WHERE kind = 'weekly'")
    assert [(row.new_text, row.once.partition(" ")[0], row.state) for row in rows] == [("", "weekly", "dropped")] * 2
    assert "VPN" not in desk.newest("weekly", LONG).as_string()
    assert watch(desk).look() == 0


def test_processes_that_look_at_once_and_are_killed_write_one_to_each_lead(desk: Desk, database_url: str) -> None:
    chance = random.Random(SEED)
    desk.arrive(a_mail())
    with Forks("tests.desk.weekly_process") as forks:
        pair = [forks.start(database_url), forks.start(database_url)]
        time.sleep(chance.uniform(0.0, 0.1))  # the moment of death is the point
        for process in pair:
            process.kill()
        forks.start(database_url)
        forks.start(database_url)
        wait_until(lambda: bool(told(desk)))
        time.sleep(0.3)  # both look several times more
    assert Counter(kind for kind, _ in desk.written())["weekly"] == len(LEADS)
