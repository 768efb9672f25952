"""The tables of what is learnt: labels, models, articles, incidents."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    _labels()
    _labels_indexes()
    _models()
    _articles()
    _incidents()


def _labels() -> None:
    op.create_table(
        "labels",
        sa.Column("id", ID, nullable=False),
        sa.Column("mail_id", ID, nullable=False),
        sa.Column("question", sa.String(40), nullable=False),
        sa.Column("value", sa.String(100), nullable=False),
        sa.Column("said_by", sa.String(500), nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.Column("cause_mail_id", ID, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_labels"),
        sa.ForeignKeyConstraint(["mail_id"], ["mails.id"], name="fk_labels_mail_id"),
        sa.ForeignKeyConstraint(["cause_mail_id"], ["mails.id"], name="fk_labels_cause_mail_id"),
    )


def _labels_indexes() -> None:
    op.create_index("ix_labels_mail_id", "labels", ["mail_id"], unique=False)


def _models() -> None:
    op.create_table(
        "models",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("question", sa.String(40), nullable=False),
        sa.Column("card", JSON, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("standing", sa.String(12), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_models"),
        comment="trained models, so that every machine has them; standing: candidate, shadow, in_service, retired",
    )


def _articles() -> None:
    op.create_table(
        "articles",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("ticket_id", ID, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("retired_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_articles"),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_articles_ticket_id"),
        sa.UniqueConstraint("name", "version", name="uq_articles_name_version"),
    )


def _incidents() -> None:
    op.create_table(
        "incidents",
        sa.Column("id", ID, nullable=False),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("declared_by", sa.String(500), nullable=False),
        sa.Column("declared_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("score", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_incidents"),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_incidents_ticket_id"),
    )
