"""Indexes by which loads are counted and experience is found, however long the history is."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _index("ix_tickets_load", ["assignee"], "status != 'closed'")
    _index("ix_tickets_solved", ["category", "id", "assignee"], "status = 'closed'")


def _index(name: str, columns: list[str], where: str) -> None:
    op.create_index(name, "tickets", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
