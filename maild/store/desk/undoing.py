"""What `/undo` needs: the last command of a ticket, what of it has left the house, and taking back the rest."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, delete, or_, select, update

from maild.process.ticket import Event
from maild.store.tables import events, labels, links, outbox

_RECALLABLE = ("due", "deferred", "held", "dropped")
_WHOSE = ("assignment", "reassigned", "incident_joined", "took_in", "colleague_answered")
"""Kinds of mail by which a TSM hears whose a ticket is, or that it is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One event of a mail with commands."""

    id: int
    mail: int
    event: Event
    because: str
    actor: str
    before: Mapping[str, Any]


def commands_of(connection: Connection, number: int, wanted: Collection[Event]) -> list[Row]:
    """What mails of people brought about, newest first; what was undone is left out."""
    query = select(events).where(events.c.ticket_id == number, events.c.mail_id.is_not(None), events.c.actor != "maild")
    rows = list(connection.execute(query.order_by(events.c.id.desc())))
    undone = {(row.before or {}).get("undone") for row in rows if row.event == Event.UNDONE.value}
    return [
        Row(
            id=row.id,
            mail=row.mail_id,
            event=Event(row.event),
            because=row.because,
            actor=row.actor,
            before=row.before or {},
        )
        for row in rows
        if row.event in {event.value for event in wanted} and row.mail_id not in undone
    ]


def decided_elsewhere(connection: Connection, number: int, wanted: Collection[Event], *, since: int) -> str | None:
    """The last that somebody decided in the tracker after that event, in words: what it changed is not known here."""
    heard = (events.c.ticket_id == number, events.c.heard_id.is_not(None), events.c.id > since)
    query = select(events.c.because).where(*heard, events.c.event.in_([event.value for event in wanted]))
    return connection.scalar(query.order_by(events.c.id.desc()).limit(1))


def left_the_house(connection: Connection, mail_id: int) -> list[str]:
    """Mails to clients and other teams that this one brought about and that cannot be recalled, in words; locks them."""
    outside = or_(outbox.c.audience == "client", outbox.c.kind == "hand_off")
    query = select(outbox.c.kind, outbox.c.recipient, outbox.c.state)
    rows = connection.execute(query.where(outbox.c.mail_id == mail_id, outside).with_for_update())
    return [f"{row.kind} to {row.recipient}" for row in rows if row.state not in _RECALLABLE]


def recall(connection: Connection, mail_id: int, *, now: datetime) -> None:
    """Drop what a mail with commands brought about and nobody has begun to submit; and the labels that it gave."""
    waiting = and_(outbox.c.mail_id == mail_id, outbox.c.state.in_(("due", "deferred", "held")))
    dropped = {"state": "dropped", "settled_at": now, "answer": "the command that brought it about was taken back"}
    connection.execute(update(outbox).where(waiting).values(dropped))
    connection.execute(delete(labels).where(labels.c.cause_mail_id == mail_id))


def not_told(connection: Connection, mail_id: int) -> list[str]:
    """Addresses of those to whom what this mail changed about whose a ticket is was never sent, not of one ticket."""
    query = select(outbox.c.recipient, outbox.c.state)
    rows = list(connection.execute(query.where(outbox.c.mail_id == mail_id, outbox.c.kind.in_(_WHOSE))))
    told = {row.recipient for row in rows if row.state != "dropped"}
    return sorted({row.recipient for row in rows} - told)


def remove_link(connection: Connection, number: int, other: int, kinds: Sequence[str]) -> None:
    """Two tickets have nothing to do with each other any more."""
    both = or_(
        and_(links.c.ticket_id == number, links.c.other_id == other),
        and_(links.c.ticket_id == other, links.c.other_id == number),
    )
    connection.execute(delete(links).where(both, links.c.kind.in_(kinds)))
