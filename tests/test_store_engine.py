"""Transactions, bells and migrations on both databases."""

from maild.store.engine import Store, clock


def test_the_clock_of_the_database_is_aware(store: Store) -> None:
    with store.read() as connection:
        assert clock(connection).tzinfo is not None
