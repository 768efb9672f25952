"""The tables: they are the work (DESIGN.md, decision 1). A row that waits is claimed by a lease that expires."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    text,
)

from maild.store.columns import Json, UtcDateTime, Words

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Id = BigInteger().with_variant(Integer(), "sqlite")


def lease() -> tuple[Column[str], Column[object]]:
    """The two columns by which a worker has a row for a while."""
    return Column("lease_holder", String(80)), Column("lease_until", UtcDateTime())


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
    comment="the bytes of received messages, zlib-compressed; digest is SHA-256 of the uncompressed bytes",
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
    Column("facts", Json),
    Column("trust", String(10)),
    Column("verdicts", Json),
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

IS_HELD, IS_UNCERTAIN = text("outcome = 'held'"), text("state = 'uncertain'")
Index("ix_mails_held", mails.c.id, sqlite_where=IS_HELD, postgresql_where=IS_HELD)

IS_CLOSED, IS_NOT_CLOSED = text("status = 'closed'"), text("status != 'closed'")
"""Which tickets the indexes below know. As text: a statement that is planned for any parameter can use neither index."""

tickets = Table(
    "tickets",
    metadata,
    Column("id", Id, primary_key=True),
    Column("status", String(20), nullable=False),
    Column("technical", Boolean),
    Column("category", String(100)),
    Column("urgency", Integer),
    Column("impact", Integer),
    Column("priority", Integer),
    Column("client", String(500), nullable=False),
    Column("client_name", Words, nullable=False),
    Column("language", String(8), nullable=False),
    Column("subject", Words, nullable=False),
    Column("assignee", String(200)),
    Column("team", String(200)),
    Column("opened_at", UtcDateTime(), nullable=False),
    Column("next_update_due_at", UtcDateTime()),
    Column("sheet", Json),
    Column("eta_at", UtcDateTime()),
    Column("merged_into", Id),
    Column("escalation_level", Integer),
    Index("ix_tickets_status", "status"),
    Index("ix_tickets_client", "client"),
    sqlite_autoincrement=True,
)
Index("ix_tickets_load", tickets.c.assignee, sqlite_where=IS_NOT_CLOSED, postgresql_where=IS_NOT_CLOSED)
Index(
    "ix_tickets_solved",
    tickets.c.category,
    tickets.c.id,
    tickets.c.assignee,
    sqlite_where=IS_CLOSED,
    postgresql_where=IS_CLOSED,
)

participants = Table(
    "participants",
    metadata,
    Column("ticket_id", ForeignKey("tickets.id"), primary_key=True),
    Column("address", String(500), primary_key=True),
    Column("role", String(20), nullable=False),
    comment="address in lower case: who belongs to a ticket's conversation",
)

threads = Table(
    "threads",
    metadata,
    Column("message_id", Words, primary_key=True),
    Column("ticket_id", ForeignKey("tickets.id"), primary_key=True),
    Column("kind", String(10), nullable=False),
    comment="Message-IDs by which a ticket is known: in (a client's mail), out (ours), ghost (referred to, never seen)",
)

links = Table(
    "links",
    metadata,
    Column("ticket_id", ForeignKey("tickets.id"), primary_key=True),
    Column("other_id", ForeignKey("tickets.id"), primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("because", Words, nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("id", Id, primary_key=True),
    Column("ticket_id", ForeignKey("tickets.id"), nullable=False),
    Column("at", UtcDateTime(), nullable=False),
    Column("actor", String(500), nullable=False),
    Column("event", String(40), nullable=False),
    Column("because", Words, nullable=False),
    Column("mail_id", ForeignKey("mails.id")),
    Column("outbox_id", ForeignKey("outbox.id")),
    Column("deadline_id", ForeignKey("deadlines.id")),
    Column("before", Json),
    Column("heard_id", Id),
    Index("ix_events_ticket_id", "ticket_id"),
    comment="append-only; mail_id, outbox_id, deadline_id or heard_id (of mirror_heard) is the cause",
)

actions = Table(
    "actions",
    metadata,
    Column("token", String(40), primary_key=True),
    Column("ticket_id", ForeignKey("tickets.id")),
    Column("person", String(500), nullable=False),
    Column("orders", Words, nullable=False),
    Column("mail_id", ForeignKey("mails.id")),
    Column("made_at", UtcDateTime(), nullable=False),
    Column("used_at", UtcDateTime()),
    Index("ix_actions_ticket_id", "ticket_id"),
    comment="one-tap actions: what happens when this person, an address in lower case, answers with this token; once;"
    " mail_id: the held mail that the tap releases",
)

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
    comment="mails that wait to be submitted, one row one envelope recipient; content: rendered bytes, CRLF, zlib-compressed;"
    " state: due, claimed, sending, sent, deferred, bounced, uncertain, held, dropped",
)
Index(
    "ix_outbox_unsettled",
    outbox.c.due_at,
    sqlite_where=outbox.c.settled_at.is_(None),
    postgresql_where=outbox.c.settled_at.is_(None),
)
Index("ix_outbox_uncertain", outbox.c.id, sqlite_where=IS_UNCERTAIN, postgresql_where=IS_UNCERTAIN)

deadlines = Table(
    "deadlines",
    metadata,
    Column("id", Id, primary_key=True),
    Column("ticket_id", ForeignKey("tickets.id"), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("due_at", UtcDateTime(), nullable=False),
    Column("mail_id", ForeignKey("mails.id")),
    *lease(),
    Column("settled_at", UtcDateTime()),
    Column("because", Words),
    Column("deadline_id", Id),
    Column("stopped_mail_id", Id),
    Column("stopped_deadline_id", Id),
    Index("ix_deadlines_ticket_id", "ticket_id"),
    comment="a point in time at which something is owed; settled_at null: live",
)
Index(
    "ix_deadlines_live",
    deadlines.c.due_at,
    sqlite_where=deadlines.c.settled_at.is_(None),
    postgresql_where=deadlines.c.settled_at.is_(None),
)

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

people = Table(
    "people",
    metadata,
    Column("address", String(500), primary_key=True),
    Column("name", Words),
    Column("bounced_at", UtcDateTime()),
    Column("bounce", Words),
    comment="contacts outside the desk: what we know about an address",
)

secrets = Table(
    "secrets",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", LargeBinary, nullable=False),
    Column("created_at", UtcDateTime(), nullable=False),
    Column("retired_at", UtcDateTime()),
    comment="keys of the tokens; id is the key id that a token names",
)

examples = Table(
    "examples",
    metadata,
    Column("id", Id, primary_key=True),
    Column("identity", String(64), nullable=False),
    Column("name", Words),
    Column("message_id", Words),
    Column("digest", String(64)),
    Column("ticket", Words),
    Column("group", Words),
    Column("subject", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("language", String(8)),
    Column("written_at", UtcDateTime()),
    Column("added_at", UtcDateTime(), nullable=False),
    UniqueConstraint("identity"),
    comment="labelled texts that were imported and are no mail of this desk; identity: SHA-256 of what a file knows them by;"
    " name, message_id, digest, ticket and group as the file gave them",
)

labels = Table(
    "labels",
    metadata,
    Column("id", Id, primary_key=True),
    Column("mail_id", ForeignKey("mails.id")),
    Column("example_id", ForeignKey("examples.id")),
    Column("question", String(40), nullable=False),
    Column("value", String(100), nullable=False),
    Column("said_by", String(500), nullable=False),
    Column("said_at", UtcDateTime(), nullable=False),
    Column("source", String(10), nullable=False),
    Column("verdict", String(100)),
    Column("cause_mail_id", ForeignKey("mails.id")),
    UniqueConstraint("mail_id", "question", "said_at", "said_by", "value"),
    UniqueConstraint("example_id", "question", "said_at", "said_by", "value"),
    Index("ix_labels_question", "question"),
    comment="what people said about a mail or an example; the newest counts, all are kept; source: tsm, admin, import, audit;"
    " verdict: what the model had said, null: nothing; cause_mail_id: the mail in which it was said",
)

articles = Table(
    "articles",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("version", Integer, nullable=False),
    Column("title", Words, nullable=False),
    Column("body", Words, nullable=False),
    Column("ticket_id", ForeignKey("tickets.id")),
    Column("created_at", UtcDateTime(), nullable=False),
    Column("retired_at", UtcDateTime()),
    Column("category", String(100)),
    Column("language", String(8)),
    Column("written_by", String(500)),
    Column("retired_because", Words),
    UniqueConstraint("name", "version"),
)
