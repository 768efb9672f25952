"""The outbox for people: what is due, sent, deferred, bounced, uncertain, held."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from maild.process.desk import Desk
from maild.store.tables import outbox as table

STATES = ("due", "claimed", "sending", "sent", "deferred", "bounced", "uncertain", "held", "dropped")


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxLine:
    """A mail of the outbox, without its content."""

    id: int
    state: str
    kind: str
    audience: str
    to: str
    subject: str
    ticket: str | None
    message_id: str
    created_at: datetime
    due_at: datetime
    attempts: int
    answer: str | None
    """The submission server's words, or what is known instead."""

    settled_at: datetime | None


def list_outbox(
    connection: Connection, desk: Desk, *, states: Sequence[str] = (), last: int | None = None
) -> list[OutboxLine]:
    """Give the mails in the order in which they were written; `last`: only so many of the newest."""
    wanted = [table.c.state.in_(states)] if states else []
    columns = (
        table.c.id,
        table.c.state,
        table.c.kind,
        table.c.audience,
        table.c.recipient.label("to"),
        table.c.subject,
        table.c.ticket_id.label("ticket"),
        table.c.message_id,
        table.c.created_at,
        table.c.due_at,
        table.c.attempts,
        table.c.answer,
        table.c.settled_at,
    )
    query = select(*columns).where(*wanted).order_by(table.c.id.desc()).limit(last)
    rows = list(connection.execute(query).mappings())[::-1]
    return [OutboxLine(**{**row, "ticket": desk.show(row["ticket"]) if row["ticket"] else None}) for row in rows]
