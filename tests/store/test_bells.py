"""Bells: a commit wakes who waits for its work."""

from collections.abc import Iterator

import pytest

from maild.store.database.bells import ring
from maild.store.engine import Connection, Store
from tests.servers.postgresql import PostgresqlServer

SOON = 60.0


@pytest.fixture
def elsewhere(postgresql_url: str) -> Iterator[tuple[Store, Store]]:
    """Two stores over one PostgreSQL database, as two processes have them."""
    stores = (Store(postgresql_url), Store(postgresql_url))
    yield stores
    for one in stores:
        one.close()


def ring_intake(connection: Connection) -> None:
    ring(connection, "intake")


@pytest.fixture
def listening(store: Store) -> Store:
    """A store whose listener has already said once that something may have been missed."""
    return await_listener(store)


def await_listener(store: Store) -> Store:
    first = store.bell("intake")
    if store.is_postgresql:
        assert first.wait(timeout=SOON)
    return store


def test_a_bell_rings_after_the_commit_and_not_before(listening: Store) -> None:
    bell = listening.bell("intake")

    def work(connection: Connection) -> bool:
        ring_intake(connection)
        return bell.is_set()

    assert listening.transact(work) is False
    assert bell.wait(timeout=SOON)


def test_a_bell_stays_silent_when_the_work_was_undone(listening: Store) -> None:
    bell = listening.bell("intake")

    def fail(connection: Connection) -> None:
        ring_intake(connection)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        listening.transact(fail)
    assert not bell.is_set()


def test_each_waiting_thread_has_a_bell_of_its_own(listening: Store) -> None:
    mine, yours = listening.bell("marking"), listening.bell("marking")
    listening.transact(lambda c: ring(c, "marking"))
    assert mine.wait(timeout=SOON)
    mine.clear()
    assert yours.wait(timeout=SOON)


def test_other_bells_stay_silent(listening: Store) -> None:
    outbox = listening.bell("outbox")
    intake = listening.bell("intake")
    listening.transact(ring_intake)
    assert intake.wait(timeout=SOON)
    assert not outbox.is_set()


def test_a_bell_is_heard_in_another_process(elsewhere: tuple[Store, Store]) -> None:
    bell = await_listener(elsewhere[1]).bell("intake")
    elsewhere[0].transact(ring_intake)
    assert bell.wait(timeout=SOON)


def test_bells_are_heard_again_after_the_server_was_restarted(
    elsewhere: tuple[Store, Store], postgresql_server: PostgresqlServer
) -> None:
    bell = await_listener(elsewhere[1]).bell("intake")
    postgresql_server.restart()
    assert bell.wait(timeout=SOON), "the listener is back, and says that something may have been missed"
    bell.clear()
    elsewhere[0].transact(ring_intake)
    assert bell.wait(timeout=SOON)


def test_closing_a_store_that_listens_takes_no_time(postgresql_url: str) -> None:
    store = Store(postgresql_url)
    store.bell("intake")
    store.close()
    store.close()
