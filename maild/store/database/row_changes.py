"""Changes of single rows: several by the same statement cost one trip to the database."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Update

from maild.store.database.batching import Row

Work = Callable[[Connection], Any]


class Unclear(Exception):
    """Some of several rows were not changed, and nobody knows which: undo it all, and change each by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowChange:
    """Work that changes one row, if it is as the statement wants it."""

    statement: Update
    row: Row

    def __call__(self, connection: Connection, /) -> bool:
        """Whether it was changed."""
        return connection.execute(self.statement, self.row).rowcount == 1


def work_all(connection: Connection, works: Sequence[Work]) -> list[Any]:
    """Do works that know nothing of each other, and give their answers in this order. Raises Unclear, or what a work raises."""
    alike: dict[Update, list[Row]] = {}
    for work in works:
        if isinstance(work, RowChange):
            alike.setdefault(work.statement, []).append(work.row)
    several = {statement: rows for statement, rows in alike.items() if len(rows) > 1}
    for statement, rows in several.items():
        if connection.execute(statement, rows).rowcount != len(rows):
            raise Unclear
    return [(isinstance(work, RowChange) and work.statement in several) or work(connection) for work in works]
