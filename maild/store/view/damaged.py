"""The values that no longer read as what they were written as. Of PostgreSQL only JSON: it looks after its own texts."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, Column, Connection, Dialect, LargeBinary, Table, Text, cast, select

from maild.store.tables import metadata
from maild.store.tables.columns import UtcDateTime
from maild.store.tables.damaged import ReadableJson
from maild.store.tables.shapes import is_moment

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
    """`no UTF-8`, `no JSON`, `JSON of another shape` or `no moment`."""


def find_damaged(connection: Connection) -> Iterator[DamagedValue]:
    """Read every text, moment and JSON of every table. Damaged bytes of mails are told by whoever reads them."""
    is_postgresql = connection.dialect.name == "postgresql"
    raw = Text if is_postgresql else LargeBinary
    for table in metadata.sorted_tables:
        columns = [each for each in table.columns if not isinstance(each.type, LargeBinary)]
        if is_postgresql:
            columns = [each for each in columns if isinstance(each.type, JSON)]
        octets = (cast(column, raw).label(f"octets_{column.name}") for column in columns)
        keys = table.primary_key.columns
        found = connection.execute(select(*keys, *octets).execution_options(yield_per=PORTION)) if columns else ()
        for row in found:
            for column, value in zip(columns, row[len(keys) :], strict=True):
                if value is not None and (wrong := _wrong(column, value, connection.dialect)):
                    yield DamagedValue(table=table.name, row=_named(table, row), column=column.name, wrong=wrong)


def _wrong(column: Column[Any], value: bytes | str, dialect: Dialect) -> str | None:
    try:
        text = value.decode() if isinstance(value, bytes) else value
    except UnicodeDecodeError:
        return "no UTF-8"
    if isinstance(column.type, UtcDateTime):
        return None if is_moment(text) else "no moment"
    kind = column.type.dialect_impl(dialect)
    return _wrong_json(text, kind) if isinstance(kind, ReadableJson) else None


def _wrong_json(text: str, kind: ReadableJson) -> str | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return "no JSON"
    return None if value is None or kind.shape(value) else "JSON of another shape"


def _named(table: Table, row: Any) -> str:
    return ", ".join(f"{key.name} {row[place]}" for place, key in enumerate(table.primary_key.columns))
