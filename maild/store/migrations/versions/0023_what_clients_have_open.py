"""Index of the open tickets of each client: they are few, however many of theirs are closed."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    is_open = sa.text("status != 'closed'")
    op.create_index("ix_tickets_open", "tickets", ["client"], sqlite_where=is_open, postgresql_where=is_open)
