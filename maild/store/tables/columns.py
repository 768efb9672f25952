"""Column types that mean the same on SQLite and on PostgreSQL."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, Text, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB

from maild.store.tables.damaged import ReadableJson, read_moment
from maild.store.tables.shapes import Shape


class UtcDateTime(TypeDecorator[datetime]):
    """A point in time in UTC; a naive value is refused, because SQLite would lose its offset silently."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database: aware values only, always UTC."""
        if value is None:
            return None
        utc = in_utc(value)
        return utc if dialect.name == "postgresql" else utc.replace(tzinfo=None)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """As `process_bind_param`, for SQLite in the library's own form, and without its three calls more a value."""
        return _to_sqlite if dialect.name == "sqlite" else super().bind_processor(dialect)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """From the database: aware, in UTC."""
        return None if value is None else value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """As `process_result_value`, for SQLite in the library's own form, and of whatever a disk has made of it."""
        return _from_sqlite if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


class Words(TypeDecorator[str]):
    """Text of any length; what no database can keep (NUL on PostgreSQL, lone surrogates) becomes U+FFFD."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """To the database."""
        return storable_or_none(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:  # noqa: ARG002 - SQLAlchemy's signature
        """The same at once: a mail's rows have a hundred values."""
        return storable_or_none


def in_utc(value: datetime) -> datetime:
    """The same moment in UTC. Raises ValueError for a time without a zone."""
    if value.tzinfo is None:
        raise ValueError(f"a time without a zone cannot be stored: {value!r}")
    return value.astimezone(UTC)


def _to_sqlite(value: datetime | None) -> str | None:
    if value is None:
        return None
    return in_utc(value).replace(tzinfo=None).isoformat(" ", "microseconds")


def _from_sqlite(value: str | None) -> datetime | None:
    return None if value is None else read_moment(value)


def storable_or_none(value: str | None) -> str | None:
    """As `storable`; None stays None."""
    return None if value is None else storable(value)


def storable(text: str) -> str:
    """Replace what no database can keep; mail is hostile, and one character must not hold it."""
    if text.isascii():
        return text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    encoded = text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "surrogatepass")
    return encoded.decode("utf-8", "replace") if b"\xed" in encoded else encoded.decode()


def to_json(value: object) -> str:
    """Write JSON that PostgreSQL takes: jsonb refuses NUL and lone surrogates even where they are escaped."""
    written = json.dumps(value, ensure_ascii=False, default=_as_dict)
    # Looked at as a whole, since hardly any needs it: to go through all text inside costs three times the writing.
    return written if _is_storable(written) else json.dumps(storable_inside(value), ensure_ascii=False)


def _as_dict(value: object) -> dict[Any, Any]:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is nothing that JSON has")


def _is_storable(written: str) -> bool:
    if "\\u0000" in written:
        return False
    try:
        return written.isascii() or bool(written.encode())
    except UnicodeEncodeError:
        return False


def storable_inside(value: object) -> object:
    """As `storable`, for all text inside of what becomes JSON."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, Mapping):
        return {storable(str(name)): storable_inside(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [storable_inside(inner) for inner in value]
    return value


Json: JSON = JSON().with_variant(JSONB(), "postgresql")
"""JSON of any shape."""


def shaped_json(shape: Shape) -> JSON:
    """JSON that looks like this to its readers, or like nothing."""
    return JSON().with_variant(ReadableJson(shape), "sqlite", "postgresql")
