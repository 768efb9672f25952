"""The tables of mail that came: mailboxes, bytes, and one row an arrival."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    text,
)

from maild.store.tables.columns import UtcDateTime, Words, shaped_json
from maild.store.tables.schema import Id, lease, metadata
from maild.store.tables.shapes import is_facts, is_verdicts

mailboxes = Table(
    "mailboxes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("account", String(320), nullable=False),
    Column("name", String(500), nullable=False),
    Column("uidvalidity", BigInteger),
    Column("last_uid", BigInteger, nullable=False, default=0),
    Column("since", UtcDateTime(), nullable=False),
    Column("seen_at", UtcDateTime()),
    Column("trouble", Words),
    Column("is_sent", Boolean),
    *lease(),
    UniqueConstraint("account", "name"),
    comment="one IMAP mailbox: cursor, lease (one process polls it), last trouble",
)

sources = Table(
    "sources",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("size", BigInteger, nullable=False),
    comment="the bytes of received messages, compressed; digest is SHA-256 of the uncompressed bytes",
)

mails = Table(
    "mails",
    metadata,
    Column("id", Id, primary_key=True),
    Column("mailbox_id", ForeignKey("mailboxes.id")),
    Column("uidvalidity", BigInteger),
    Column("uid", BigInteger),
    Column("digest", ForeignKey("sources.digest")),
    Column("size", BigInteger, nullable=False),
    Column("arrived_at", UtcDateTime(), nullable=False),
    Column("stored_at", UtcDateTime(), nullable=False),
    *lease(),
    Column("attempts", Integer, nullable=False, default=0),
    Column("outcome", String(20)),
    Column("because", Words),
    Column("taken_in_at", UtcDateTime()),
    Column("marked_at", UtcDateTime()),
    Column("message_id", Words),
    Column("fingerprint", String(64)),
    Column("author", String(500)),
    Column("subject", Words),
    Column("written_at", UtcDateTime()),
    Column("language", String(8)),
    Column("new_text", Words),
    Column("facts", shaped_json(is_facts)),
    Column("trust", String(10)),
    Column("verdicts", shaped_json(is_verdicts)),
    Column("ticket_id", ForeignKey("tickets.id")),
    Column("released_at", UtcDateTime()),
    Column("rank", Integer),
    Column("turn", BigInteger),
    UniqueConstraint("mailbox_id", "uidvalidity", "uid"),
    Index("ix_mails_message_id", "message_id"),
    Index("ix_mails_fingerprint", "fingerprint"),
    Index("ix_mails_digest", "digest"),
    Index("ix_mails_ticket_id", "ticket_id"),
    Index("ix_mails_author", "author"),
    comment="one row per arrival; outcome null: waits to be taken in; marked_at null: not yet moved or flagged on the server;"
    " digest null: too large, its bytes stayed on the server",
)
Index(
    "ix_mails_waiting", mails.c.id, sqlite_where=mails.c.outcome.is_(None), postgresql_where=mails.c.outcome.is_(None)
)
Index(
    "ix_mails_unmarked",
    mails.c.mailbox_id,
    mails.c.id,
    sqlite_where=mails.c.marked_at.is_(None),
    postgresql_where=mails.c.marked_at.is_(None),
)

IS_PLACED = text("outcome IS NULL AND turn IS NOT NULL")
Index("ix_mails_turn", mails.c.rank, mails.c.turn, mails.c.id, sqlite_where=IS_PLACED, postgresql_where=IS_PLACED)

IS_HELD = text("outcome = 'held'")
Index("ix_mails_held", mails.c.id, sqlite_where=IS_HELD, postgresql_where=IS_HELD)

IS_AUTOMATIC = text("outcome = 'automatic'")
Index("ix_mails_automatic", mails.c.author, mails.c.id, sqlite_where=IS_AUTOMATIC, postgresql_where=IS_AUTOMATIC)
