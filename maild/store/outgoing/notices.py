"""Notices to people of the desk that are gathered for a summary, because a mail for each would be a flood."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, func, insert, or_, select, update

from maild.store.database.together import Writer
from maild.store.tables import notices, tickets

_ADD = insert(notices)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What one mail would have been about."""

    id: int
    ticket: int
    kind: str
    """Of the mail that was not written."""

    client: str
    subject: str
    """Of the ticket."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Who gets a summary."""

    address: str
    name: str
    notice: int
    """The first that waits for them."""


def add_notice(
    writer: Writer, number: int, *, recipient: str, name: str, kind: str, created_at: datetime, due_at: datetime
) -> None:
    """Gather one; it is in a summary to the recipient soon after `due_at`."""
    row = {"ticket_id": number, "recipient": recipient, "name": name, "kind": kind}
    writer.execute(_ADD, {**row, "created_at": created_at, "due_at": due_at})


def next_recipient(connection: Connection, *, now: datetime, every: timedelta) -> Recipient | None:
    """Whose summary is due longest.

    `every`: between two summaries. None waits longer for the next one, unless the clock has been put back since.
    """
    is_due = or_(notices.c.due_at <= now, notices.c.due_at > now + every)
    due = select(notices.c.id, notices.c.recipient, notices.c.name).where(notices.c.settled_at.is_(None), is_due)
    row = connection.execute(due.order_by(notices.c.due_at, notices.c.id).limit(1)).first()
    return Recipient(address=row.recipient, name=row.name, notice=row.id) if row else None


def list_notices(connection: Connection, recipient: Recipient, *, limit: int) -> list[Notice]:
    """What waits for this recipient's summary, the oldest first, locked for this transaction."""
    query = (
        select(notices.c.id, notices.c.ticket_id, notices.c.kind, tickets.c.client, tickets.c.subject)
        .join(tickets, tickets.c.id == notices.c.ticket_id)
        .where(notices.c.settled_at.is_(None), _is_for(recipient))
        .order_by(notices.c.id)
        .limit(limit)
        .with_for_update(of=notices)
    )
    return [
        Notice(id=row.id, ticket=row.ticket_id, kind=row.kind, client=row.client, subject=row.subject)
        for row in connection.execute(query)
    ]


def settle_notices(connection: Connection, found: Sequence[Notice], recipient: Recipient, *, now: datetime) -> None:
    """These are in a summary; `found` as `list_notices` gave them."""
    ours = (_is_for(recipient), notices.c.id <= found[-1].id, notices.c.settled_at.is_(None))
    connection.execute(update(notices).where(*ours).values(settled_at=now))


def _is_for(recipient: Recipient) -> ColumnElement[bool]:
    """By what stands in the row, which may be damaged and read as something else."""
    first = notices.alias()
    return notices.c.recipient == select(first.c.recipient).where(first.c.id == recipient.notice).scalar_subquery()


def next_notice_at(connection: Connection) -> datetime | None:
    """When the next summary is due."""
    at: datetime | None = connection.scalar(select(func.min(notices.c.due_at)).where(notices.c.settled_at.is_(None)))
    return at
