"""What a replay asks: the desk's past mail and what it answered; and, of a desk on trial, all that it decided."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, func, insert, or_, select, update

from maild.process.ticket import Role
from maild.store.database.packing import unpack
from maild.store.tables import events, mailboxes, mails, outbox, participants, sources, tickets

LENT = "lent "
"""Begins the `once` of rows that a desk on trial has never written."""

AT_ONCE = 200
MOVED_IN = "moved in from the past"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArrival:
    """One mail as it arrived."""

    mail: int
    digest: str
    at: datetime
    ticket: int | None
    is_sent: bool
    is_released: bool
    is_moved_in: bool
    """It came by `maild import`, with the answers of the house as mails."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A mail of the desk that a past mail answers."""

    ticket: int
    recipient: str
    kind: str
    audience: str
    role: Role
    """Of its recipient in the ticket."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A mail that the desk on trial would have sent."""

    mail: int | None
    ticket: int | None
    kind: str
    audience: str
    recipient: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedTicket:
    """A ticket as the desk on trial has it in the end."""

    number: int
    first_mail: int
    status: str
    technical: bool | None
    category: str | None
    urgency: int | None
    impact: int | None
    priority: int | None
    assignee: str | None
    team: str | None
    next_update_due_at: datetime | None


def list_past(connection: Connection, *, since: datetime, until: datetime) -> list[StoredArrival]:
    """Every mail of the period whose bytes are there, oldest first."""
    query = (
        select(mails, mailboxes.c.is_sent)
        .outerjoin(mailboxes, mailboxes.c.id == mails.c.mailbox_id)
        .where(mails.c.digest.is_not(None), mails.c.arrived_at >= since, mails.c.arrived_at < until)
        .order_by(mails.c.arrived_at, mails.c.id)
    )
    return [
        StoredArrival(
            mail=row.id,
            digest=row.digest,
            at=row.arrived_at,
            ticket=row.ticket_id,
            is_sent=bool(row.is_sent),
            is_released=row.released_at is not None,
            is_moved_in=(row.because or "").startswith(MOVED_IN),
        )
        for row in connection.execute(query)
    ]


def read_sources(connection: Connection, digests: Collection[str]) -> dict[str, bytes]:
    """Digest to the bytes."""
    query = select(sources.c.digest, sources.c.content).where(sources.c.digest.in_(sorted(digests)))
    return {row.digest: unpack(row.content) for row in connection.execute(query)}


def find_answered(
    connection: Connection, message_ids: Collection[str], tokens: Collection[str]
) -> tuple[Mapping[str, Answered], Mapping[str, Answered]]:
    """By Message-ID and by token: the desk's mails that are meant."""
    if not message_ids and not tokens:
        return {}, {}
    known = or_(outbox.c.message_id.in_(sorted(message_ids)), outbox.c.token.in_(sorted(tokens)))
    by_id: dict[str, Answered] = {}
    by_token: dict[str, Answered] = {}
    same = and_(
        participants.c.ticket_id == outbox.c.ticket_id, participants.c.address == func.lower(outbox.c.recipient)
    )
    query = select(outbox, participants.c.role).outerjoin(participants, same)
    for row in connection.execute(query.where(known, outbox.c.ticket_id.is_not(None))):
        answered = Answered(
            ticket=row.ticket_id,
            recipient=row.recipient,
            kind=row.kind,
            audience=row.audience,
            role=Role(row.role) if row.role else Role.TSM,
        )
        by_id[row.message_id] = answered
        if row.token:
            by_token[row.token] = answered
    return by_id, by_token


def find_same(connection: Connection, number: int, answered: Answered) -> str | None:
    """Message-ID of the newest mail of this kind that the desk on trial has written to this recipient."""
    alike = (outbox.c.ticket_id == number, outbox.c.kind == answered.kind)
    query = select(outbox.c.message_id).where(*alike, func.lower(outbox.c.recipient) == answered.recipient.casefold())
    return connection.scalar(query.order_by(outbox.c.id.desc()).limit(1))


def lend(
    connection: Connection, answered: Answered, *, number: int, token: str, message_id: str, now: datetime
) -> None:
    """Let somebody answer whom the desk on trial has not written to: as if it had, and not counted."""
    connection.execute(
        insert(outbox).values(
            ticket_id=number,
            kind=answered.kind,
            audience=answered.audience,
            recipient=answered.recipient,
            envelope_from="",
            message_id=message_id,
            token=token,
            once=f"{LENT}{token}",
            subject="",
            new_text="",
            content=b"",
            created_at=now,
            state="sent",
            due_at=now,
            settled_at=now,
            attempts=1,
        )
    )


def release(connection: Connection, mail: int, *, now: datetime) -> None:
    """The person in whose name the mail came had let it through."""
    connection.execute(update(mails).where(mails.c.id == mail).values(released_at=now))


def ticket_of(connection: Connection, mail: int) -> int | None:
    """The ticket that a mail has come to."""
    return connection.scalar(select(mails.c.ticket_id).where(mails.c.id == mail))


def pretend_sent(connection: Connection, *, now: datetime) -> None:
    """Whatever waits to be submitted counts as sent: a desk on trial submits nothing."""
    waiting = update(outbox).where(outbox.c.settled_at.is_(None), outbox.c.state == "due")
    connection.execute(waiting.values(state="sent", settled_at=now))


def read_outcomes(connection: Connection) -> dict[int, tuple[str, str]]:
    """Mail to what became of it and why."""
    rows = connection.execute(select(mails.c.id, mails.c.outcome, mails.c.because))
    return {row.id: (row.outcome or "waits", row.because or "") for row in rows}


def read_tickets_of(connection: Connection) -> dict[int, int]:
    """Mail to its ticket."""
    rows = connection.execute(select(mails.c.id, mails.c.ticket_id).where(mails.c.ticket_id.is_not(None)))
    return {row.id: row.ticket_id for row in rows}


def read_written(connection: Connection) -> Iterator[Written]:
    """All that would have been sent, held mails too."""
    of_ours = or_(outbox.c.once.is_(None), outbox.c.once.not_like(f"{LENT}%"))
    for row in connection.execute(select(outbox).where(of_ours).order_by(outbox.c.id)):
        yield Written(
            mail=row.mail_id,
            ticket=row.ticket_id,
            kind=row.kind,
            audience=row.audience,
            recipient=row.recipient,
            words=f"{row.subject}\n{row.new_text}",
        )


def read_tried_tickets(connection: Connection) -> list[TriedTicket]:
    """Every ticket, with the mail that it began with."""
    first = select(mails.c.ticket_id, func.min(mails.c.id).label("first")).group_by(mails.c.ticket_id).subquery()
    query = select(tickets, first.c.first).join(first, first.c.ticket_id == tickets.c.id).order_by(tickets.c.id)
    return [
        TriedTicket(
            number=row.id,
            first_mail=row.first,
            status=row.status,
            technical=row.technical,
            category=row.category,
            urgency=row.urgency,
            impact=row.impact,
            priority=row.priority,
            assignee=row.assignee,
            team=row.team,
            next_update_due_at=row.next_update_due_at,
        )
        for row in connection.execute(query)
    ]


def count_events(connection: Connection, kinds: Sequence[str]) -> dict[int, dict[str, int]]:
    """Ticket to how often each of these things happened to it."""
    query = select(events.c.ticket_id, events.c.event, func.count().label("times")).where(events.c.event.in_(kinds))
    counts: dict[int, dict[str, int]] = {}
    for row in connection.execute(query.group_by(events.c.ticket_id, events.c.event).order_by(events.c.event)):
        counts.setdefault(row.ticket_id, {})[row.event] = row.times
    return counts
