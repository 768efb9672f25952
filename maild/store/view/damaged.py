"""The values of an SQLite file that no longer read as what they were written as. PostgreSQL looks after its own."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Column, Connection, LargeBinary, Table, cast, select

from maild.store.tables import metadata
from maild.store.tables.columns import Json, UtcDateTime

PORTION = 500
"""Rows that are in memory at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DamagedValue:
    """Where it stands; what it was is a mail's, and is not shown."""

    table: str
    row: str
    """Its primary key."""

    column: str
    wrong: str
    """`no UTF-8`, `no JSON` or `no moment`."""


def find_damaged(connection: Connection) -> Iterator[DamagedValue]:
    """Read every text, moment and JSON of every table. Damaged bytes of mails are told by whoever reads them."""
    if connection.dialect.name != "sqlite":
        return
    for table in metadata.sorted_tables:
        columns = [column for column in table.columns if not isinstance(column.type, LargeBinary)]
        octets = (cast(column, LargeBinary).label(f"octets_{column.name}") for column in columns)
        keys = table.primary_key.columns
        found = connection.execute(select(*keys, *octets).execution_options(yield_per=PORTION))
        for row in found:
            for column, value in zip(columns, row[len(keys) :], strict=True):
                if value is not None and (wrong := _wrong(column, value)):
                    yield DamagedValue(table=table.name, row=_named(table, row), column=column.name, wrong=wrong)


def _wrong(column: Column[Any], octets: bytes) -> str | None:
    try:
        text = octets.decode()
    except UnicodeDecodeError:
        return "no UTF-8"
    wrong, read = _KINDS.get(_kind(column), (None, str))
    try:
        read(text)
    except (ValueError, RecursionError):
        return wrong
    return None


def _kind(column: Column[Any]) -> str:
    return "moment" if isinstance(column.type, UtcDateTime) else "json" if column.type is Json else ""


_KINDS: Mapping[str, tuple[str, Callable[[str], object]]] = MappingProxyType(
    {"moment": ("no moment", datetime.fromisoformat), "json": ("no JSON", json.loads)}
)


def _named(table: Table, row: Any) -> str:
    return ", ".join(f"{key.name} {row[place]}" for place, key in enumerate(table.primary_key.columns))
