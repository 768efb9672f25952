"""Writes that wait until somebody asks for something: gathered, and then one statement for many rows."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import Connection, Dialect, Executable, event

from maild.store.database.batching import Row, write_rows

BESIDE: Mapping[str, Any] = {"maild_beside": True}
"""Execution options of a statement that reads nothing of what is gathered: it need not be written before."""


class Writer(Protocol):
    """What rows are written with: a Connection at once, or Together later."""

    @property
    def dialect(self) -> Dialect:
        """The kind of database."""

    def execute(self, statement: Executable, parameters: Any, /) -> object:
        """Write one row or several."""


class Together:
    """Each statement costs a trip to the database, however many rows go along: 16 of them for a ticket cost most of it.

    Whoever asks the connection anything finds what has been gathered: it is written before.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: dict[Executable, list[Row]] = {}
        self._is_writing = False
        if not connection.in_transaction():
            connection.begin()  # or what begins it would be asked after what has been gathered
        event.listen(connection, "before_cursor_execute", self._write_before)
        event.listen(connection, "rollback_savepoint", self._forget)

    @property
    def dialect(self) -> Dialect:
        """The kind of database."""
        return self._connection.dialect

    def execute(self, statement: Executable, parameters: Row | Sequence[Row], /) -> None:
        """Gather rows; the same statement, built once, is executed once for all of them."""
        rows = [parameters] if isinstance(parameters, Mapping) else parameters
        self._rows.setdefault(statement, []).extend(rows)

    def execute_first(self, statement: Executable, row: Row, /) -> None:
        """Gather a row that others refer to: it is written before them."""
        if statement not in self._rows:
            self._rows = {statement: [], **self._rows}
        self._rows[statement].append(row)

    def write(self) -> None:
        """Write what has been gathered."""
        gathered, self._rows = self._rows, {}
        self._is_writing = True
        try:
            for statement, rows in gathered.items():
                write_rows(self._connection, statement, rows)
        finally:
            self._is_writing = False

    def close(self) -> None:
        """Let go of the connection, which would keep this alive and be kept alive by it."""
        event.remove(self._connection, "before_cursor_execute", self._write_before)
        event.remove(self._connection, "rollback_savepoint", self._forget)

    def _write_before(self, *asked: Any) -> None:
        _connection, _cursor, _statement, _parameters, context, _is_many = asked
        if self._rows and not self._is_writing and not context.execution_options.items() >= BESIDE.items():
            self.write()

    def _forget(self, *_: object) -> None:
        """What was gathered before the part that is undone was written when it began; the rest belongs to it."""
        self._rows = {}
