"""Rows written as one text on PostgreSQL say what rows written one by one say."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import Connection, event, exc, insert, select

from maild.store.database.batching import batched, write_rows
from maild.store.database.together import Together
from maild.store.desk.tickets import add_to_conversation
from maild.store.engine import Store
from maild.store.tables import events, threads
from tests.support.rows import NOW, a_ticket

HOSTILE = "\0 \ud800 \\u0000 \" ' %s {} \N{LINE SEPARATOR} \N{GRINNING FACE} é"
BEFORE: Sequence[object] = (None, {}, {"words": HOSTILE, "list": [1, 2.5, None, True]}, "text")
EAST = timezone(timedelta(hours=5, minutes=30))

Rows = list[Mapping[str, Any]]


def some_events(number: int) -> Rows:
    at = NOW.astimezone(EAST) + timedelta(microseconds=123_456)
    row = {"ticket_id": number, "at": at, "actor": "ana", "event": "opened", "mail_id": None}
    return [{**row, "because": f"{place} {HOSTILE}", "before": before} for place, before in enumerate(BEFORE)]


def read(connection: Connection, number: int) -> list[tuple[object, ...]]:
    columns = (events.c.at, events.c.actor, events.c.because, events.c.before, events.c.before.is_(None))
    query = select(*columns).where(events.c.ticket_id == number).order_by(events.c.id)
    return [tuple(row) for row in connection.execute(query)]


def test_many_rows_are_what_the_same_rows_are_one_by_one(store: Store) -> None:
    one_by_one, together = a_ticket(store), a_ticket(store)

    def work(connection: Connection) -> None:
        for row in some_events(one_by_one):
            connection.execute(insert(events), row)
        write_rows(connection, batched(insert(events)), some_events(together))

    store.transact(work)
    with store.read() as connection:
        assert len(read(connection, together)) == len(BEFORE)
        assert read(connection, together) == read(connection, one_by_one)


def test_two_hundred_rows_are_one_trip(store: Store) -> None:
    number, trips = a_ticket(store), list[tuple[str, bool]]()

    def work(connection: Connection) -> None:
        event.listen(connection, "before_cursor_execute", lambda *asked: trips.append(asked[2:6:3]))
        write_rows(connection, batched(insert(events)), some_events(number) * 50)

    store.transact(work)
    is_repeated = [is_many for statement, is_many in trips if statement.startswith("INSERT")]
    assert is_repeated == [not store.is_postgresql], "one statement; SQLite's driver repeats it for each row"


def test_a_time_without_a_zone_is_refused_and_nothing_is_written(store: Store) -> None:
    number = a_ticket(store)
    naive = [{**row, "at": datetime(2026, 11, 30)} for row in some_events(number)]  # noqa: DTZ001 - the fault
    with pytest.raises((ValueError, exc.StatementError), match="without a zone"):
        store.transact(lambda connection: write_rows(connection, batched(insert(events)), naive))
    with store.read() as connection:
        assert read(connection, number) == []


def test_a_row_that_comes_twice_is_updated_in_turn(store: Store) -> None:
    """A ghost arrives in the group that made it one; an INSERT that updates may meet a row but once."""
    number = a_ticket(store)

    def work(connection: Connection) -> None:
        ghosts = {f"<{each}@client.example>": "ghost" for each in range(2)}
        add_to_conversation(_Gathering(connection), number, ghosts)

    store.transact(work)
    with store.read() as connection:
        rows = connection.execute(select(threads.c.message_id, threads.c.kind).where(threads.c.kind != "out"))
        kinds = {row.message_id: row.kind for row in rows}
    assert kinds == {"<0@client.example>": "in", "<1@client.example>": "ghost"}


def test_two_keys_that_the_database_keeps_as_one_are_one(store: Store) -> None:
    """A reference with a NUL, and the same one with what stands in its place: a mail of a stranger must not be held for it."""
    number = a_ticket(store)
    alike = {"<a\0b@client.example>": "ghost", "<a\N{REPLACEMENT CHARACTER}b@client.example>": "in"}

    def work(connection: Connection) -> None:
        together = Together(connection)
        add_to_conversation(together, number, alike)
        together.write()

    store.transact(work)
    query = select(threads.c.message_id, threads.c.kind).where(threads.c.message_id.like("<a%"))
    with store.read() as connection:
        assert [tuple(row) for row in connection.execute(query)] == [
            ("<a\N{REPLACEMENT CHARACTER}b@client.example>", "in")
        ]


class _Gathering:
    """Writes each row with one that says that it came, and one that says once more that it is awaited."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.dialect = connection.dialect

    def execute(self, statement: Any, rows: Rows, /) -> None:
        came = [{**row, "kind": "in"} for row in rows[:1]]
        write_rows(self._connection, statement, [*rows, *came, *rows[:1]])
