"""Service levels: their clocks start with the desk's work, pause while the client's word is awaited, and go on. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from maild.process.calendar import Span, working_time_after, working_time_between
from maild.process.clocks import CLOSED, PAUSED, Clock, Moment, Stretch
from maild.process.rules import Rules
from maild.process.ticket import Ticket


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
    """What the ticket's priority is promised."""
    level = rules.priorities.service_levels.get(ticket.priority or rules.priorities.undecided)
    if level is None:
        return None
    return level.first_response if clock is Clock.FIRST_RESPONSE else level.resolution
