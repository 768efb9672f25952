"""How far the mails of a mailbox have come that the server has not been told about yet."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from maild.store.tables import mails


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A stored mail that has not been moved or flagged on the server."""

    uid: int
    is_taken_in: bool


def standing_of(connection: Connection, mailbox_id: int, *, uidvalidity: int) -> list[Standing]:
    """Give them by UID; mails whose bytes stayed on the server are never marked, and left out."""
    query = (
        select(mails.c.uid, mails.c.outcome)
        .where(mails.c.mailbox_id == mailbox_id, mails.c.marked_at.is_(None))
        .where(mails.c.uidvalidity == uidvalidity, mails.c.digest.is_not(None))
        .order_by(mails.c.uid)
    )
    return [Standing(uid=row.uid, is_taken_in=row.outcome is not None) for row in connection.execute(query)]
