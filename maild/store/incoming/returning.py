"""Mail that a restored backup does not know: what of it is there, and storing the rest as if it had just arrived."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select

from maild.store.database.bells import ring
from maild.store.database.portions import portions
from maild.store.erasing.tombstones import Copy, find_forgotten
from maild.store.incoming.arrivals import add_source
from maild.store.tables import mails, outbox


def are_known(connection: Connection, *, since: datetime) -> set[tuple[datetime, int]]:
    """Arrival, to the second, and size of the stored mails that arrived since: moved on the server, a mail keeps both."""
    query = select(mails.c.arrived_at, mails.c.size).where(mails.c.arrived_at >= since, mails.c.mailbox_id.is_not(None))
    return {(row.arrived_at.replace(microsecond=0), row.size) for row in connection.execute(query)}


def store_returned(connection: Connection, sources: Sequence[tuple[bytes, datetime]], *, now: datetime) -> None:
    """Store sources with their arrival; they wait to be taken in, and are marked nowhere. Who was forgotten stays so."""
    digests = [(add_source(connection, source), len(source), at) for source, at in sources]
    forgotten = find_forgotten(connection, [Copy(digest=digest) for digest, _, _ in digests])
    rows = [
        {"digest": digest, "size": size, "arrived_at": at, "stored_at": now, "marked_at": now, "attempts": 0}
        for place, (digest, size, at) in enumerate(digests)
        if place not in forgotten
    ]
    if rows:
        connection.execute(insert(mails), rows)
    ring(connection, "intake")


def submitted_among(connection: Connection, message_ids: Sequence[str]) -> list[str]:
    """Those of the Message-IDs that mails have which are not settled, or of which nobody knows whether they went out."""
    open_ones = (outbox.c.settled_at.is_(None)) | (outbox.c.state == "uncertain")
    return [
        found
        for some in portions(message_ids)
        for found in connection.scalars(select(outbox.c.message_id).where(outbox.c.message_id.in_(some), open_ones))
    ]
