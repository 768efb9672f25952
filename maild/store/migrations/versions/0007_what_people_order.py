"""What people order by mail: one-tap actions, releases, estimates, merged tickets, and what can be undone."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("tickets", sa.Column("eta_at", MOMENT, nullable=True))
    op.add_column("tickets", sa.Column("merged_into", ID, nullable=True))
    op.add_column("events", sa.Column("before", JSON, nullable=True))
    op.add_column("mails", sa.Column("released_at", MOMENT, nullable=True))
    op.create_table(
        "actions",
        sa.Column("token", sa.String(40), nullable=False),
        sa.Column("ticket_id", ID, nullable=True),
        sa.Column("person", sa.String(500), nullable=False),
        sa.Column("orders", sa.Text(), nullable=False),
        sa.Column("mail_id", ID, nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("token", name="pk_actions"),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_actions_ticket_id"),
        sa.ForeignKeyConstraint(["mail_id"], ["mails.id"], name="fk_actions_mail_id"),
        comment="one-tap actions: what happens when this person, an address in lower case, answers with this token; once;"
        " mail_id: the held mail that the tap releases",
    )
    op.create_index("ix_actions_ticket_id", "actions", ["ticket_id"])
