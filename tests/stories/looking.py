"""What a story looks at behind the desk's back: its database, by a connection of the story's own."""

import time
from functools import lru_cache
from typing import Any

from sqlalchemy import Engine, NullPool, create_engine, text

Rows = list[tuple[Any, ...]]


@lru_cache(maxsize=4)
def _engine(database_url: str) -> Engine:
    """One for all looks, which knows its server already; without connections, since a story may end the server."""
    return create_engine(database_url, poolclass=NullPool)


def rows(database_url: str, query: str) -> Rows:
    """What the database answers; what it was told to change is changed."""
    with _engine(database_url).begin() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def await_change(database_url: str, query: str, before: Rows, *, seconds: float) -> None:
    """Return at the moment at which the database answers something else: look all the time, by one connection."""
    end = time.monotonic() + seconds
    with _engine(database_url).connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while [tuple(row) for row in connection.execute(text(query))] == before:
            assert time.monotonic() < end, query
            time.sleep(0.002)
