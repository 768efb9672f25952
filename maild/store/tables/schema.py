"""The schema that all tables belong to: its metadata, the type of its numbers, and the lease by which a worker has a row."""

from sqlalchemy import BigInteger, Column, Integer, MetaData, String

from maild.store.tables.columns import UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Id = BigInteger().with_variant(Integer(), "sqlite")


def lease() -> tuple[Column[str], Column[object]]:
    """The two columns by which a worker has a row for a while."""
    return Column("lease_holder", String(80)), Column("lease_until", UtcDateTime())
