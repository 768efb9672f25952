"""Indexes of what is watched: held mails and uncertain ones are few among many."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    held, uncertain = sa.text("outcome = 'held'"), sa.text("state = 'uncertain'")
    op.create_index("ix_mails_held", "mails", ["id"], sqlite_where=held, postgresql_where=held)
    op.create_index("ix_outbox_uncertain", "outbox", ["id"], sqlite_where=uncertain, postgresql_where=uncertain)
