"""What is old enough to go, by kind; found in portions, so that no transaction is long."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, Subquery, func, null, or_, select, text, update

from maild.process.retention import ERASED_DOMAIN
from maild.store.database.packing import NOTHING
from maild.store.database.portions import portions
from maild.store.erasing.rows import ERASED, delete_sources
from maild.store.erasing.theirs import Theirs
from maild.store.erasing.tombstones import Copy
from maild.store.tables import IS_CLOSED, IS_NOT_CLOSED, IS_UNCERTAIN, deadlines, events, mails, outbox, tickets
from maild.store.tables.columns import UtcDateTime

AT_ONCE = 200
"""Tickets or mails of one transaction."""

PSEUDONYM = f"emptied@{ERASED_DOMAIN}"
"""Stands where an address was."""

UNWANTED = ("spam", "bulk", "automatic", "bounce", "unrelated", "duplicate")


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """How much of a kind is due now, and when the next of it will be."""

    kind: str
    count: int
    oldest_at: datetime | None
    """Of what is kept still and will be due one day; None: there is nothing of the kind."""


def count_due(connection: Connection, cutoffs: Mapping[str, datetime]) -> list[Due]:
    """Count, kind by kind. `cutoffs`: what is older is due."""
    found = []
    for kind, cutoff in cutoffs.items():
        aged = _of(kind)
        count = connection.scalar(select(func.count()).select_from(aged).where(aged.c.at <= cutoff))
        oldest = connection.scalar(select(func.min(aged.c.at)).where(aged.c.at > cutoff))
        found.append(Due(kind=kind, count=count or 0, oldest_at=oldest))
    return found


def overwrite(connection: Connection) -> None:
    """What is deleted from here on leaves zeros in the file of SQLite."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA secure_delete = ON"))


def find_old_tickets(connection: Connection, cutoff: datetime) -> Theirs | None:
    """The next closed tickets to be emptied; None: none is due."""
    numbers = _old(connection, "tickets", cutoff)
    if not numbers:
        return None
    columns = (mails.c.id, mails.c.digest, mails.c.message_id)
    rows = list(connection.execute(select(*columns).where(mails.c.ticket_id.in_(numbers))))
    written = select(outbox.c.id, outbox.c.message_id).where(
        outbox.c.ticket_id.in_(numbers), outbox.c.settled_at.is_not(None)
    )
    sent = list(connection.execute(written))
    copies = [Copy(digest=row.digest or "", message_id=row.message_id) for row in rows]
    return _theirs(numbers, [row.id for row in rows], copies, [row.id for row in sent])


def find_old_mails(connection: Connection, cutoff: datetime) -> Theirs | None:
    """The next mails without a ticket to be erased; None: none is due."""
    ids = _old(connection, "unwanted", cutoff)
    if not ids:
        return None
    rows = connection.execute(select(mails.c.digest, mails.c.message_id).where(mails.c.id.in_(ids)))
    return _theirs([], ids, [Copy(digest=row.digest or "", message_id=row.message_id) for row in rows], [])


def drop_old_sources(connection: Connection, cutoff: datetime) -> int:
    """Delete the bytes of the mails of the next closed tickets, and of what was sent about them; how many tickets."""
    numbers = _old(connection, "sources", cutoff)
    for some in portions(numbers):
        digests = [
            each for each in connection.scalars(select(mails.c.digest).where(mails.c.ticket_id.in_(some))) if each
        ]
        connection.execute(update(mails).where(mails.c.ticket_id.in_(some)).values(digest=null()))
        delete_sources(connection, digests)
        settled = update(outbox).where(outbox.c.ticket_id.in_(some), outbox.c.settled_at.is_not(None))
        connection.execute(settled.values(content=NOTHING))
    return len(numbers)


def _theirs(numbers: list[int], ids: list[int], copies: list[Copy], sent: list[int]) -> Theirs:
    return Theirs(
        address="", pseudonym=PSEUDONYM, tickets=tuple(numbers), open_tickets=(), mails=tuple(ids), outbox=tuple(sent),
        under_way=(), examples=(), articles=(), copies=tuple(copies), names=frozenset(), texts=(),
    )  # fmt: skip


def _old(connection: Connection, kind: str, cutoff: datetime) -> list[int]:
    aged = _of(kind)
    return list(connection.scalars(select(aged.c.id).where(aged.c.at <= cutoff).order_by(aged.c.id).limit(AT_ONCE)))


def _of(kind: str) -> Subquery:
    """Rows of the kind that are kept still: `id`, and `at` from when on they age."""
    if kind == "unwanted":
        is_kept = or_(mails.c.digest.is_not(None), mails.c.author.is_not(None))
        query = select(mails.c.id, mails.c.arrived_at.label("at"))
        return query.where(mails.c.ticket_id.is_(None), mails.c.outcome.in_(UNWANTED), is_kept).subquery()
    owed = (
        select(deadlines.c.id).where(deadlines.c.ticket_id == tickets.c.id, deadlines.c.settled_at.is_(None)).exists()
    )
    is_unsettled = or_(outbox.c.settled_at.is_(None), IS_UNCERTAIN)
    waits = select(outbox.c.id).where(outbox.c.ticket_id == tickets.c.id, is_unsettled).exists()
    last = select(func.max(events.c.at)).where(events.c.ticket_id == tickets.c.id).scalar_subquery()
    at = func.coalesce(last, tickets.c.opened_at, type_=UtcDateTime()).label("at")
    has_bytes = select(mails.c.id).where(mails.c.ticket_id == tickets.c.id, mails.c.digest.is_not(None)).exists()
    is_kept = tickets.c.subject != ERASED if kind == "tickets" else has_bytes
    is_over = (IS_CLOSED, ~owed, ~waits, tickets.c.id.not_in(_going_on()))
    return select(tickets.c.id, at).where(*is_over, is_kept).subquery()


def _going_on() -> Select[Any]:
    """Tickets that are not closed, and those that were merged into one of them, one after the other perhaps."""
    found = select(tickets.c.id).where(IS_NOT_CLOSED).cte(recursive=True)
    merged = select(tickets.c.id).join(found, tickets.c.merged_into == found.c.id)
    return select(found.union(merged).c.id)
