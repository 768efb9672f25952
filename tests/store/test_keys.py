"""The keys of the tokens."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from maild.store import keys
from maild.store.engine import Connection, Store
from maild.store.tables import secrets
from tests.support.rows import NOW


def key_of(connection: Connection, key_id: int) -> bytes | None:
    return connection.scalar(select(secrets.c.key).where(secrets.c.id == key_id))


def test_the_first_key_is_made_once_by_all_who_ask_together(store: Store) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = set(pool.map(lambda _: store.transact(lambda c: keys.signing_key(c, now=NOW)), range(8)))
    ((key_id, key),) = made
    assert (key_id, len(key)) == (0, 32)


def test_a_rotation_signs_with_a_new_key_and_still_knows_the_old_one(store: Store) -> None:
    old_id, old = store.transact(lambda c: keys.signing_key(c, now=NOW))
    new_id = store.transact(lambda c: keys.rotate(c, now=NOW))
    signing = store.transact(lambda c: keys.signing_key(c, now=NOW))
    assert signing[0] == new_id == old_id + 1
    with store.read() as connection:
        assert key_of(connection, old_id) == old
        assert key_of(connection, new_id) == signing[1] != old
        assert key_of(connection, 31) is None


def test_after_32_rotations_the_oldest_key_is_replaced(store: Store) -> None:
    _, first = store.transact(lambda c: keys.signing_key(c, now=NOW))
    ids = [store.transact(lambda c: keys.rotate(c, now=NOW)) for _ in range(40)]
    assert set(ids) <= set(range(32))
    with store.read() as connection:
        assert key_of(connection, 0) != first
