"""What the mirror reads of tickets and their events."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from maild.process.ticket import Event
from maild.process.tracker import Field
from maild.process.transitions import TRANSITIONS
from maild.store.replaying import MOVED_IN
from maild.store.tables import events, mails, mirror_heard, tickets

DECIDING: Mapping[Field, frozenset[Event]] = {
    Field.STATE: frozenset(
        event for (before, event), after in TRANSITIONS.items() if before is not None and after.status is not before
    )
    - {Event.TSM_ANSWERED, Event.ANSWERED_DIRECTLY},
    Field.PRIORITY: frozenset({Event.PRIORITIZED}),
    Field.ASSIGNEE: frozenset({Event.ASSIGNED}),
    Field.LABELS: frozenset({Event.CATEGORIZED, Event.TRIAGED, Event.HANDED_OFF}),
    Field.DUE: frozenset({Event.ESTIMATED}),
}
"""Events by which a field is decided here; where a person is their actor it counts as a decision."""

VOID = frozenset({Event.MARKED_SPAM, Event.MERGED})
OWN = frozenset({Event.MIRRORED, Event.TRACKER_NOTED})
"""Events that the mirror itself writes, and that change nothing there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An event, with the words of the mail that made it."""

    id: int
    event: Event
    at: datetime
    actor: str
    because: str
    mail: int | None
    digest: str | None
    """Of the mail's source."""

    heard: str | None
    """The tracker's id of what was heard there and caused it."""

    is_moved_in: bool
    """A mail of the past caused it, which was moved in."""

    new_text: str
    author: str
    author_name: str


def last_event(connection: Connection) -> int:
    """The newest event of all."""
    return int(connection.scalar(select(func.max(events.c.id))) or 0)


def tickets_with_events(connection: Connection, *, since: int, limit: int) -> tuple[set[int], int]:
    """The tickets to which something has happened after that event, and the last event that was looked at."""
    columns = (events.c.id, events.c.ticket_id, events.c.event)
    rows = connection.execute(select(*columns).where(events.c.id > since).order_by(events.c.id).limit(limit)).all()
    own = {event.value for event in OWN}
    return {row.ticket_id for row in rows if row.event not in own}, rows[-1].id if rows else since


def events_of(connection: Connection, ticket: int, kinds: Iterable[Event]) -> list[Told]:
    """Events of these kinds, oldest first."""
    wanted = [event.value for event in kinds]
    return _told(connection, events.c.ticket_id == ticket, events.c.event.in_(wanted))


def find_event(connection: Connection, event: int) -> Told | None:
    """One event with its words."""
    return next(iter(_told(connection, events.c.id == event)), None)


def first_letter(connection: Connection, ticket: int) -> Told | None:
    """The event with which the ticket began, if a mail made it."""
    query = select(func.min(events.c.id)).where(events.c.ticket_id == ticket, events.c.mail_id.is_not(None))
    return next(iter(_told(connection, events.c.id == query.scalar_subquery())), None)


def decided_at(connection: Connection, ticket: int) -> Mapping[Field, datetime]:
    """When a person last decided each field: when their mail came in, or when they did it in the tracker."""
    wanted = sorted({event.value for kinds in DECIDING.values() for event in kinds})
    joined = events.outerjoin(mails, mails.c.id == events.c.mail_id)
    joined = joined.outerjoin(mirror_heard, mirror_heard.c.id == events.c.heard_id)
    query = select(events.c.event, events.c.at, mails.c.arrived_at, mirror_heard.c.said_at).select_from(joined)
    by_people = (events.c.ticket_id == ticket, events.c.event.in_(wanted), events.c.actor != "maild")
    found: dict[Field, datetime] = {}
    for row in connection.execute(query.where(*by_people)):
        at = row.said_at or min(row.at, row.arrived_at or row.at)
        for field, kinds in DECIDING.items():
            if Event(row.event) in kinds:
                found[field] = max(at, found.get(field, at))
    return found


def is_void(connection: Connection, ticket: int) -> bool:
    """Whether it was closed as spam, or because it goes on in another ticket."""
    closing = sorted({event.value for (_, event), after in TRANSITIONS.items() if after.status.value == "closed"})
    query = select(events.c.event).where(events.c.ticket_id == ticket, events.c.event.in_(closing))
    last = connection.scalar(query.order_by(events.c.id.desc()).limit(1))
    return last in {event.value for event in VOID}


def was_escalated(connection: Connection, ticket: int) -> bool:
    """Whether engineering has been asked about it."""
    kinds = (Event.ESCALATED.value, Event.ESCALATION_RAISED.value)
    query = select(events.c.id).where(events.c.ticket_id == ticket, events.c.event.in_(kinds)).limit(1)
    return connection.scalar(query) is not None


def list_tickets(connection: Connection, *, after: int, limit: int, closed: bool) -> Sequence[int]:
    """Numbers of tickets, in order; those that are closed only if they are asked for."""
    query = select(tickets.c.id).where(tickets.c.id > after)
    query = query if closed else query.where(tickets.c.status != "closed")
    return list(connection.scalars(query.order_by(tickets.c.id).limit(limit)))


def count_tickets(connection: Connection, *, after: int, closed: bool) -> int:
    """How many `list_tickets` would give in all."""
    query = select(func.count()).select_from(tickets).where(tickets.c.id > after)
    return int(connection.scalar(query if closed else query.where(tickets.c.status != "closed")) or 0)


def _told(connection: Connection, *which: Any) -> list[Told]:
    columns = (
        *(events.c.id, events.c.event, events.c.at, events.c.actor, events.c.because),
        *(events.c.mail_id, mails.c.digest, mails.c.new_text, mails.c.author, mails.c.facts),
        *(mails.c.because.label("why"), mirror_heard.c.foreign_id),
    )
    joined = events.outerjoin(mails, mails.c.id == events.c.mail_id)
    joined = joined.outerjoin(mirror_heard, mirror_heard.c.id == events.c.heard_id)
    rows = connection.execute(select(*columns).select_from(joined).where(*which).order_by(events.c.id))
    return [_one(row) for row in rows]


def _one(row: Any) -> Told:
    return Told(
        id=row.id,
        event=Event(row.event),
        at=row.at,
        actor=row.actor,
        because=row.because,
        mail=row.mail_id,
        digest=row.digest,
        heard=row.foreign_id,
        is_moved_in=(row.why or "").startswith(MOVED_IN),
        new_text=row.new_text or "",
        author=row.author or "",
        author_name=str((row.facts or {}).get("author_name") or ""),
    )
