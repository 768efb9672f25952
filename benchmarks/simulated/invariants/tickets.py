"""Invariants of tickets: statuses follow the table, and what is open has somebody and a time."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Row

from benchmarks.simulated.invariants.finding import Finding, finding
from benchmarks.simulated.invariants.rows import Rows
from benchmarks.simulated.world import World
from maild.process.clocks.kinds import Clock
from maild.process.ticket import Event, Status
from maild.process.transitions import advance

TELLING = frozenset({Event.CLIENT_REPLIED, Event.CLIENT_DENIED, Event.CLOSURE_UNCLEAR})
"""With them a client's mail may begin a ticket again."""


def what_is_open_has_somebody_and_a_time(rows: Rows, world: World) -> Finding:
    """CONTRACT of the desk: an assignee or a receiving team, and a live deadline that is not over."""
    live = [ticket for ticket in rows.tickets if ticket.status != Status.CLOSED]

    def broken() -> Iterator[str]:
        for ticket in live:
            if not ticket.assignee and not ticket.team:
                yield f"T-{ticket.id} ({ticket.status}) has nobody"
            running = [each for each in rows.deadlines_of.get(ticket.id, ()) if each.settled_at is None]
            if not running or any(each.due_at <= world.now for each in running):
                yield f"T-{ticket.id} ({ticket.status}): {len(running)} live deadlines, and a time that is over"
            if ticket.status == Status.HANDED_OFF and not ticket.team:
                yield f"T-{ticket.id} is handed off to nobody"

    return finding("what is open has an assignee or team, and a live deadline", live, broken())


def what_is_closed_owes_nothing(rows: Rows, world: World) -> Finding:
    """A closed ticket has no live deadline, but for what its TSM is asked about it."""
    del world
    closed = [ticket for ticket in rows.tickets if ticket.status == Status.CLOSED]

    def broken() -> Iterator[str]:
        for ticket in closed:
            live = [each.kind for each in rows.deadlines_of.get(ticket.id, ()) if each.settled_at is None]
            if running := [kind for kind in live if kind != Clock.POST_MORTEM]:
                yield f"T-{ticket.id} is closed and owes {', '.join(running)}"

    return finding("what is closed owes nothing", closed, broken())


def statuses_follow_the_table(rows: Rows, world: World) -> Finding:
    """The events of each ticket, one after the other, lead to its status."""
    del world

    def broken() -> Iterator[str]:
        for ticket in rows.tickets:
            status, trouble = _walk(rows.events_of.get(ticket.id, ()))
            if trouble or status != ticket.status:
                yield f"T-{ticket.id} is {ticket.status}; its events lead to {status}{trouble}"

    return finding("statuses follow the table of transitions", rows.events, broken())


def _walk(events: Sequence[Row[Any]]) -> tuple[Status | None, str]:
    status: Status | None = None
    rested: Status | None = None
    for row in events:
        event = Event(row.event)
        if event is Event.UNDONE:
            status = _restored(row, status)
            continue
        if event is Event.SPLIT_OFF and status is not None:
            status = after_split(row, status, rested)  # said on the ticket that it was split from
            continue
        found = status
        try:
            status = advance(status, event)
        except KeyError:
            return status, f", and {event} is impossible there"
        rested = found if event in TELLING and found is not status else rested
    return status, ""


def after_split(row: Row[Any], status: Status, rested: Status | None) -> Status:
    """Where nothing but the mail that was split off had begun the ticket again, it is as that mail found it."""
    return rested if rested and "status" in (row.before or {}) else status


def _restored(row: Row[Any], status: Status | None) -> Status | None:
    """What `/undo` put back."""
    restored = (row.before or {}).get("restored")
    return Status(restored) if restored else status
