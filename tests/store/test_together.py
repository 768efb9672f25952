"""Rows that wait to be written, and the numbers of tickets whose rows wait."""

import pytest
from sqlalchemy import Connection, event, exc, insert, text

from maild.process.ticket import Event
from maild.store.database.together import BESIDE, Together
from maild.store.desk import tickets
from maild.store.desk.tickets import Cause, Numbers, open_together
from maild.store.engine import Store
from maild.store.tables import participants
from tests.support import making
from tests.support.rows import NOW, a_ticket

NEW = making.a_ticket(number=0)


def happen(together: Together, number: int) -> None:
    tickets.add_event(together, number, Event.OPENED, actor="ana", because="test", cause=Cause(), at=NOW)


def count(connection: Connection, table: str) -> int:
    found = connection.scalar(text(f"SELECT count(*) FROM {table}"))  # noqa: S608 - names of this test
    assert isinstance(found, int)
    return found


def test_who_asks_finds_what_waits_and_a_ticket_stands_before_what_refers_to_it(store: Store) -> None:
    old = a_ticket(store)

    def work(connection: Connection) -> None:
        together, numbers = Together(connection), Numbers(connection)
        happen(together, old)  # its statement was there first, and takes the new ticket's events too
        opened = [open_together(together, numbers, NEW) for _ in range(3)]
        assert [ticket.number for ticket in opened] == [old + 1, old + 2, old + 3]
        for ticket in opened:
            happen(together, ticket.number)
        assert (count(connection, "tickets"), count(connection, "events")) == (4, 4)
        happen(together, opened[0].number)
        numbers.write()
        together.write()

    store.transact(work, serial=True)
    with store.read() as connection:
        assert count(connection, "events") == 5
    assert a_ticket(store) == old + 4, "a number that was told is nobody else's"


def test_what_reads_nothing_of_it_lets_it_wait(store: Store) -> None:
    number = a_ticket(store)

    def work(connection: Connection) -> None:
        together = Together(connection)
        happen(together, number)
        beside = text("SELECT count(*) FROM events")
        assert connection.scalar(beside.execution_options(**BESIDE)) == 0
        assert connection.scalar(beside) == 1
        happen(together, number)
        assert connection.scalar(beside.execution_options(**dict.fromkeys(BESIDE, False))) == 2

    store.transact(work)


def test_what_waits_outlives_a_part_that_fails(store: Store) -> None:
    def work(connection: Connection) -> None:
        together, numbers = Together(connection), Numbers(connection)
        number = open_together(together, numbers, NEW).number
        part = connection.begin_nested()
        happen(together, number)
        assert count(connection, "events") == 1
        part.rollback()
        assert (count(connection, "tickets"), count(connection, "events")) == (1, 0)
        numbers.write()

    store.transact(work, serial=True)
    with store.read() as connection:
        assert count(connection, "tickets") == 1


def test_a_part_that_the_database_refuses_takes_what_waits_with_it(store: Store) -> None:
    """On PostgreSQL nothing can be asked between the refusal and the way back."""
    number = a_ticket(store)

    def work(connection: Connection) -> None:
        together = Together(connection)
        happen(together, number)
        part = connection.begin_nested()
        with pytest.raises(exc.IntegrityError):
            connection.execute(insert(participants), {"ticket_id": number + 9, "address": "a", "role": "client"})
        happen(together, number)
        part.rollback()
        happen(together, number)
        together.write()

    store.transact(work)
    with store.read() as connection:
        assert count(connection, "events") == 2


def test_numbers_of_a_transaction_that_was_undone_may_come_again_and_never_twice(store: Store) -> None:
    told: list[int] = []

    def undone(connection: Connection) -> None:
        together, numbers = Together(connection), Numbers(connection)
        told.append(open_together(together, numbers, NEW).number)
        numbers.write()
        together.write()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.transact(undone, serial=True)

    def direct_then_together(connection: Connection) -> None:
        first = tickets.open_ticket(connection, NEW).number
        together, numbers = Together(connection), Numbers(connection)
        told[:] = [first, *(open_together(together, numbers, NEW).number for _ in range(2))]
        numbers.write()
        together.write()

    store.transact(direct_then_together, serial=True)
    assert told == [told[0], told[0] + 1, told[0] + 2]
    assert a_ticket(store) == told[0] + 3


def test_a_group_is_one_statement(store: Store) -> None:
    """Counted by what the database is asked: two hundred tickets are one trip."""
    asked: list[str] = []

    def work(connection: Connection) -> None:
        together, numbers = Together(connection), Numbers(connection)
        event.listen(connection, "before_cursor_execute", lambda *each: asked.append(each[2]))
        for _ in range(200):
            open_together(together, numbers, NEW)
        together.write()
        numbers.write()

    store.transact(work, serial=True)
    assert len([each for each in asked if each.startswith("INSERT INTO tickets")]) == 1
    with store.read() as connection:
        assert count(connection, "tickets") == 200


def test_a_row_may_be_one_or_several(store: Store) -> None:
    number = a_ticket(store)

    def work(connection: Connection) -> None:
        together = Together(connection)
        statement = insert(participants)
        together.execute(statement, {"ticket_id": number, "address": "a@x.example", "role": "client"})
        together.execute(
            statement, [{"ticket_id": number, "address": f"{n}@x.example", "role": "client"} for n in "bc"]
        )
        together.write()

    store.transact(work)
    with store.read() as connection:
        assert count(connection, "participants") == 3
