"""Service levels: their clocks start with the desk's work, pause while the client's word is awaited, and go on. Pure."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from maild.process.calendar import Calendar, Span, working_time_after, working_time_between
from maild.process.clocks.kinds import CLOSED, PAUSED, RENEWED, SERVICE_LEVELS, Change, Clock, Moment, Stretch
from maild.process.rules import Rules
from maild.process.ticket import Event, Ticket


def go_on(clock: Clock, ticket: Ticket, past: Sequence[Stretch], moment: Moment) -> datetime | None:
    """When it runs out: a new one from now, one that stood still with what was left; None where it is over."""
    calendar = moment.rules.priorities.calendar
    last = next((stretch for stretch in reversed(past) if stretch.clock == clock), None)
    if last is None:
        span = None if _has_begun(past) else _level(clock, ticket, moment.rules)
        return working_time_after(moment.now, span, calendar) if span else None
    if last.settled_at is None or last.because not in {PAUSED, CLOSED}:
        return None
    left = working_time_between(last.settled_at, last.due_at, calendar)
    return working_time_after(moment.now, Span(clock=left), calendar)


def recount(clock: Clock, before: Ticket, ticket: Ticket, due_at: datetime, moment: Moment) -> datetime:
    """The new priority's time, less the working time that is used up; `due_at` itself where there is no such level."""
    rules, calendar = moment.rules, moment.rules.priorities.calendar
    old, new = _level(clock, before, rules), _level(clock, ticket, rules)
    if old is None or new is None:
        return due_at
    start = ticket.opened_at
    whole_old, whole_new = (
        working_time_between(start, working_time_after(start, span, calendar), calendar) for span in (old, new)
    )
    used = whole_old - working_time_between(moment.now, due_at, calendar)
    return working_time_after(moment.now, Span(clock=max(whole_new - used, timedelta())), calendar)


def _has_begun(past: Sequence[Stretch]) -> bool:
    """Whether the desk worked on the ticket before it had this service level: then it never gets it."""
    return any(stretch.clock == Clock.NEXT_UPDATE for stretch in past)


def _level(clock: Clock, ticket: Ticket, rules: Rules) -> Span | None:
    """What the ticket's client is promised at its priority."""
    level = rules.priorities.service_level(ticket.client, ticket.priority)
    return level.first_response if clock is Clock.FIRST_RESPONSE else level.resolution


def in_words(change: Change, calendar: Calendar) -> Iterator[tuple[Event, str]]:
    """What happens to the service levels of a ticket, for its history: one event for each kind of thing."""
    stopped = {Clock(name): because for name, because in change.stopped.items() if name in SERVICE_LEVELS}
    paused = [_name(clock) for clock, because in stopped.items() if because == PAUSED]
    over = [f"{_name(clock)}: {because}" for clock, because in stopped.items() if because not in {PAUSED, RENEWED}]
    begun = [
        f"{_name(clock)} by {calendar.shown(due_at)}"
        for clock, due_at in change.started.items()
        if clock in SERVICE_LEVELS
    ]
    happened = ((Event.CLOCK_PAUSED, paused), (Event.CLOCK_STOPPED, over), (Event.CLOCK_STARTED, begun))
    return ((event, "; ".join(lines)) for event, lines in happened if lines)


def _name(clock: Clock) -> str:
    return clock.value.replace("_", " ")
