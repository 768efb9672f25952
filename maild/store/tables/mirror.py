"""The tables of the mirror: which issue a ticket has, what has yet to be told there, and what was heard from there.

Words and addresses that came from the tracker stand in `mirror_heard` alone.
"""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from maild.store.tables.columns import UtcDateTime, Words, shaped_json
from maild.store.tables.schema import Id, lease, metadata
from maild.store.tables.shapes import is_issue

mirror_issues = Table(
    "mirror_issues",
    metadata,
    Column("ticket_id", ForeignKey("tickets.id"), primary_key=True, autoincrement=False),
    Column("issue", String(40), nullable=False),
    Column("key", String(100)),
    Column("url", Words),
    Column("made_at", UtcDateTime()),
    Column("told", shaped_json(is_issue)),
    Column("seen", shaped_json(is_issue)),
    Column("looked_at", UtcDateTime()),
    Column("updated_at", UtcDateTime()),
    Column("gone_at", UtcDateTime()),
    Column("due_at", UtcDateTime()),
    Column("asked", Integer, nullable=False, default=0),
    *lease(),
    Column("attempts", Integer, nullable=False, default=0),
    Column("trouble", Words),
    UniqueConstraint("issue"),
    comment="the issue of a ticket, under an id of our own; key, url: as the tracker calls it; made_at null: not there yet;"
    " told, seen: its fields as we told them last, and as they were seen last; updated_at: the tracker's own of that moment;"
    " due_at null: nothing to do; asked: how often it was made due",
)
Index(
    "ix_mirror_issues_due",
    mirror_issues.c.due_at,
    sqlite_where=mirror_issues.c.due_at.is_not(None),
    postgresql_where=mirror_issues.c.due_at.is_not(None),
)

mirror_outbox = Table(
    "mirror_outbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("ticket_id", ForeignKey("tickets.id"), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("event_id", ForeignKey("events.id")),
    Column("foreign_id", String(40), nullable=False),
    Column("created_at", UtcDateTime(), nullable=False),
    Column("state", String(10), nullable=False),
    Column("answer", Words),
    Column("settled_at", UtcDateTime()),
    UniqueConstraint("foreign_id"),
    Index("ix_mirror_outbox_ticket_id", "ticket_id"),
    comment="comments and links that have to be made below a ticket's issue, each once, under an id of our own; their words are"
    " those of the event; kind: comment, link; state: due, sent, refused, dropped",
)

mirror_heard = Table(
    "mirror_heard",
    metadata,
    Column("id", Id, primary_key=True),
    Column("ticket_id", ForeignKey("tickets.id"), nullable=False),
    Column("foreign_id", String(200), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("author", Words, nullable=False),
    Column("address", String(500)),
    Column("said", Words, nullable=False),
    Column("said_at", UtcDateTime(), nullable=False),
    Column("heard_at", UtcDateTime(), nullable=False),
    Column("outcome", String(10), nullable=False),
    UniqueConstraint("foreign_id"),
    Index("ix_mirror_heard_ticket_id", "ticket_id"),
    comment="what people wrote or decided in the tracker; kind: comment, or the field; outcome: noted, applied, declined,"
    " agreed",
)

mirror_deliveries = Table(
    "mirror_deliveries",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("delivery", String(100), nullable=False),
    Column("heard_at", UtcDateTime(), nullable=False),
    Index("ix_mirror_deliveries_delivery", "delivery"),
    comment="webhooks of the last hours, by the SHA-256 of their bodies, so that none counts twice",
)

mirror_places = Table(
    "mirror_places",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("place", Words, nullable=False),
    comment="where the mirror is: namespace (of our ids), event (the last one looked at), polled (until when)",
)
