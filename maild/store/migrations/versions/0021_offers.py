"""The taps of one mail in one row: an assignment offers a dozen, and one of them comes back, if any."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "offers",
        sa.Column("id", ID, nullable=False),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("person", sa.String(500), nullable=False),
        sa.Column("orders", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_offers"),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_offers_ticket_id"),
        comment="one-tap actions whose links have not come back, one row a mail; orders: JSON, token to commands;"
        " what comes back becomes a row of actions",
    )
    op.create_index("ix_offers_ticket_id", "offers", ["ticket_id"])
