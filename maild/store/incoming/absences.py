"""Absence notes: what machines answered about tickets in the names of the desk's people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from maild.process.ticket import Trust
from maild.store.tables import IS_AUTOMATIC, mails

MOST = 200
"""Notes that are read: the newest ones."""

_NOTES = (
    select(mails.c.id, mails.c.author, mails.c.new_text, mails.c.arrived_at, mails.c.written_at)
    .where(IS_AUTOMATIC, mails.c.author.in_(bindparam("addresses", expanding=True)))
    .where(mails.c.ticket_id.is_not(None), mails.c.arrived_at >= bindparam("since"))
    .where(mails.c.trust != Trust.CLAIMED.value)  # anybody can write so in somebody's name
    .order_by(mails.c.id.desc())
    .limit(MOST)
)
_OWN = (
    select(mails.c.id)
    .where(mails.c.author.in_(bindparam("addresses", expanding=True)), mails.c.id > bindparam("after"))
    .where(mails.c.arrived_at >= bindparam("since"))
    .where(mails.c.outcome.in_(("relay", "command")))
    .limit(1)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """An automatic answer to a mail about a ticket."""

    mail: int
    author: str
    words: str
    at: datetime
    """When it was written, as it says: whoever got it may have sent it again much later."""


def absence_notes(connection: Connection, addresses: Sequence[str], *, since: datetime) -> list[Note]:
    """The notes that came from these addresses, the newest first."""
    rows = connection.execute(_NOTES, {"addresses": list(addresses), "since": since})
    return [
        Note(
            mail=row.id,
            author=row.author,
            words=row.new_text or "",
            at=min(row.arrived_at, row.written_at or row.arrived_at),
        )
        for row in rows
    ]


def has_written_after(connection: Connection, addresses: Sequence[str], mail: int, *, since: datetime) -> bool:
    """Whether somebody has written to a client, or ordered anything, from these addresses after this mail and since then."""
    return connection.scalar(_OWN, {"addresses": list(addresses), "after": mail, "since": since}) is not None
