"""The tables of mail that goes: the outbox, and what limits it."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table, UniqueConstraint, text

from maild.store.tables.columns import UtcDateTime, Words
from maild.store.tables.schema import Id, lease, metadata

IS_UNCERTAIN = text("state = 'uncertain'")

outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("ticket_id", ForeignKey("tickets.id")),
    Column("mail_id", ForeignKey("mails.id")),
    Column("kind", String(40), nullable=False),
    Column("audience", String(10), nullable=False),
    Column("recipient", String(500), nullable=False),
    Column("envelope_from", String(500), nullable=False),
    Column("message_id", Words, nullable=False),
    Column("token", String(40)),
    Column("once", String(200)),
    Column("subject", Words, nullable=False),
    Column("new_text", Words, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("created_at", UtcDateTime(), nullable=False),
    Column("state", String(12), nullable=False),
    Column("due_at", UtcDateTime(), nullable=False),
    *lease(),
    Column("attempts", Integer, nullable=False, default=0),
    Column("answer", Words),
    Column("settled_at", UtcDateTime()),
    UniqueConstraint("message_id"),
    UniqueConstraint("once"),
    Index("ix_outbox_token", "token"),
    Index("ix_outbox_ticket_id", "ticket_id"),
    Index("ix_outbox_mail_id", "mail_id"),
    comment="mails that wait to be submitted, one row one envelope recipient; content: rendered bytes, CRLF, compressed;"
    " state: due, claimed, sending, sent, deferred, bounced, uncertain, held, dropped",
)
Index(
    "ix_outbox_unsettled",
    outbox.c.due_at,
    sqlite_where=outbox.c.settled_at.is_(None),
    postgresql_where=outbox.c.settled_at.is_(None),
)
Index("ix_outbox_uncertain", outbox.c.id, sqlite_where=IS_UNCERTAIN, postgresql_where=IS_UNCERTAIN)

notices = Table(
    "notices",
    metadata,
    Column("id", Id, primary_key=True),
    Column("ticket_id", ForeignKey("tickets.id"), nullable=False),
    Column("recipient", String(500), nullable=False),
    Column("name", Words, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("created_at", UtcDateTime(), nullable=False),
    Column("due_at", UtcDateTime(), nullable=False),
    Column("settled_at", UtcDateTime()),
    Index("ix_notices_ticket_id", "ticket_id"),
    comment="mails to people of the desk that would have been too many; settled_at null: waits for a summary",
)
Index(
    "ix_notices_live",
    notices.c.due_at,
    sqlite_where=notices.c.settled_at.is_(None),
    postgresql_where=notices.c.settled_at.is_(None),
)

tallies = Table(
    "tallies",
    metadata,
    Column("name", String(600), primary_key=True),
    Column("hour", Integer, primary_key=True),
    Column("count", Integer, nullable=False),
    comment="acknowledgements written per address, domain and in total; hour: hours since 1970",
)
