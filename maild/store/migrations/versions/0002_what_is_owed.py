"""The tables of what is owed: outbox, deadlines, and the events that they cause."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _outbox()
    _outbox_indexes()
    _deadlines()
    _deadlines_indexes()
    _events()
    _events_indexes()
    _tallies()
    _people()
    _secrets()


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", ID, nullable=False),
        sa.Column("ticket_id", ID, nullable=True),
        sa.Column("mail_id", ID, nullable=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("audience", sa.String(10), nullable=False),
        sa.Column("recipient", sa.String(500), nullable=False),
        sa.Column("envelope_from", sa.String(500), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("token", sa.String(40), nullable=True),
        sa.Column("once", sa.String(200), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("new_text", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("lease_holder", sa.String(80), nullable=True),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_outbox_ticket_id"),
        sa.ForeignKeyConstraint(["mail_id"], ["mails.id"], name="fk_outbox_mail_id"),
        sa.UniqueConstraint("message_id", name="uq_outbox_message_id"),
        sa.UniqueConstraint("once", name="uq_outbox_once"),
        comment="mails that wait to be submitted, one row one envelope recipient; content: rendered bytes, CRLF, zlib-compressed; state: due, claimed, sending, sent, deferred, bounced, uncertain, held, dropped",
    )


def _outbox_indexes() -> None:
    op.create_index("ix_outbox_mail_id", "outbox", ["mail_id"], unique=False)
    op.create_index("ix_outbox_ticket_id", "outbox", ["ticket_id"], unique=False)
    op.create_index("ix_outbox_token", "outbox", ["token"], unique=False)
    op.create_index(
        "ix_outbox_unsettled",
        "outbox",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )


def _deadlines() -> None:
    op.create_table(
        "deadlines",
        sa.Column("id", ID, nullable=False),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("mail_id", ID, nullable=True),
        sa.Column("lease_holder", sa.String(80), nullable=True),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("because", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_deadlines"),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_deadlines_ticket_id"),
        sa.ForeignKeyConstraint(["mail_id"], ["mails.id"], name="fk_deadlines_mail_id"),
        comment="a point in time at which something is owed; settled_at null: live",
    )


def _deadlines_indexes() -> None:
    op.create_index(
        "ix_deadlines_live",
        "deadlines",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_index("ix_deadlines_ticket_id", "deadlines", ["ticket_id"], unique=False)


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("id", ID, nullable=False),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", sa.String(500), nullable=False),
        sa.Column("event", sa.String(40), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("mail_id", ID, nullable=True),
        sa.Column("outbox_id", ID, nullable=True),
        sa.Column("deadline_id", ID, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_events_ticket_id"),
        sa.ForeignKeyConstraint(["mail_id"], ["mails.id"], name="fk_events_mail_id"),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name="fk_events_outbox_id"),
        sa.ForeignKeyConstraint(["deadline_id"], ["deadlines.id"], name="fk_events_deadline_id"),
        comment="append-only; mail_id, outbox_id or deadline_id is the cause",
    )


def _events_indexes() -> None:
    op.create_index("ix_events_ticket_id", "events", ["ticket_id"], unique=False)


def _tallies() -> None:
    op.create_table(
        "tallies",
        sa.Column("name", sa.String(600), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", "hour", name="pk_tallies"),
        comment="acknowledgements written per address, domain and in total; hour: hours since 1970",
    )


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("address", sa.String(500), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("bounced_at", MOMENT, nullable=True),
        sa.Column("bounce", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("address", name="pk_people"),
        comment="contacts outside the desk: what we know about an address",
    )


def _secrets() -> None:
    op.create_table(
        "secrets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("retired_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_secrets"),
        comment="keys of the tokens; id is the key id that a token names",
    )
