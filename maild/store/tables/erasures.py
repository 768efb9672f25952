"""The tables of erasure: who was forgotten when and by whom, and the keyed marks by which old copies are known."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from maild.store.tables.columns import UtcDateTime, Words, shaped_json
from maild.store.tables.schema import Id, metadata
from maild.store.tables.shapes import is_object

erasure_keys = Table(
    "erasure_keys",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", LargeBinary, nullable=False),
    Column("made_at", UtcDateTime(), nullable=False),
    comment="one row: the key of the marks in tombstones; it lives as long as they do",
)

erasures = Table(
    "erasures",
    metadata,
    Column("id", Id, primary_key=True),
    Column("mark", String(64), nullable=False),
    Column("at", UtcDateTime(), nullable=False),
    Column("said_by", String(500), nullable=False),
    Column("because", Words),
    Column("counts", shaped_json(is_object), nullable=False),
    Column("before", String(64), nullable=False),
    Column("after", String(64), nullable=False),
    Column("left", shaped_json(is_object), nullable=False),
    Column("done_at", UtcDateTime()),
    Index("ix_erasures_mark", "mark"),
    comment="append-only: each time somebody was forgotten; mark: keyed, of the address; before, after: digests of all rows"
    " that were theirs; left: steps that are still to be done, with what they need; done_at null: some are",
)

tombstones = Table(
    "tombstones",
    metadata,
    Column("mark", String(64), primary_key=True),
    Column("erasure_id", ForeignKey("erasures.id"), nullable=False),
    Column("erased_at", UtcDateTime(), nullable=False),
    comment="keyed marks of a forgotten address, of the digests of its mails and of Message-IDs: an old copy is known by"
    " them and is not kept; of an address only what had arrived by erased_at counts",
)
