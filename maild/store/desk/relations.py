"""Who and what a ticket has to do with: participants, links, and the tickets in which it goes on."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, literal, select, update

from maild.process.ticket import Event, Role, Ticket
from maild.store.desk.tickets import read_ticket
from maild.store.knowledge.searching import index_mail
from maild.store.tables import events, links, mails, participants, threads, tickets

LONGEST_CHAIN = 100

_TAKING_OUT = (Event.PARTICIPANT_REMOVED.value, Event.CLIENT_CHANGED.value)


def roles_of(connection: Connection, number: int, keys: Collection[str]) -> Mapping[str, str]:
    """Address key to role, of those that take part in the ticket."""
    query = select(participants.c.address, participants.c.role)
    rows = connection.execute(query.where(participants.c.ticket_id == number, participants.c.address.in_(list(keys))))
    return {row.address: row.role for row in rows}


def taken_out(connection: Connection, number: int) -> set[str]:
    """Keys of the addresses that somebody of the house has ever taken out of the ticket, some of which may be back.

    Or out of one that was merged into it: what answers that one comes here.
    """
    found = select(tickets.c.id).where(tickets.c.id == number).cte(recursive=True)
    # Links stand there both ways, and their key begins with the ticket that is known.
    merged = select(links.c.other_id).where(links.c.ticket_id == found.c.id, links.c.kind == "merged")
    found = found.union(merged)
    query = select(events.c.before).where(events.c.ticket_id.in_(select(found.c.id)), events.c.event.in_(_TAKING_OUT))
    return {key for before in connection.scalars(query) for key in (before or {}).get("removed", ())}


def are_linked(connection: Connection, number: int, other: int, *, kind: str) -> bool:
    """Whether the two have a link of this kind."""
    query = select(literal(1)).where(links.c.ticket_id == number, links.c.other_id == other, links.c.kind == kind)
    return connection.scalar(query.limit(1)) is not None


def goes_on_in(connection: Connection, ticket: Ticket) -> Ticket:
    """The ticket in which this one goes on, however often it was merged; itself, if it was not."""
    for _ in range(LONGEST_CHAIN):
        if ticket.merged_into is None:
            return ticket
        ticket = read_ticket(connection, ticket.merged_into)
    raise AssertionError(f"ticket {ticket.number} is merged in a circle")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMail:
    """An arrival as the store remembers it."""

    id: int
    digest: str
    fingerprint: str
    message_id: str | None
    author: str
    subject: str
    written_at: datetime | None
    new_text: str
    language: str
    trust: str
    facts: Mapping[str, Any]
    verdicts: Sequence[Mapping[str, Any]]


def client_mails(connection: Connection, ticket: Ticket) -> list[StoredMail]:
    """What the client's side wrote about the ticket, oldest first."""
    query = select(mails).where(mails.c.ticket_id == ticket.number, mails.c.outcome.in_(("ticket", "follow_up")))
    rows = list(connection.execute(query.order_by(mails.c.id)))
    roles = roles_of(connection, ticket.number, {(row.author or "").casefold() for row in rows})
    clients = {ticket.client.casefold(), *(key for key, role in roles.items() if role == Role.CLIENT)}
    return [_stored(row) for row in rows if (row.author or "").casefold() in clients]


def client_offset(connection: Connection, ticket: Ticket) -> timedelta | None:
    """The offset from UTC in which the client wrote last; None where no mail says it."""
    query = select(mails.c.facts).where(mails.c.ticket_id == ticket.number, mails.c.author == ticket.client)
    newest = connection.execute(query.order_by(mails.c.id.desc()).limit(1)).first()
    seconds = (newest.facts or {}).get("utc_offset") if newest else None
    return timedelta(seconds=seconds) if seconds else None


def move_mail(connection: Connection, mail_id: int, *, to: int) -> None:
    """The arrival belongs to another ticket, and so does what answers it."""
    columns = (mails.c.message_id, mails.c.ticket_id, mails.c.subject, mails.c.new_text)
    row = connection.execute(select(*columns).where(mails.c.id == mail_id)).one()
    connection.execute(update(mails).where(mails.c.id == mail_id).values(ticket_id=to))
    index_mail(connection, to, f"{row.subject or ''}\n{row.new_text or ''}")
    known = (threads.c.ticket_id == row.ticket_id, threads.c.message_id == row.message_id)
    connection.execute(delete(threads).where(*known))


def _stored(row: Row[Any]) -> StoredMail:
    return StoredMail(
        id=row.id,
        digest=row.digest or "",
        fingerprint=row.fingerprint or "",
        message_id=row.message_id,
        author=row.author,
        subject=row.subject or "",
        written_at=row.written_at,
        new_text=row.new_text or "",
        language=row.language or "en",
        trust=row.trust or "claimed",
        facts=row.facts or {},
        verdicts=row.verdicts or (),
    )
