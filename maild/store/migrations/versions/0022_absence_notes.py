"""Index of automatic mail: the absence notes of the desk's people are few among it all."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    automatic = sa.text("outcome = 'automatic'")
    op.create_index("ix_mails_automatic", "mails", ["author", "id"], sqlite_where=automatic, postgresql_where=automatic)
