"""A copy of what was erased that came back: its bytes go, and its row says why."""

from datetime import datetime

from sqlalchemy import Connection, delete, null, select, update

from maild.store.erasing.retaining import overwrite
from maild.store.erasing.tombstones import FORGOTTEN
from maild.store.tables import mails, sources


def erase_returned(connection: Connection, mail_id: int, *, now: datetime) -> None:
    """Erase a mail that is being taken in; it stays where it lies on the server."""
    overwrite(connection)
    digest = connection.scalar(select(mails.c.digest).where(mails.c.id == mail_id))
    gone = {
        "digest": null(), "outcome": "unrelated", "because": FORGOTTEN, "taken_in_at": now, "marked_at": now,
        "lease_holder": null(), "lease_until": null(),
    }  # fmt: skip
    connection.execute(update(mails).where(mails.c.digest == digest, mails.c.outcome.is_(None)).values(gone))
    named = select(mails.c.id).where(mails.c.digest == digest)
    connection.execute(delete(sources).where(sources.c.digest == digest, ~named.exists()))
