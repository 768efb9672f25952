"""Wind: which clocks of a ticket stop and which start, so that it owes what its status asks for. Pure."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta

from maild.process.calendar import Span, working_time_after, working_time_between
from maild.process.clocks.kinds import (
    ALLOWED,
    ANSWERED,
    AWAY,
    CLOSED,
    EVENTS,
    OVER,
    OWED,
    PAUSED,
    RENEWED,
    SERVICE_LEVELS,
    Change,
    Clock,
    Moment,
    Stretch,
    main_clock,
)
from maild.process.clocks.service_levels import go_on, recount
from maild.process.ticket import Event, Status, Ticket

LEAST_NOTICE = timedelta(minutes=15)
"""Of working time, between the TSM's reminder and the update that is due."""

_RENEWABLE = frozenset({Clock.NEXT_UPDATE, Clock.UPDATE_REMINDER, Clock.CLIENT_REMINDER, Clock.HAND_OFF_RECEIPT})
"""What begins anew once the client has heard from us."""


def wind(ticket: Ticket, past: Sequence[Stretch], moment: Moment) -> Change:
    """What stops and what starts. `past`: all runs of the ticket's clocks, oldest first.

    What runs and is still owed goes on undisturbed.
    """
    last = {stretch.clock: stretch for stretch in past}
    running = {name: stretch.due_at for name, stretch in last.items() if stretch.settled_at is None}
    paused = {name for name, stretch in last.items() if stretch.because == PAUSED}
    stopped = _stop(ticket, running.keys(), paused, moment)
    kept = running.keys() - stopped.keys()
    started = {
        clock: due_at
        for clock in OWED[ticket.status]
        if clock not in kept and clock not in stopped.keys() - _RENEWABLE
        if (due_at := _due(clock, ticket, past, moment))
    }
    started |= _hastened(ticket, {clock: running[clock] for clock in OWED[ticket.status] if clock in kept}, moment)
    if notice := _notice(started.get(Clock.NEXT_UPDATE), moment):
        started[Clock.UPDATE_REMINDER] = notice
    stopped |= {clock.value: RENEWED for clock in started if clock in kept}
    return Change(stopped=stopped, started=started)


def next_due(ticket: Ticket, past: Sequence[Stretch], change: Change) -> datetime | None:
    """When the client hears from us: the ticket's main clock; a promise that was not kept stays. None for a closed one."""
    clock = main_clock(ticket.status)
    if clock is None:
        return None
    if clock in change.started:
        return change.started[clock]
    promised, is_repeated = None, False
    for stretch in (each for each in past if each.clock == clock):
        promised = promised if is_repeated else stretch.due_at
        is_repeated = clock is not Clock.CLIENT_REMINDER and stretch.because == EVENTS[clock]
    return promised


def run_out(clock: Clock, ticket: Ticket, past: Sequence[Stretch], moment: Moment) -> Event | None:
    """What happens when the clock runs out; None where something stronger happens for the same reason."""
    if clock is Clock.UPDATE_REMINDER:
        is_late = any(each.clock == Clock.NEXT_UPDATE and _is_over(each, moment.now) for each in past)
        return None if is_late else Event.UPDATE_DUE_SOON
    if clock is not Clock.CLIENT_REMINDER or reminders(past) < moment.rules.policy.silences[ticket.status].reminders:
        return EVENTS[clock]
    ended = {Status.GATHERING: Event.GATHERING_ENDED, Status.RESOLVED: Event.CLOSED_BY_SILENCE}
    return ended.get(ticket.status, Event.CLIENT_SILENT)


def reminders(past: Sequence[Stretch]) -> int:
    """How often the client has been reminded since it became their turn."""
    count = 0
    for stretch in past:
        if stretch.clock == Clock.CLIENT_REMINDER and stretch.settled_at is not None and stretch.because != AWAY:
            count = count + 1 if stretch.because in {Event.CLIENT_REMINDED, Event.CLIENT_SILENT} else 0
    return count


def look_again(clock: Clock, ticket: Ticket, past: Sequence[Stretch], moment: Moment) -> Change:
    """The clock that has just run out runs again where the ticket always owes it, counted from now.

    So a stop of a week brings each thing once. `past` has that run as settled.
    """
    if clock is not main_clock(ticket.status):
        return Change()
    repeat = moment.rules.policy.repeat_overdue
    is_silence = clock is Clock.CLIENT_REMINDER
    return Change(started={clock: _silence(ticket, past, moment) if is_silence else _after(repeat, moment)})


def _is_over(stretch: Stretch, now: datetime) -> bool:
    return stretch.settled_at is None and stretch.due_at <= now


def _stop(ticket: Ticket, running: AbstractSet[str], paused: AbstractSet[str], moment: Moment) -> dict[str, str]:
    """Clock to why it stops; a paused one stops for good where the ticket is closed, or its answer is given."""
    if ticket.status is Status.CLOSED:
        return dict.fromkeys((running | paused) - {Clock.POST_MORTEM}, CLOSED)
    owed = ALLOWED.get(ticket.status, frozenset()).union(OWED[ticket.status])
    stopped: dict[str, str] = {}
    for name in running & {*Clock}:
        if name not in owed:
            stopped[name] = PAUSED if name in SERVICE_LEVELS else OVER
        elif moment.is_heard and name in _RENEWABLE:
            stopped[name] = RENEWED
    if moment.is_heard and Clock.FIRST_RESPONSE in running | paused:
        stopped[Clock.FIRST_RESPONSE] = ANSWERED
    return stopped


def _due(clock: Clock, ticket: Ticket, past: Sequence[Stretch], moment: Moment) -> datetime | None:
    if clock in SERVICE_LEVELS:
        return go_on(clock, ticket, past, moment)
    if clock is Clock.CLIENT_REMINDER:
        # It has just become the client's turn, or they have been written to again: their time begins anew.
        return _silence(ticket, (), moment)
    policy, priorities = moment.rules.policy, moment.rules.priorities
    span = priorities.next_update[ticket.priority or priorities.undecided]
    return _after(policy.hand_off_receipt if clock is Clock.HAND_OFF_RECEIPT else span, moment)


def _silence(ticket: Ticket, past: Sequence[Stretch], moment: Moment) -> datetime:
    """When the client is reminded next, or given up on after the last reminder."""
    silence = moment.rules.policy.silences[ticket.status]
    is_last = reminders(past) >= silence.reminders
    return _after(silence.give_up_after if is_last else silence.remind_after, moment)


def _hastened(ticket: Ticket, running: Mapping[Clock, datetime], moment: Moment) -> dict[Clock, datetime]:
    """A new priority: service levels count by it from the beginning; a promised update comes sooner, never later."""
    before = moment.before
    if before is None or before.priority == ticket.priority:
        return {}
    changed = {}
    for clock, due_at in running.items():
        if clock in SERVICE_LEVELS:
            changed[clock] = recount(clock, before, ticket, due_at, moment)
        elif clock is Clock.NEXT_UPDATE:
            changed[clock] = min(due_at, _due(clock, ticket, (), moment) or due_at)
    return {clock: due_at for clock, due_at in changed.items() if due_at != running[clock]}


def _notice(due_at: datetime | None, moment: Moment) -> datetime | None:
    """When the TSM is reminded of an update: a share of its time before it is due; not where that is too short."""
    share, calendar = moment.rules.policy.remind_before, moment.rules.priorities.calendar
    if due_at is None or not share:
        return None
    whole = working_time_between(moment.now, due_at, calendar)
    notice = max(whole * share, LEAST_NOTICE)
    return working_time_after(moment.now, Span(clock=whole - notice), calendar) if notice < whole else None


def _after(span: Span, moment: Moment) -> datetime:
    return working_time_after(moment.now, span, moment.rules.priorities.calendar)
