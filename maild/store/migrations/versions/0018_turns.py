"""The place of a mail among those that wait, while they are many."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mails", sa.Column("rank", sa.Integer()))
    op.add_column("mails", sa.Column("turn", sa.BigInteger()))
    placed = sa.text("outcome IS NULL AND turn IS NOT NULL")
    op.create_index("ix_mails_turn", "mails", ["rank", "turn", "id"], sqlite_where=placed, postgresql_where=placed)
