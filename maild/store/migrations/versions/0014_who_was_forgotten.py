"""Erasure: who was forgotten, and the marks by which old copies are known. Search: mails of before 0013 are found, too."""

import sqlalchemy as sa
from alembic import op

from maild.store.tables import Id
from maild.store.tables.columns import Json, UtcDateTime, Words

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erasure_keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_erasure_keys"),
        comment="one row: the key of the marks in tombstones; it lives as long as they do",
    )
    op.create_table(
        "erasures",
        sa.Column("id", Id, nullable=False),
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("said_by", sa.String(500), nullable=False),
        sa.Column("because", Words),
        sa.Column("counts", Json, nullable=False),
        sa.Column("before", sa.String(64), nullable=False),
        sa.Column("after", sa.String(64), nullable=False),
        sa.Column("left", Json, nullable=False),
        sa.Column("done_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_erasures"),
        comment="append-only: each time somebody was forgotten; mark: keyed, of the address; before, after: digests of all"
        " rows that were theirs; left: steps that are still to be done, with what they need; done_at null: some are",
    )
    op.create_index("ix_erasures_mark", "erasures", ["mark"])
    op.create_table(
        "tombstones",
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("erasure_id", Id, sa.ForeignKey("erasures.id", name="fk_tombstones_erasure_id"), nullable=False),
        sa.Column("erased_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("mark", name="pk_tombstones"),
        comment="keyed marks of a forgotten address, of the digests of its mails and of Message-IDs: an old copy is known by"
        " them and is not kept; of an address only what had arrived by erased_at counts",
    )
    # 0013 left the word out by which tickets are told from articles: what it indexed was never found.
    op.execute(
        "UPDATE search_texts SET text = 'maildkindticket ' || text WHERE kind = 'ticket' AND text NOT LIKE 'maildkind%'"
    )
