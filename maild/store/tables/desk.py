"""The tables of the desk: tickets with their people, conversations, events and clocks."""

from sqlalchemy import (
    Boolean,
    Column,
    ColumnClause,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    func,
    literal_column,
    text,
)

from maild.store.tables.columns import UtcDateTime, Words, shaped_json
from maild.store.tables.schema import Id, lease, metadata
from maild.store.tables.shapes import is_object, is_sheet

IS_CLOSED, IS_NOT_CLOSED = text("status = 'closed'"), text("status != 'closed'")
"""Which tickets the indexes below know. As text: a statement that is planned for any parameter can use neither index."""

CLIENT_DOMAIN: ColumnClause[str] = literal_column("lower(replace(client, rtrim(client, replace(client, '@', '')), ''))")
"""What stands behind the last @ of a ticket's client. As text, as above, and in words that both databases know."""

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
    Column("sheet", shaped_json(is_sheet)),
    Column("eta_at", UtcDateTime()),
    Column("merged_into", Id),
    Column("escalation_level", Integer),
    Index("ix_tickets_status", "status"),
    Index("ix_tickets_client", "client"),
    sqlite_autoincrement=True,
)
CLIENT_KEY = func.lower(tickets.c.client)
Index("ix_tickets_open", CLIENT_KEY, sqlite_where=IS_NOT_CLOSED, postgresql_where=IS_NOT_CLOSED)
Index("ix_tickets_domain", CLIENT_DOMAIN, _table=tickets, sqlite_where=IS_NOT_CLOSED, postgresql_where=IS_NOT_CLOSED)
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
    Column("before", shaped_json(is_object)),
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

offers = Table(
    "offers",
    metadata,
    Column("id", Id, primary_key=True),
    Column("ticket_id", ForeignKey("tickets.id"), nullable=False),
    Column("person", String(500), nullable=False),
    Column("orders", Words, nullable=False),
    Column("made_at", UtcDateTime(), nullable=False),
    Index("ix_offers_ticket_id", "ticket_id"),
    comment="one-tap actions whose links have not come back, one row a mail; orders: JSON, token to commands;"
    " what comes back becomes a row of actions",
)

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

people = Table(
    "people",
    metadata,
    Column("address", String(500), primary_key=True),
    Column("name", Words),
    Column("bounced_at", UtcDateTime()),
    Column("bounce", Words),
    comment="contacts outside the desk: what we know about an address",
)
