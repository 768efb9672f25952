"""The table of keys: what the tokens in addresses and subjects are made with."""

from sqlalchemy import Column, Integer, LargeBinary, Table

from maild.store.tables.columns import UtcDateTime
from maild.store.tables.schema import metadata

secrets = Table(
    "secrets",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", LargeBinary, nullable=False),
    Column("created_at", UtcDateTime(), nullable=False),
    Column("retired_at", UtcDateTime()),
    comment="keys of the tokens; id is the key id that a token names",
)
