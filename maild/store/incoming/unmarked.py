"""Stored mails that have not been moved or flagged on the mail server yet, and how far each has come."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from maild.store.tables import mails


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmarked:
    """A stored mail that has not been moved or flagged on the server."""

    uid: int
    is_taken_in: bool


def unmarked_mails(connection: Connection, mailbox_id: int, *, uidvalidity: int) -> list[Unmarked]:
    """Give them by UID; mails whose bytes stayed on the server are never marked, and left out."""
    query = (
        select(mails.c.uid, mails.c.outcome)
        .where(mails.c.mailbox_id == mailbox_id, mails.c.marked_at.is_(None))
        .where(mails.c.uidvalidity == uidvalidity, mails.c.digest.is_not(None))
        .order_by(mails.c.uid)
    )
    return [Unmarked(uid=row.uid, is_taken_in=row.outcome is not None) for row in connection.execute(query)]
