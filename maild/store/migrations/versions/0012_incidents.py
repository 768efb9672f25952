"""Incidents as they are proposed, declared and answered; no version ever wrote the table that was there."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.drop_table("incidents")
    _incidents()
    op.create_index("ix_incidents_ticket_id", "incidents", ["ticket_id"], unique=False)
    op.create_index("ix_incidents_standing", "incidents", ["standing"], unique=False)
    _members()
    op.create_index("ix_incident_members_ticket_id", "incident_members", ["ticket_id"], unique=False)


def _incidents() -> None:
    op.create_table(
        "incidents",
        sa.Column("id", ID, nullable=False),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("standing", sa.String(10), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("facts", JSON, nullable=True),
        sa.Column("terms", JSON, nullable=True),
        sa.Column("mail_id", ID, nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("declared_by", sa.String(500), nullable=True),
        sa.Column("declared_at", MOMENT, nullable=True),
        sa.Column("settled_by", sa.String(500), nullable=True),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_incidents"),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_incidents_ticket_id"),
        sa.ForeignKeyConstraint(["mail_id"], ["mails.id"], name="fk_incidents_mail_id"),
        comment="many tickets with one cause, called by the number of its first; standing: proposed, dismissed, declared,"
        " resolved, undone; facts: the statistics of the proposal, null: declared unasked; terms: what its tickets share;"
        " mail_id: the mail that made it",
    )


def _members() -> None:
    op.create_table(
        "incident_members",
        sa.Column("incident_id", ID, nullable=False),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("joined_at", MOMENT, nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("left_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("incident_id", "ticket_id", name="pk_incident_members"),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name="fk_incident_members_incident_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_incident_members_ticket_id"),
        comment="tickets of an incident; is_late: maild put it there by its words after the declaration; left_at: taken out",
    )
