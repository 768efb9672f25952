"""Open tickets of a client by their address in small letters, and of an organisation by its domain."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_DOMAIN = "lower(replace(client, rtrim(client, replace(client, '@', '')), ''))"


def upgrade() -> None:
    is_open = sa.text("status != 'closed'")
    op.drop_index("ix_tickets_open", "tickets")
    for name, words in (("ix_tickets_open", "lower(client)"), ("ix_tickets_domain", _DOMAIN)):
        op.create_index(name, "tickets", [sa.text(words)], sqlite_where=is_open, postgresql_where=is_open)
