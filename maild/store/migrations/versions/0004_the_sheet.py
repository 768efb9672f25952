"""The sheet of a ticket: what was gathered about the issue."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tickets", sa.Column("sheet", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=True))
