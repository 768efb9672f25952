"""What waits for a person before it can be taken in."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, or_, select

from maild.store.tables import mailboxes, mails


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldLine:
    """A held mail."""

    id: int
    arrived_at: datetime
    author: str | None
    subject: str | None
    message_id: str | None
    digest: str | None
    """None: too large, its bytes stayed on the server."""

    size: int
    """Octets."""

    attempts: int
    because: str | None
    mailbox: str | None
    """Name and account."""

    uid: int | None


def list_held(connection: Connection) -> list[HeldLine]:
    """Give the held mails, and those that a person has asked the mail server for again; the oldest first."""
    query = (
        select(mails, mailboxes.c.account, mailboxes.c.name)
        .outerjoin(mailboxes, mailboxes.c.id == mails.c.mailbox_id)
        .where(or_(mails.c.outcome == "held", and_(mails.c.outcome.is_(None), mails.c.digest.is_(None))))
        .order_by(mails.c.id)
    )
    return [
        HeldLine(
            id=row.id,
            arrived_at=row.arrived_at,
            author=row.author,
            subject=row.subject,
            message_id=row.message_id,
            digest=row.digest,
            size=row.size,
            attempts=row.attempts,
            because=row.because,
            mailbox=f"{row.name} of {row.account}" if row.name else None,
            uid=row.uid,
        )
        for row in connection.execute(query)
    ]
