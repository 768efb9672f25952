"""What makes a clock run, and what stops it: the mail or the deadline."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    for name in ("deadline_id", "stopped_mail_id", "stopped_deadline_id"):
        op.add_column("deadlines", sa.Column(name, _ID, nullable=True))
