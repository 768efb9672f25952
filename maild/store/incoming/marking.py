"""Marks: which stored mails have not been moved or flagged on the mail server yet, and that they now are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, select, update

from maild.store.tables import mailboxes, mails


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmarked:
    """A mail that has been taken in and not yet been moved or flagged on the server."""

    id: int
    uidvalidity: int
    uid: int


def unmarked(connection: Connection, mailbox_id: int, *, limit: int) -> list[Unmarked]:
    """Give the oldest mails that are taken in, held ones too, and may now be moved or flagged.

    Not those whose bytes stayed on the server, and not those that the server knows by another UIDVALIDITY now.
    """
    query = (
        select(mails.c.id, mails.c.uidvalidity, mails.c.uid)
        .join(mailboxes, and_(mailboxes.c.id == mails.c.mailbox_id, mailboxes.c.uidvalidity == mails.c.uidvalidity))
        .where(mails.c.mailbox_id == mailbox_id, mails.c.marked_at.is_(None))
        .where(mails.c.outcome.is_not(None), mails.c.digest.is_not(None))
        .order_by(mails.c.id)
        .limit(limit)
    )
    return [Unmarked(**row) for row in connection.execute(query).mappings()]


def mark(connection: Connection, ids: Iterable[int], *, now: datetime) -> None:
    """Write down that these mails have been moved or flagged on the server."""
    connection.execute(update(mails).where(mails.c.id.in_(list(ids))).values(marked_at=now))


def unmarked_uids(connection: Connection, mailbox_id: int, *, uidvalidity: int) -> dict[int, bool]:
    """By UID whether each that is not marked has been taken in; those whose bytes stayed on the server never are, and are left out."""
    query = (
        select(mails.c.uid, mails.c.outcome)
        .where(mails.c.mailbox_id == mailbox_id, mails.c.marked_at.is_(None))
        .where(mails.c.uidvalidity == uidvalidity, mails.c.digest.is_not(None))
        .order_by(mails.c.uid)
    )
    return {row.uid: row.outcome is not None for row in connection.execute(query)}
