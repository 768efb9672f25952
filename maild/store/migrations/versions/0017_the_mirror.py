"""The mirror: the issues of tickets in a tracker, what has to be told there, and what was heard from there."""

import sqlalchemy as sa
from alembic import op

from maild.store.tables import Id
from maild.store.tables.columns import Json, UtcDateTime, Words

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("events", sa.Column("heard_id", Id, nullable=True))
    comment = "append-only; mail_id, outbox_id, deadline_id or heard_id (of mirror_heard) is the cause"
    if op.get_bind().dialect.name == "postgresql":
        op.create_table_comment("events", comment)
    _issues()
    _outbox()
    _heard()
    op.create_table(
        "mirror_deliveries",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("delivery", sa.String(100), nullable=False),
        sa.Column("heard_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_mirror_deliveries"),
        comment="webhooks of the last hours, by the SHA-256 of their bodies, so that none counts twice",
    )
    op.create_index("ix_mirror_deliveries_delivery", "mirror_deliveries", ["delivery"])
    op.create_table(
        "mirror_places",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("place", Words, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_mirror_places"),
        comment="where the mirror is: namespace (of our ids), event (the last one looked at), polled (until when)",
    )


def _issues() -> None:
    op.create_table(
        "mirror_issues",
        sa.Column("ticket_id", Id, sa.ForeignKey("tickets.id", name="fk_mirror_issues_ticket_id"), nullable=False),
        sa.Column("issue", sa.String(40), nullable=False),
        sa.Column("key", sa.String(100)),
        sa.Column("url", Words),
        sa.Column("made_at", UtcDateTime()),
        sa.Column("told", Json),
        sa.Column("seen", Json),
        sa.Column("looked_at", UtcDateTime()),
        sa.Column("updated_at", UtcDateTime()),
        sa.Column("gone_at", UtcDateTime()),
        sa.Column("due_at", UtcDateTime()),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("lease_holder", sa.String(80)),
        sa.Column("lease_until", UtcDateTime()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("trouble", Words),
        sa.PrimaryKeyConstraint("ticket_id", name="pk_mirror_issues"),
        sa.UniqueConstraint("issue", name="uq_mirror_issues_issue"),
        comment="the issue of a ticket, under an id of our own; key, url: as the tracker calls it; made_at null: not there yet;"
        " told, seen: its fields as we told them last, and as they were seen last; updated_at: the tracker's own of that moment;"
        " due_at null: nothing to do; asked: how often it was made due",
    )
    is_due = sa.text("due_at IS NOT NULL")
    op.create_index("ix_mirror_issues_due", "mirror_issues", ["due_at"], sqlite_where=is_due, postgresql_where=is_due)


def _outbox() -> None:
    op.create_table(
        "mirror_outbox",
        sa.Column("id", Id, nullable=False),
        sa.Column("ticket_id", Id, sa.ForeignKey("tickets.id", name="fk_mirror_outbox_ticket_id"), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("event_id", Id, sa.ForeignKey("events.id", name="fk_mirror_outbox_event_id")),
        sa.Column("foreign_id", sa.String(40), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("answer", Words),
        sa.Column("settled_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_mirror_outbox"),
        sa.UniqueConstraint("foreign_id", name="uq_mirror_outbox_foreign_id"),
        comment="comments and links that have to be made below a ticket's issue, each once, under an id of our own; their words"
        " are those of the event; kind: comment, link; state: due, sent, refused, dropped",
    )
    op.create_index("ix_mirror_outbox_ticket_id", "mirror_outbox", ["ticket_id"])


def _heard() -> None:
    op.create_table(
        "mirror_heard",
        sa.Column("id", Id, nullable=False),
        sa.Column("ticket_id", Id, sa.ForeignKey("tickets.id", name="fk_mirror_heard_ticket_id"), nullable=False),
        sa.Column("foreign_id", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("author", Words, nullable=False),
        sa.Column("address", sa.String(500)),
        sa.Column("said", Words, nullable=False),
        sa.Column("said_at", UtcDateTime(), nullable=False),
        sa.Column("heard_at", UtcDateTime(), nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_mirror_heard"),
        sa.UniqueConstraint("foreign_id", name="uq_mirror_heard_foreign_id"),
        comment="what people wrote or decided in the tracker; kind: comment, or the field; outcome: noted, applied, declined,"
        " agreed",
    )
    op.create_index("ix_mirror_heard_ticket_id", "mirror_heard", ["ticket_id"])
