"""What a daemon does with the tables that it finds."""

from collections.abc import Iterator

import pytest

from maild.daemon.upgrading import upgrade_safely
from maild.errors import Refused
from maild.store.engine import Store
from tests.support.older_tables import make_older


@pytest.fixture
def bare(empty_url: str) -> Iterator[Store]:
    """A database that nobody has begun with."""
    store = Store(empty_url)
    yield store
    store.close()


def test_a_new_database_gets_its_tables(bare: Store) -> None:
    upgrade_safely(bare)
    upgrade_safely(bare)
    assert bare.has_begun()
    assert not bare.needs_upgrade()


def test_older_tables_are_brought_forward_only_where_one_machine_has_them(bare: Store, empty_url: str) -> None:
    make_older(empty_url)
    assert bare.is_older()
    if bare.is_postgresql:
        with pytest.raises(Refused, match=r"Stop every maild .*maild db upgrade"):
            upgrade_safely(bare)
    else:
        upgrade_safely(bare)
    assert bare.is_older() is bare.is_postgresql
