"""The raw rows of the store, read once for all invariants."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Row, Table, select

from maild.store import tables
from maild.store.engine import Store


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Every row that an invariant looks at, in the order in which it was written."""

    mails: Sequence[Row[Any]]
    tickets: Sequence[Row[Any]]
    events: Sequence[Row[Any]]
    outbox: Sequence[Row[Any]]
    deadlines: Sequence[Row[Any]]
    participants: Sequence[Row[Any]]
    notices: Sequence[Row[Any]]
    actions: Sequence[Row[Any]]
    offers: Sequence[Row[Any]]

    @cached_property
    def events_of(self) -> Mapping[int, Sequence[Row[Any]]]:
        """Ticket to its events."""
        return _by_ticket(self.events)

    @cached_property
    def deadlines_of(self) -> Mapping[int, Sequence[Row[Any]]]:
        """Ticket to its deadlines."""
        return _by_ticket(self.deadlines)


def read_rows(store: Store) -> Rows:
    """Look at one moment of the database."""
    with store.read() as connection:

        def read(table: Table) -> Sequence[Row[Any]]:
            columns = [column for column in table.c if column.name != "content"]
            return connection.execute(select(*columns).order_by(*table.primary_key)).all()

        names = ("mails", "tickets", "events", "outbox", "deadlines", "participants", "notices", "actions", "offers")
        return Rows(**{name: read(getattr(tables, name)) for name in names})


def _by_ticket(rows: Sequence[Row[Any]]) -> Mapping[int, Sequence[Row[Any]]]:
    grouped: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        grouped[row.ticket_id].append(row)
    return grouped
