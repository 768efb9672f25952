"""The table of restorations: when a backup was put back, and whether the desk has been let go on since."""

from sqlalchemy import BigInteger, Column, String, Table

from maild.store.tables.columns import UtcDateTime
from maild.store.tables.schema import Id, metadata

restorations = Table(
    "restorations",
    metadata,
    Column("id", Id, primary_key=True),
    Column("backup_at", UtcDateTime(), nullable=False),
    Column("restored_at", UtcDateTime(), nullable=False),
    Column("restored_by", String(500), nullable=False),
    Column("resumed_at", UtcDateTime()),
    Column("resumed_by", String(500)),
    Column("quiet_until", UtcDateTime()),
    Column("last_ticket", BigInteger),
    comment="append-only but for the resumption; resumed_at null: nothing is taken in and nothing is submitted; quiet_until:"
    " what maild composes because of mail from before, or of deadlines, may have been sent already; last_ticket: of the backup",
)
