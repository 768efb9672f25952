"""What a story looks at behind the desk's back: its database, by a connection of the story's own."""

from typing import Any

from sqlalchemy import create_engine, text


def rows(database_url: str, query: str) -> list[tuple[Any, ...]]:
    """What the database answers; what it was told to change is changed."""
    engine = create_engine(database_url)
    try:
        with engine.begin() as connection:
            return [tuple(row) for row in connection.execute(text(query))]
    finally:
        engine.dispose()
