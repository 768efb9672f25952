"""Writes that nothing in their transaction reads: gathered, and then one statement for many rows."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import Connection, Dialect, Executable

Row = Mapping[str, Any]


class Writer(Protocol):
    """What rows are written with: a Connection at once, or Together later."""

    @property
    def dialect(self) -> Dialect:
        """The kind of database."""

    def execute(self, statement: Executable, parameters: Any, /) -> object:
        """Write one row or several."""


class Together:
    """Each statement costs a trip to the database, however many rows go along: 16 of them for a ticket cost most of it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: dict[Executable, list[Row]] = {}

    @property
    def dialect(self) -> Dialect:
        """The kind of database."""
        return self._connection.dialect

    def execute(self, statement: Executable, parameters: Row | Sequence[Row], /) -> None:
        """Gather rows; the same statement, built once, is executed once for all of them."""
        rows = [parameters] if isinstance(parameters, Mapping) else parameters
        self._rows.setdefault(statement, []).extend(rows)

    def write(self) -> None:
        """Write what has been gathered, before somebody reads it."""
        gathered = list(self._rows.items())
        self._rows.clear()
        for statement, rows in gathered:
            self._connection.execute(statement, rows)
