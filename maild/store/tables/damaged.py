"""What a disk or a hand has made of a value: it is read as well as it can be and told once, so that one row stops nobody's work."""

import json
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, Dialect, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

from maild.store.tables.shapes import Shape

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for a moment that cannot be read; never nothing, or what is over would begin again."""

LOST = "\N{REPLACEMENT CHARACTER}"
"""Stands in a text for octets that are no UTF-8."""

NOTHING: Mapping[str, Any] = {}
"""Stands for JSON that cannot be read; another than what is empty, so that it can be told from it."""

CURE = "maild db check names the row: correct it, or restore a backup from before the damage"

log = logging.getLogger(__name__)


@lru_cache(maxsize=1_000)
def tell(kind: str, value: str | bytes) -> None:  # noqa: ARG001 - told once of each, and never shown: it is a mail's
    """Log that there is such a value."""
    log.warning("a value in the database is damaged, the rest goes on", extra={"kind": kind, "cure": CURE})


def read_text(octets: bytes) -> str:
    """UTF-8 as SQLite keeps it."""
    try:
        return octets.decode()
    except UnicodeDecodeError:
        tell("text", octets)
        return octets.decode(errors="replace")


def read_moment(value: str) -> datetime:
    """A moment as `UtcDateTime` writes it to SQLite."""
    try:
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    except (ValueError, TypeError):
        tell("moment", str(value))
        return LONG_AGO


def stands_in(value: object) -> bool:
    """Whether it is what something damaged has been read as."""
    return value is NOTHING or value == LONG_AGO or (isinstance(value, str) and LOST in value)


class ReadableJson(TypeDecorator[Any]):
    """JSON; what is none any more, or has another shape than its readers know, is read as nothing."""

    impl = JSON
    cache_ok = True

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """As the migrations made it."""
        return dialect.type_descriptor(JSONB() if dialect.name == "postgresql" else JSON())

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:  # noqa: ARG002 - SQLAlchemy's signature
        """From the database."""
        parse = json.loads if dialect.name == "sqlite" else _itself

        def read(value: Any) -> Any:
            try:
                known = None if value is None else parse(value)
            except (ValueError, TypeError, RecursionError):
                known = NOTHING
            if known is None or (known is not NOTHING and self.shape(known)):
                return known
            tell("JSON", str(value))
            return NOTHING

        return read


def _itself(value: Any) -> Any:
    """PostgreSQL's driver has parsed it."""
    return value
