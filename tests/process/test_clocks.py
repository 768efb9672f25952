"""Clocks: what a ticket owes, whatever happens to it in whatever order."""

import random
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from maild.process.calendar import Calendar, Span, working_time_after, working_time_between
from maild.process.clocks.kinds import ANSWERED, EVENTS, OWED, PAUSED, Change, Clock, Moment, Stretch, main_clock
from maild.process.clocks.winding import look_again, next_due, reminders, run_out, wind
from maild.process.policy import Silence
from maild.process.priority import ServiceLevel
from maild.process.rules import Rules
from maild.process.ticket import Event, Status, Ticket
from maild.process.transitions import REMARKS, TRANSITIONS, advance
from tests.support.making import NOON, a_policy, a_ticket, priorities, some_rules

HOUR = timedelta(hours=1)
HEARD = frozenset({Event.TSM_ANSWERED, Event.ANSWERED_DIRECTLY, Event.ASKED, Event.PROGRESS_REPORTED, Event.RESOLVED})
LEVEL = ServiceLevel(first_response=Span(clock=2 * HOUR), resolution=Span(clock=20 * HOUR))


def ordinary(**differences: Any) -> Rules:
    return some_rules(**{"policy": a_policy(remind_before=0.25), **differences})


def with_levels() -> Rules:
    return ordinary(priorities=replace(priorities(), service_levels=dict.fromkeys(range(1, 6), LEVEL)))


class Clocks:
    """The clocks of one ticket, as the store would keep them."""

    def __init__(self, rules: Rules | None = None, status: Status = Status.OPEN) -> None:
        self.rules = rules or with_levels()
        self.now = NOON
        self.past: list[Stretch] = []
        self.ticket = a_ticket(status=status, next_update_due_at=None)
        self.wind(self.ticket)

    def wind(self, before: Ticket, *, is_heard: bool = False) -> Change:
        moment = Moment(now=self.now, rules=self.rules, is_heard=is_heard, before=before)
        change = wind(self.ticket, self.past, moment)
        self.keep(change)
        self.ticket = replace(self.ticket, next_update_due_at=next_due(self.ticket, self.past, Change()))
        return change

    def keep(self, change: Change) -> None:
        for clock, because in change.stopped.items():
            self.past = [
                replace(each, settled_at=each.settled_at or self.now, because=because)
                if each.clock == clock and (each.settled_at is None or each.because == PAUSED)
                else each
                for each in self.past
            ]
        for clock, due_at in change.started.items():
            self.past.append(Stretch(clock=clock, due_at=due_at, settled_at=None, because=None))

    def happens(self, event: Event, *, after: timedelta = HOUR) -> Change:
        self.now += after
        before = self.ticket
        self.ticket = replace(before, status=advance(before.status, event))
        return self.wind(before, is_heard=event in HEARD)

    def runs_out(self, clock: Clock) -> Event | None:
        """Time passes until this clock runs out."""
        self.now = max(self.now, self.running()[clock])
        moment = Moment(now=self.now, rules=self.rules)
        event = run_out(clock, self.ticket, self.past, moment)
        self.past = [
            replace(each, settled_at=self.now, because=event)
            if each.clock == clock and each.settled_at is None
            else each
            for each in self.past
        ]
        before = self.ticket
        if event is not None:
            self.ticket = replace(before, status=advance(before.status, event))
        self.keep(look_again(clock, self.ticket, self.past, moment))
        self.wind(before)
        return event

    def running(self) -> dict[Clock, datetime]:
        live = [each for each in self.past if each.settled_at is None]
        assert len({each.clock for each in live}) == len(live), "a clock runs twice"
        return {Clock(each.clock): each.due_at for each in live}

    def left(self, clock: Clock) -> timedelta:
        return working_time_between(self.now, self.running()[clock], self.rules.priorities.calendar)


@pytest.mark.parametrize("seed", range(60))
def test_a_ticket_owes_what_its_status_asks_for_whatever_has_happened(seed: int) -> None:
    chance = random.Random(seed)
    clocks = Clocks(status=chance.choice([status for status in Status if status is not Status.CLOSED]))
    for _ in range(40):
        possible = sorted({event for before, event in TRANSITIONS if before is clocks.ticket.status} | set(REMARKS))
        if clocks.running() and chance.random() < 0.4:
            clocks.runs_out(chance.choice(sorted(clocks.running())))
        else:
            clocks.happens(chance.choice(possible), after=timedelta(hours=chance.choice([0, 1, 30])))
        running, main = clocks.running(), main_clock(clocks.ticket.status)
        assert (main in running) if main else not running
        assert not set(running) - {*OWED[clocks.ticket.status], Clock.UPDATE_REMINDER, Clock.ESCALATION}
        assert (clocks.ticket.next_update_due_at is None) == (clocks.ticket.status is Status.CLOSED)


def test_every_clock_has_an_event_for_when_it_runs_out() -> None:
    assert set(EVENTS) | {Clock.ESCALATION} == set(Clock)


def test_an_answer_renews_the_next_update_and_its_reminder() -> None:
    clocks = Clocks()
    before = clocks.running()
    clocks.happens(Event.TSM_ANSWERED)
    after = clocks.running()
    assert after[Clock.NEXT_UPDATE] > before[Clock.NEXT_UPDATE]
    assert after[Clock.UPDATE_REMINDER] > before[Clock.UPDATE_REMINDER]


def test_what_the_client_does_not_hear_renews_nothing() -> None:
    clocks = Clocks()
    before = clocks.running()[Clock.NEXT_UPDATE]
    for event in (Event.NOTED, Event.ESCALATED, Event.CLIENT_REPLIED, Event.DEESCALATED):
        clocks.happens(event)
    assert clocks.running()[Clock.NEXT_UPDATE] == before


def test_the_tsm_is_reminded_a_quarter_of_the_time_before_an_update_is_due() -> None:
    clocks = Clocks()
    whole, reminder = clocks.left(Clock.NEXT_UPDATE), clocks.left(Clock.UPDATE_REMINDER)
    assert reminder == 0.75 * whole


def test_there_is_no_reminder_where_there_is_no_time_for_one() -> None:
    hasty = replace(priorities(), next_update=dict.fromkeys(range(1, 6), Span(clock=timedelta(minutes=15))))
    assert set(Clocks(ordinary(priorities=hasty)).running()) == {Clock.NEXT_UPDATE}


def test_an_overdue_update_is_a_broken_promise_until_the_client_hears_from_us() -> None:
    clocks = Clocks()
    promised = clocks.running()[Clock.NEXT_UPDATE]
    assert clocks.runs_out(Clock.UPDATE_REMINDER) is Event.UPDATE_DUE_SOON
    assert [clocks.runs_out(Clock.NEXT_UPDATE) for _ in range(3)] == [Event.UPDATE_OVERDUE] * 3
    assert clocks.ticket.next_update_due_at == promised
    clocks.happens(Event.TSM_ANSWERED)
    assert clocks.ticket.next_update_due_at == clocks.running()[Clock.NEXT_UPDATE] > clocks.now


def test_nobody_is_reminded_of_an_update_that_is_overdue_already() -> None:
    clocks = Clocks()
    clocks.now = clocks.running()[Clock.NEXT_UPDATE]
    assert clocks.runs_out(Clock.UPDATE_REMINDER) is None


def test_a_waiting_client_is_reminded_and_then_the_tsm_is_told() -> None:
    clocks = Clocks()
    clocks.happens(Event.ASKED)
    heard = [clocks.runs_out(Clock.CLIENT_REMINDER) for _ in range(4)]
    assert heard == [Event.CLIENT_REMINDED, Event.CLIENT_REMINDED, Event.CLIENT_SILENT, Event.CLIENT_SILENT]


def test_the_reminders_begin_anew_once_the_client_has_been_written_to_again() -> None:
    clocks = Clocks()
    clocks.happens(Event.ASKED)
    clocks.runs_out(Clock.CLIENT_REMINDER)
    clocks.happens(Event.TSM_ANSWERED)
    assert reminders(clocks.past) == 0
    assert clocks.runs_out(Clock.CLIENT_REMINDER) is Event.CLIENT_REMINDED


def test_a_client_who_does_not_tell_more_is_asked_once_and_then_helped_all_the_same() -> None:
    clocks = Clocks(status=Status.GATHERING)
    assert clocks.runs_out(Clock.CLIENT_REMINDER) is Event.CLIENT_REMINDED
    assert clocks.runs_out(Clock.CLIENT_REMINDER) is Event.GATHERING_ENDED
    assert clocks.ticket.status is Status.OPEN
    assert Clock.NEXT_UPDATE in clocks.running()


def test_a_desk_may_never_remind_clients() -> None:
    silences = {status: Silence(reminders=0) for status in (Status.GATHERING, Status.WAITING, Status.RESOLVED)}
    clocks = Clocks(ordinary(policy=a_policy(silences=silences)))
    clocks.happens(Event.ASKED)
    assert clocks.runs_out(Clock.CLIENT_REMINDER) is Event.CLIENT_SILENT


def test_a_service_level_stands_still_while_the_client_is_asked() -> None:
    clocks = Clocks()
    clocks.happens(Event.ASKED, after=2 * HOUR)
    assert Clock.RESOLUTION not in clocks.running()
    clocks.happens(Event.CLIENT_REPLIED, after=timedelta(days=7))
    assert clocks.left(Clock.RESOLUTION) == 18 * HOUR


def test_only_a_person_gives_the_first_response_and_only_once() -> None:
    clocks = Clocks()
    clocks.happens(Event.CLIENT_REPLIED)
    assert Clock.FIRST_RESPONSE in clocks.running()
    assert clocks.happens(Event.TSM_ANSWERED).stopped[Clock.FIRST_RESPONSE] == ANSWERED
    for event in (Event.ASKED, Event.CLIENT_REPLIED, Event.CLOSED, Event.REOPENED):
        clocks.happens(event)
    assert Clock.FIRST_RESPONSE not in clocks.running()


def test_an_answer_while_the_clock_of_the_first_response_stands_still_is_the_first_response() -> None:
    clocks = Clocks()
    clocks.ticket = replace(clocks.ticket, status=Status.GATHERING)
    clocks.wind(clocks.ticket)
    clocks.happens(Event.TSM_ANSWERED)
    clocks.happens(Event.NOTED)
    assert clocks.ticket.status is Status.OPEN
    assert Clock.FIRST_RESPONSE not in clocks.running()


def test_a_reopened_ticket_has_the_time_that_was_left() -> None:
    clocks = Clocks()
    clocks.happens(Event.CLOSED, after=3 * HOUR)
    assert clocks.running() == {}
    clocks.happens(Event.REOPENED, after=timedelta(days=30))
    assert clocks.left(Clock.RESOLUTION) == 17 * HOUR


def test_a_breached_service_level_is_breached_once() -> None:
    clocks = Clocks()
    assert clocks.runs_out(Clock.RESOLUTION) is Event.SERVICE_LEVEL_BREACHED
    for event in (Event.ASKED, Event.CLIENT_REPLIED, Event.CLOSED, Event.REOPENED):
        clocks.happens(event)
    assert Clock.RESOLUTION not in clocks.running()


def test_a_higher_priority_hastens_what_is_owed_and_a_lower_one_keeps_what_was_promised() -> None:
    clocks = Clocks()
    promised = clocks.running()[Clock.NEXT_UPDATE]
    before = clocks.ticket
    clocks.ticket = replace(before, priority=1)
    clocks.wind(before)
    sooner = clocks.running()[Clock.NEXT_UPDATE]
    assert sooner == working_time_after(NOON, Span(clock=HOUR), clocks.rules.priorities.calendar) < promised
    before = clocks.ticket
    clocks.ticket = replace(before, priority=5)
    clocks.wind(before)
    assert clocks.running()[Clock.NEXT_UPDATE] == sooner


def test_a_new_priority_counts_from_the_beginning_of_the_ticket() -> None:
    levels = {3: LEVEL, 1: ServiceLevel(resolution=Span(clock=8 * HOUR))}
    clocks = Clocks(ordinary(priorities=replace(priorities(), service_levels=levels)))
    clocks.now += 3 * HOUR
    before = clocks.ticket
    clocks.ticket = replace(before, priority=1)
    clocks.wind(before)
    assert clocks.left(Clock.RESOLUTION) == 5 * HOUR


def test_without_service_levels_there_are_no_clocks_of_them() -> None:
    assert set(Clocks(ordinary()).running()) == {Clock.NEXT_UPDATE, Clock.UPDATE_REMINDER}


ALWAYS = dict.fromkeys(range(7), (time(0), time.max))


@pytest.mark.parametrize(
    ("zone", "night", "hours"),
    [
        ("Europe/Berlin", datetime(2026, 3, 28, 23, tzinfo=UTC), 23),
        ("Europe/Berlin", datetime(2026, 10, 24, 22, tzinfo=UTC), 25),
        ("America/New_York", datetime(2026, 3, 8, 5, tzinfo=UTC), 23),
        ("America/New_York", datetime(2026, 11, 1, 4, tzinfo=UTC), 25),
        ("Australia/Lord_Howe", datetime(2026, 4, 4, 13, tzinfo=UTC), 24.5),
        ("Australia/Lord_Howe", datetime(2026, 10, 3, 13, 30, tzinfo=UTC), 23.5),
    ],
)
def test_a_day_has_as_many_hours_as_it_has_where_the_clocks_change(zone: str, night: datetime, hours: float) -> None:
    calendar = Calendar(zone=ZoneInfo(zone), hours=ALWAYS)
    midnight = working_time_after(night, Span(business_days=1), calendar)
    assert midnight - night == timedelta(hours=hours)
    assert abs(working_time_between(night, midnight, calendar) - (midnight - night)) < timedelta(seconds=1)
    for quarter in range(100):
        at = night + quarter * timedelta(minutes=15)
        assert abs(working_time_after(at, Span(clock=2 * HOUR), calendar) - at - 2 * HOUR) < timedelta(seconds=1)


@pytest.mark.parametrize("seed", range(30))
def test_the_time_between_is_the_time_after(seed: int) -> None:
    chance = random.Random(seed)
    calendar = some_rules().priorities.calendar
    start = NOON + timedelta(minutes=chance.randrange(500_000))
    span = timedelta(minutes=chance.randrange(1, 10_000))
    assert working_time_between(start, working_time_after(start, Span(clock=span), calendar), calendar) == span
