"""Mails whose bytes stayed on the mail server, and are wanted now: a person has asked for them."""

from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from maild.store.database.bells import ring
from maild.store.incoming.arrivals import add_source
from maild.store.tables import mails


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A mail that waits for its bytes."""

    id: int
    uidvalidity: int
    uid: int


def list_wanted(connection: Connection, mailbox_id: int) -> list[Wanted]:
    """Give those of one mailbox that `retry_held` has set to wait for their bytes, the oldest first."""
    columns = (mails.c.id, mails.c.uidvalidity, mails.c.uid, mails.c.mailbox_id)
    query = select(*columns).where(mails.c.outcome.is_(None), mails.c.digest.is_(None))
    # The mailbox is compared here: SQLite would look for it first, among all the mails that it ever brought.
    rows = [row for row in connection.execute(query) if row.mailbox_id == mailbox_id]
    return [Wanted(id=row.id, uidvalidity=row.uidvalidity, uid=row.uid) for row in sorted(rows, key=lambda row: row.id)]


def bring_bytes(connection: Connection, mail_id: int, source: bytes) -> None:
    """Give such a mail its bytes: from now on it waits to be taken in like any other; rings "intake"."""
    brought = {"digest": add_source(connection, source), "size": len(source), "because": None}
    waiting = (mails.c.id == mail_id, mails.c.outcome.is_(None), mails.c.digest.is_(None))
    connection.execute(update(mails).where(*waiting).values(brought))
    ring(connection, "intake")
