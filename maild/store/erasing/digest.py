"""A digest over all rows of a person: it tells that they are not what they were, and nothing of what they held."""

import hashlib
from collections.abc import Iterator

from sqlalchemy import Column, Connection, select

from maild.store.database.portions import portions
from maild.store.erasing.theirs import Theirs
from maild.store.tables import events, examples, mails, outbox, tickets


def digest_of_theirs(connection: Connection, theirs: Theirs) -> str:
    """SHA-256 over the rows, in one order."""
    total = hashlib.sha256()
    for line in _lines(connection, theirs):
        total.update(line.encode())
    return total.hexdigest()


def _lines(connection: Connection, theirs: Theirs) -> Iterator[str]:
    for column, ids in (
        (tickets.c.id, theirs.tickets),
        (mails.c.id, theirs.mails),
        (outbox.c.id, theirs.outbox),
        (examples.c.id, theirs.examples),
        (events.c.ticket_id, theirs.tickets),
    ):
        yield f"{column.table.name}\n"
        for some in portions(ids):
            order: tuple[Column[object], ...] = (column, *column.table.primary_key.columns)
            for row in connection.execute(select(column.table).where(column.in_(some)).order_by(*order)):
                yield f"{tuple(row)!r}\n"
