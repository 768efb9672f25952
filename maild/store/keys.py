"""The keys of the tokens: made here, rotated here, never shown."""

import secrets as chance
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from maild.store.database.adding import insert_into
from maild.store.tables import secrets

KEY_BYTES = 32
LEFT_OUT = bytes(KEY_BYTES)
"""Stands in a backup where a key was."""

KEY_IDS = 32
"""A token names its key in one letter of base32."""


def signing_key(connection: Connection, *, now: datetime) -> tuple[int, bytes]:
    """Give the id and the bytes of the key for new tokens; the first call of a desk makes it."""
    current = _current(connection)
    if current is None:
        first = {"id": 0, "key": chance.token_bytes(KEY_BYTES), "created_at": now}
        connection.execute(insert_into(connection.dialect.name, secrets).values(first).on_conflict_do_nothing())
        current = _current(connection)
    if current is None:
        raise AssertionError("all keys of the desk are retired: a rotation was interrupted outside of a transaction")
    return current


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyLine:
    """A key as people may know it."""

    id: int
    created_at: datetime
    retired_at: datetime | None
    """None: it signs new tokens."""


def list_keys(connection: Connection) -> list[KeyLine]:
    """Every key, in the order of their making; never the keys themselves."""
    query = select(secrets.c.id, secrets.c.created_at, secrets.c.retired_at).order_by(
        secrets.c.created_at, secrets.c.id
    )
    return [
        KeyLine(id=row.id, created_at=row.created_at, retired_at=row.retired_at) for row in connection.execute(query)
    ]


def rotate(connection: Connection, *, now: datetime) -> int:
    """Sign with a new key from now on; older tokens stay valid until their key's id comes round again.

    Answers the new key's id, 0 to 31.
    """
    old, _ = signing_key(connection, now=now)
    new = (old + 1) % KEY_IDS
    connection.execute(delete(secrets).where(secrets.c.id == new))
    connection.execute(update(secrets).where(secrets.c.retired_at.is_(None)).values(retired_at=now))
    connection.execute(insert(secrets).values(id=new, key=chance.token_bytes(KEY_BYTES), created_at=now))
    return new


def make_missing_keys(connection: Connection, *, now: datetime) -> int:
    """Put fresh keys in place of those that a backup left out; how many.

    A token that was given out is known by the mail that carries it, and holds on; nobody can make one like it any more.
    """
    missing = list(connection.scalars(select(secrets.c.id).where(secrets.c.key == LEFT_OUT)))
    for number in missing:
        fresh = {"key": chance.token_bytes(KEY_BYTES), "created_at": now}
        connection.execute(update(secrets).where(secrets.c.id == number).values(fresh))
    return len(missing)


def _current(connection: Connection) -> tuple[int, bytes] | None:
    query = select(secrets.c.id, secrets.c.key).where(secrets.c.retired_at.is_(None)).order_by(secrets.c.id.desc())
    row = connection.execute(query.limit(1)).first()
    return None if row is None else (row.id, row.key)
