"""Restorations: when a backup was put back, and whether the desk has been let go on since."""

import sqlalchemy as sa
from alembic import op

from maild.store.tables import Id
from maild.store.tables.columns import UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "restorations",
        sa.Column("id", Id, nullable=False),
        sa.Column("backup_at", UtcDateTime(), nullable=False),
        sa.Column("restored_at", UtcDateTime(), nullable=False),
        sa.Column("restored_by", sa.String(500), nullable=False),
        sa.Column("resumed_at", UtcDateTime()),
        sa.Column("resumed_by", sa.String(500)),
        sa.Column("quiet_until", UtcDateTime()),
        sa.Column("last_ticket", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_restorations"),
        comment="append-only but for the resumption; resumed_at null: nothing is taken in and nothing is submitted; quiet_until:"
        " what maild composes because of mail from before, or of deadlines, may have been sent already; last_ticket: of the"
        " backup",
    )
