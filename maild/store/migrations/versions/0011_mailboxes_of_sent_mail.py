"""Mailboxes of sent mail: what lies there was written in the name of the desk."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mailboxes", sa.Column("is_sent", sa.Boolean(), nullable=True))
