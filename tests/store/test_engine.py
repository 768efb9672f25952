"""Transactions on both databases: nothing lost, nothing half done, repeated where the database asks for it."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import exc, select, text, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.sqlite import DATETIME

from maild.errors import Refused
from maild.store.database.attempting import attempt
from maild.store.database.clock import clock_plus
from maild.store.engine import Connection, Store
from maild.store.incoming.mailboxes import adopt_mailbox
from maild.store.tables import mailboxes, mails
from maild.store.tables.columns import UtcDateTime
from tests.support.rows import NOW, a_mailbox, an_arrival, stored


def read_last_uid(connection: Connection, mailbox: int) -> int:
    uid: int = connection.execute(select(mailboxes.c.last_uid).where(mailboxes.c.id == mailbox)).scalar_one()
    return uid


def write_last_uid(connection: Connection, mailbox: int, uid: int) -> None:
    connection.execute(update(mailboxes).where(mailboxes.c.id == mailbox).values(last_uid=uid))


def in_threads(work: Callable[[int], object], *, threads: int) -> None:
    with ThreadPoolExecutor(threads) as pool:
        for running in [pool.submit(work, number) for number in range(threads)]:
            running.result(timeout=120)


@pytest.fixture
def two_stores(database_url: str) -> Iterator[tuple[Store, Store]]:
    """Two stores over one database, as two processes have them."""
    stores = (Store(database_url), Store(database_url))
    yield stores
    for one in stores:
        one.close()


def test_four_threads_that_read_and_write_back_lose_no_update(store: Store) -> None:
    mailbox = a_mailbox(store)

    def count_up(connection: Connection) -> None:
        write_last_uid(connection, mailbox, read_last_uid(connection, mailbox) + 1)

    def fifty_times(_: int) -> None:
        for _ in range(50):
            store.transact(count_up, serial=True)

    in_threads(fifty_times, threads=4)
    with store.read() as connection:
        assert read_last_uid(connection, mailbox) == 200


def test_serial_transactions_of_two_processes_lose_no_update(two_stores: tuple[Store, Store]) -> None:
    mailbox = a_mailbox(two_stores[0])

    def count_up(connection: Connection) -> None:
        write_last_uid(connection, mailbox, read_last_uid(connection, mailbox) + 1)

    def fifty_times(number: int) -> None:
        for _ in range(50):
            two_stores[number].transact(count_up, serial=True)

    in_threads(fifty_times, threads=2)
    with two_stores[0].read() as connection:
        assert read_last_uid(connection, mailbox) == 100


def test_work_that_raises_leaves_nothing_behind(store: Store) -> None:
    mailbox = a_mailbox(store)

    def fail(connection: Connection) -> None:
        write_last_uid(connection, mailbox, 99)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.transact(fail)
    with store.read() as connection:
        assert read_last_uid(connection, mailbox) == 0


def test_transactions_that_block_each_other_are_repeated_until_both_are_done(store: Store) -> None:
    first, second = a_mailbox(store, name="A"), a_mailbox(store, name="B")
    both_hold_one = threading.Barrier(2)

    def write_both(number: int) -> None:
        order = (first, second) if number == 0 else (second, first)

        def work(connection: Connection) -> None:
            write_last_uid(connection, order[0], 7)
            # Broken at the second attempt, and on SQLite, where the second one cannot even begin.
            with suppress(threading.BrokenBarrierError):
                both_hold_one.wait(timeout=1)
            write_last_uid(connection, order[1], 7)

        store.transact(work)

    in_threads(write_both, threads=2)
    with store.read() as connection:
        assert [read_last_uid(connection, one) for one in (first, second)] == [7, 7]


def test_a_part_that_fails_is_undone_without_the_rest(store: Store) -> None:
    mailbox = a_mailbox(store)

    def work(connection: Connection) -> None:
        def part() -> None:
            write_last_uid(connection, mailbox, 6)
            raise ValueError

        write_last_uid(connection, mailbox, 5)
        assert attempt(connection, part) is None

    store.transact(work)
    with store.read() as connection:
        assert read_last_uid(connection, mailbox) == 5


def test_nothing_goes_on_where_the_database_has_undone_the_whole_transaction(store: Store) -> None:
    mailbox = a_mailbox(store)

    def work(connection: Connection) -> None:
        def part() -> None:  # as SQLite does where a disk fails
            assert connection.connection.dbapi_connection
            connection.connection.dbapi_connection.rollback()
            raise ValueError

        attempt(connection, part)
        write_last_uid(connection, mailbox, 7)

    with pytest.raises((exc.DBAPIError, Refused), match="savepoint"):
        store.transact(work)
    with store.read() as connection:
        assert read_last_uid(connection, mailbox) == 0


def test_a_reader_sees_one_moment(two_stores: tuple[Store, Store]) -> None:
    mailbox = a_mailbox(two_stores[0])
    with two_stores[0].read() as connection:
        before = read_last_uid(connection, mailbox)
        two_stores[1].transact(lambda c: write_last_uid(c, mailbox, 5))
        assert read_last_uid(connection, mailbox) == before


def test_writing_while_reading_fails(store: Store) -> None:
    mailbox = a_mailbox(store)
    with pytest.raises((exc.DBAPIError, Refused)), store.read() as connection:
        write_last_uid(connection, mailbox, 5)


def test_a_transaction_inside_a_transaction_is_refused_instead_of_waiting_for_itself(store: Store) -> None:
    with pytest.raises(RuntimeError, match="inside"):
        store.transact(lambda _: store.transact(lambda _: None))
    assert store.transact(lambda _: "works again") == "works again"


def test_the_clock_of_the_database_is_aware_and_right(store: Store) -> None:
    with store.read() as connection:
        assert abs(connection.execute(select(clock_plus())).scalar_one() - datetime.now(UTC)) < timedelta(minutes=1)


def test_the_clock_plus_a_lease_compares_with_stored_times(store: Store) -> None:
    soon = timedelta(milliseconds=1500)
    with store.read() as connection:
        now, later = connection.execute(select(clock_plus(), clock_plus(soon))).one()
        assert timedelta(seconds=1) < later - now < timedelta(seconds=2)
        assert connection.scalar(select(clock_plus(-soon) < clock_plus()))


def test_a_time_without_a_zone_is_refused(store: Store) -> None:
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(exc.StatementError, match="without a zone"):
        store.transact(lambda c: adopt_mailbox(c, account="a", name="b", since=naive))


def test_a_time_is_written_as_the_library_writes_it_since_texts_are_compared() -> None:
    ours = UtcDateTime().bind_processor(sqlite.dialect())
    theirs = DATETIME().bind_processor(sqlite.dialect())  # type: ignore[no-untyped-call]
    assert ours
    assert theirs
    for moment in (NOW, NOW.replace(microsecond=70), datetime(987, 6, 5, tzinfo=UTC)):
        assert ours(moment.astimezone(timezone(timedelta(hours=-3)))) == theirs(moment.replace(tzinfo=None))
    assert ours(None) is None


def test_times_come_back_in_utc(store: Store) -> None:
    elsewhere = datetime.fromisoformat("2026-07-01T12:00:00.123456+02:00")
    mailbox = store.transact(lambda c: adopt_mailbox(c, account="a", name="b", since=elsewhere))
    assert mailbox.since.isoformat() == "2026-07-01T10:00:00.123456+00:00"


@pytest.mark.usefixtures("synced")
def test_sqlite_syncs_fully_and_keeps_references(sqlite_url: str) -> None:
    store = Store(sqlite_url)
    with store.read() as connection:
        wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
        assert {name: connection.scalar(text(f"PRAGMA {name}")) for name in wanted} == wanted
    store.close()


@pytest.mark.parametrize("hostile", ["a\0b", "a\ud800b", "\0", "ü\0\udfff"])
def test_text_that_no_database_can_keep_does_not_stop_its_mail(store: Store, hostile: str) -> None:
    mailbox = stored(store, an_arrival())
    row = {
        "subject": hostile,
        "facts": {hostile: [hostile, {"deep": hostile}]},
        "verdicts": [{"question": "kind", "label": None, "because": hostile}],
    }
    store.transact(lambda c: c.execute(update(mails).values(row)))
    with store.read() as connection:
        found = connection.execute(select(mails).where(mails.c.mailbox_id == mailbox)).one()
    kept = found.subject
    assert "\N{REPLACEMENT CHARACTER}" in kept
    assert (found.facts, found.verdicts) == (
        {kept: [kept, {"deep": kept}]},
        [{"question": "kind", "label": None, "because": kept}],
    )


@pytest.mark.parametrize("harmless", ["Grüße 👋", "\u202e한국어\ud7ff", "it's \\u0000 in letters"])
def test_other_text_stays_as_it_is(store: Store, harmless: str) -> None:
    stored(store, an_arrival())
    store.transact(lambda c: c.execute(update(mails).values(subject=harmless, facts={"x": harmless})))
    with store.read() as connection:
        found = connection.execute(select(mails.c.subject, mails.c.facts)).one()
    assert tuple(found) == (harmless, {"x": harmless})
