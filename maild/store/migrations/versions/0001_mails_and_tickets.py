"""The tables of mails and tickets."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    _mailboxes()
    _sources()
    _tickets()
    _tickets_indexes()
    _mails()
    _mails_indexes()
    _participants()
    _threads()
    _links()


def _mailboxes() -> None:
    op.create_table(
        "mailboxes",
        sa.Column("id", ID, nullable=False),
        sa.Column("account", sa.String(320), nullable=False),
        sa.Column("name", sa.String(500), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=True),
        sa.Column("last_uid", sa.BigInteger(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=True),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.Column("lease_holder", sa.String(80), nullable=True),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_mailboxes"),
        sa.UniqueConstraint("account", "name", name="uq_mailboxes_account_name"),
        comment="one IMAP mailbox: cursor, lease (one process polls it), last trouble",
    )


def _sources() -> None:
    op.create_table(
        "sources",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_sources"),
        comment="the bytes of received messages, zlib-compressed; digest is SHA-256 of the uncompressed bytes",
    )


def _tickets() -> None:
    op.create_table(
        "tickets",
        sa.Column("id", ID, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("technical", sa.Boolean(), nullable=True),
        sa.Column("category", sa.String(100), nullable=True),
        sa.Column("urgency", sa.Integer(), nullable=True),
        sa.Column("impact", sa.Integer(), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=True),
        sa.Column("client", sa.String(500), nullable=False),
        sa.Column("client_name", sa.Text(), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("assignee", sa.String(200), nullable=True),
        sa.Column("team", sa.String(200), nullable=True),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("next_update_due_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_tickets"),
        sqlite_autoincrement=True,
    )


def _tickets_indexes() -> None:
    op.create_index("ix_tickets_client", "tickets", ["client"], unique=False)
    op.create_index("ix_tickets_status", "tickets", ["status"], unique=False)


def _mails() -> None:
    op.create_table(
        "mails",
        sa.Column("id", ID, nullable=False),
        sa.Column("mailbox_id", ID, nullable=True),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=True),
        sa.Column("uid", sa.BigInteger(), nullable=True),
        sa.Column("digest", sa.String(64), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("arrived_at", MOMENT, nullable=False),
        sa.Column("stored_at", MOMENT, nullable=False),
        sa.Column("lease_holder", sa.String(80), nullable=True),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=True),
        sa.Column("because", sa.Text(), nullable=True),
        sa.Column("taken_in_at", MOMENT, nullable=True),
        sa.Column("marked_at", MOMENT, nullable=True),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("fingerprint", sa.String(64), nullable=True),
        sa.Column("author", sa.String(500), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("written_at", MOMENT, nullable=True),
        sa.Column("language", sa.String(8), nullable=True),
        sa.Column("new_text", sa.Text(), nullable=True),
        sa.Column("facts", JSON, nullable=True),
        sa.Column("trust", sa.String(10), nullable=True),
        sa.Column("verdicts", JSON, nullable=True),
        sa.Column("ticket_id", ID, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_mails"),
        sa.ForeignKeyConstraint(["mailbox_id"], ["mailboxes.id"], name="fk_mails_mailbox_id"),
        sa.ForeignKeyConstraint(["digest"], ["sources.digest"], name="fk_mails_digest"),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_mails_ticket_id"),
        sa.UniqueConstraint("mailbox_id", "uidvalidity", "uid", name="uq_mails_mailbox_id_uidvalidity_uid"),
        comment="one row per arrival; outcome null: waits to be taken in; marked_at null: not yet moved or flagged on the server; digest null: too large, its bytes stayed on the server",
    )


def _mails_indexes() -> None:
    op.create_index("ix_mails_author", "mails", ["author"], unique=False)
    op.create_index("ix_mails_digest", "mails", ["digest"], unique=False)
    op.create_index("ix_mails_fingerprint", "mails", ["fingerprint"], unique=False)
    op.create_index("ix_mails_message_id", "mails", ["message_id"], unique=False)
    op.create_index("ix_mails_ticket_id", "mails", ["ticket_id"], unique=False)
    op.create_index(
        "ix_mails_unmarked",
        "mails",
        ["mailbox_id", "id"],
        unique=False,
        sqlite_where=sa.text("marked_at IS NULL"),
        postgresql_where=sa.text("marked_at IS NULL"),
    )
    op.create_index(
        "ix_mails_waiting",
        "mails",
        ["id"],
        unique=False,
        sqlite_where=sa.text("outcome IS NULL"),
        postgresql_where=sa.text("outcome IS NULL"),
    )


def _participants() -> None:
    op.create_table(
        "participants",
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("address", sa.String(500), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("ticket_id", "address", name="pk_participants"),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_participants_ticket_id"),
        comment="address in lower case: who belongs to a ticket's conversation",
    )


def _threads() -> None:
    op.create_table(
        "threads",
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint("message_id", "ticket_id", name="pk_threads"),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_threads_ticket_id"),
        comment="Message-IDs by which a ticket is known: in (a client's mail), out (ours), ghost (referred to, never seen)",
    )


def _links() -> None:
    op.create_table(
        "links",
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("other_id", ID, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("ticket_id", "other_id", "kind", name="pk_links"),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_links_ticket_id"),
        sa.ForeignKeyConstraint(["other_id"], ["tickets.id"], name="fk_links_other_id"),
    )
