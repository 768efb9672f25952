"""Invariants of time: every deadline fires once, and no client is forgotten without the lead hearing of it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from benchmarks.simulated.invariants.finding import Finding, finding
from benchmarks.simulated.invariants.rows import Rows
from benchmarks.simulated.invariants.tickets import TELLING, after_split
from benchmarks.simulated.world import World
from maild.process.calendar import working_time_after
from maild.process.clocks.kinds import ANSWERED, CLOSED, OVER, PAUSED, RENEWED
from maild.process.ticket import Event, Status
from maild.process.transitions import advance

_SLACK = timedelta(hours=1)
_OURS = frozenset({Status.NEW, Status.OPEN, Status.ESCALATED, Status.HANDED_OFF})
_ANSWERS = frozenset(
    {Event.TSM_ANSWERED, Event.ANSWERED_DIRECTLY, Event.ASKED, Event.PROGRESS_REPORTED, Event.ESTIMATED, Event.RESOLVED}
)
_TOLD = frozenset({Event.UPDATE_OVERDUE, Event.HAND_OFF_UNCLAIMED, Event.ESCALATION_RAISED})


def every_deadline_fires_once(rows: Rows, world: World) -> Finding:
    """One event for each deadline that ran out, none for one that was stopped, and none is late.

    What follows from the event, such as a new assignee, has the same cause.
    """
    fired = Counter((row.deadline_id, row.event) for row in rows.events if row.deadline_id is not None)
    caused = {deadline for deadline, _ in fired}
    # The form of a closed ticket was answered, or nothing is to be learnt: its reminder is over.
    learnt = {Event.POST_MORTEM_ANSWERED.value, Event.POST_MORTEM_DECLINED.value}
    stopped = frozenset({ANSWERED, CLOSED, OVER, PAUSED, RENEWED, *learnt})

    def broken() -> Iterator[str]:
        for row in rows.deadlines:
            is_over = row.settled_at is not None and row.because not in stopped
            events = fired[row.id, row.because]
            if events != is_over or (row.id in caused) is not is_over:
                yield f"{row.kind} of T-{row.ticket_id}, settled because {row.because}: {events} events"
            if row.settled_at is None and row.due_at <= world.now:
                yield f"{row.kind} of T-{row.ticket_id} was due at {row.due_at} and has not fired"
            if is_over and row.settled_at < row.due_at:
                yield f"{row.kind} of T-{row.ticket_id} fired before its time"

    return finding("every deadline fires once, and in time", rows.deadlines, broken())


def a_clock_runs_once(rows: Rows, world: World) -> Finding:
    """No ticket has two live deadlines of one kind."""
    del world
    running = Counter((row.ticket_id, row.kind) for row in rows.deadlines if row.settled_at is None)
    return finding(
        "of each clock a ticket has one",
        running,
        (f"T-{ticket} has {count} live {kind}" for (ticket, kind), count in running.items() if count > 1),
    )


def no_client_is_forgotten(rows: Rows, world: World) -> Finding:
    """Between two words to the client no longer than the longest promise passes, or the lead has heard of it."""

    def broken() -> Iterator[str]:
        for ticket in rows.tickets:
            yield from (
                f"T-{ticket.id}: nothing since {since:%m-%d %H:%M}, the lead should have heard by {due:%m-%d %H:%M}"
                for since, due in _silences(rows.events_of.get(ticket.id, ()), world)
            )

    return finding("no client is unanswered past the time without the lead told", rows.tickets, broken())


def _silences(events: Sequence[Row[Any]], world: World) -> Iterator[tuple[datetime, datetime]]:
    """Stretches of the desk's own work that were longer than any promise: their beginning, and their limit."""
    status: Status | None = None
    rested: Status | None = None
    since: datetime | None = None
    for row in events:
        due = _limit(since, world) if since and status in _OURS else None
        if due and row.at > due and since:
            yield since, due
        event = Event(row.event)
        try:
            after = advance(status, event)
        except KeyError:
            after = status or Status.OPEN
        if event is Event.SPLIT_OFF and status is not None:
            after = after_split(row, status, rested)
        rested = status if event in TELLING and after is not status else rested
        if (
            event in _ANSWERS | _TOLD
            or status not in _OURS
            or (after is not status and Status.HANDED_OFF in {status, after})
        ):
            since = row.at
        status = after
    if status in _OURS and since and _limit(since, world) < world.now:
        yield since, _limit(since, world)


def _limit(since: datetime, world: World) -> datetime:
    """The longest promise of the desk, from then; later where maild stood still at that time."""
    priorities = world.rules.priorities
    spans = [*priorities.next_update.values(), world.rules.policy.hand_off_receipt]
    due = max(working_time_after(since, span, priorities.calendar) for span in spans)
    for begin, end in world.stops:
        if begin <= due < end:
            due = end
    return due + _SLACK


def the_lead_is_told_by_mail(rows: Rows, world: World) -> Finding:
    """Each overdue update and each unclaimed hand-off is in a mail, or in a summary, to a lead."""
    leads = {person.addresses[0] for person in world.rules.team.leads}
    told = {(row.ticket_id, row.kind) for row in (*rows.outbox, *rows.notices) if row.recipient in leads}
    kinds = {Event.UPDATE_OVERDUE: "update_overdue", Event.HAND_OFF_UNCLAIMED: "hand_off_unclaimed"}
    owed = [row for row in rows.events if row.event in kinds]
    return finding(
        "each broken promise is told to the lead",
        owed,
        (f"T-{row.ticket_id}: {row.event}" for row in owed if (row.ticket_id, kinds[Event(row.event)]) not in told),
    )
