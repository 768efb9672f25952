"""Tickets as they came, for whoever looks for bursts of them."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, RowMapping, bindparam, func, select

from maild.process.incident import Standing
from maild.process.ticket import Event, Trust
from maild.store.tables import events, incident_members, incidents, mails, tickets

log = logging.getLogger(__name__)

STANDINGS = frozenset(standing.value for standing in Standing)
_NOT_USUAL = (Event.ACKNOWLEDGEMENT_WITHHELD, Event.MARKED_SPAM)
_COLUMNS = (
    tickets.c.id,
    tickets.c.opened_at,
    tickets.c.category,
    tickets.c.technical,
    tickets.c.status,
    mails.c.id.label("mail"),
    mails.c.author,
    mails.c.trust,
    mails.c.subject,
    mails.c.new_text,
)
_NEWEST = (
    select(*_COLUMNS)
    .join(mails, mails.c.ticket_id == tickets.c.id)
    .where(mails.c.outcome == "ticket", mails.c.author.is_not(None))
    .where(tickets.c.id > bindparam("last"), tickets.c.opened_at >= bindparam("since"))
    .order_by(tickets.c.id.desc(), mails.c.id.desc())
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedTicket:
    """A ticket and the mail with which it began."""

    number: int
    at: datetime
    category: str | None
    is_ours: bool
    """It is not known to be another team's."""

    mail: int
    author: str
    is_proven: bool
    subject: str
    text: str


def opened_since(connection: Connection, *, last: int, since: datetime, most: int) -> list[OpenedTicket]:
    """Give the newest tickets with a higher number than `last`, by number; each as its first mail says it."""
    rows = connection.execute(_NEWEST, {"last": last, "since": since, "most": most})
    found = {
        row.id: OpenedTicket(
            number=row.id,
            at=row.opened_at,
            category=row.category,
            is_ours=row.technical is not False and row.status != "handed_off",
            mail=row.mail,
            author=row.author,
            is_proven=row.trust == Trust.PROVEN,
            subject=row.subject or "",
            text=row.new_text or "",
        )
        for row in rows
    }
    return [found[number] for number in sorted(found)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """Tickets that were spam, or whose client got no acknowledgement."""

    numbers: frozenset[int]
    last: int
    """Row of the newest event that was looked at."""


def withheld_since(connection: Connection, *, first: int, last: int) -> Withheld:
    """Give those from the ticket `first` on of which an event after the row `last` says so."""
    newest = connection.scalar(select(func.max(events.c.id))) or 0
    query = select(events.c.ticket_id).where(events.c.ticket_id >= first, events.c.id > last, events.c.id <= newest)
    found = connection.scalars(query.where(events.c.event.in_([event.value for event in _NOT_USUAL])))
    return Withheld(numbers=frozenset(found), last=newest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouped:
    """An incident, or what was proposed as one, with all tickets that are or were in it."""

    id: int
    standing: Standing
    settled_at: datetime | None
    tickets: tuple[int, ...]
    present: tuple[int, ...]
    terms: int
    """How many terms are kept of it."""


def grouped_since(connection: Connection, *, since: datetime) -> list[Grouped]:
    """Give all that were made since then, oldest first."""
    lately = incidents.c.made_at >= since
    members = (
        select(incident_members.c.incident_id, incident_members.c.ticket_id, incident_members.c.left_at)
        .join(incidents, incidents.c.id == incident_members.c.incident_id)
        .where(lately)
        .order_by(incident_members.c.incident_id, incident_members.c.ticket_id)
    )
    found: dict[int, list[RowMapping]] = {}
    for row in connection.execute(members).mappings():
        found.setdefault(row["incident_id"], []).append(row)
    # Apart: what is kept of an incident is thousands of octets, and its tickets may be hundreds.
    made = connection.execute(select(incidents).where(lately).order_by(incidents.c.id))
    groups = (_grouped(incident, found[incident.id]) for incident in made if incident.id in found)
    return [group for group in groups if group]


def _grouped(incident: Row[Any], members: Sequence[RowMapping]) -> Grouped | None:
    """None: how it stands is damaged, and it stops no other."""
    if incident.standing not in STANDINGS:
        log.warning("incident left out, its row is damaged", extra={"incident": incident.id})
        return None
    return Grouped(
        id=incident.id,
        standing=Standing(incident.standing),
        settled_at=incident.settled_at,
        tickets=tuple(row["ticket_id"] for row in members),
        present=tuple(row["ticket_id"] for row in members if row["left_at"] is None),
        terms=len((incident.terms or {}).get("weights", ())),
    )
