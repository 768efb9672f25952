"""Tombstones: keyed marks of what was erased, so that a copy which turns up again is known and not kept."""

import hmac
import secrets as chance
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from maild.store.database.adding import insert_into, insert_missing
from maild.store.database.portions import portions
from maild.store.tables import erasure_keys, tombstones

KEY_BYTES = 32

FORGOTTEN = "a copy of what was erased: somebody of it was forgotten (`maild forget --list`); nothing of it was kept"
"""Why such a mail has no outcome of its own."""

_KEY = select(erasure_keys.c.key).limit(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """What a mail may be known by."""

    digest: str
    message_id: str | None = None
    addresses: Collection[str] = ()
    """Whose mail it is, in lower case."""

    at: datetime | None = None
    """When it arrived."""

    written_at: datetime | None = None
    """As its author says."""


def make_key(connection: Connection, *, now: datetime) -> bytes:
    """Give the key of the marks; the first erasure of a desk makes it."""
    if (key := connection.scalar(_KEY)) is None:
        key = chance.token_bytes(KEY_BYTES)
        connection.execute(insert(erasure_keys).values(id=1, key=key, made_at=now))
    return bytes(key)


def find_key(connection: Connection) -> bytes | None:
    """Give the key of the marks; None: nobody was ever forgotten here."""
    return connection.scalar(_KEY)


def mark_of(key: bytes, kind: str, value: str) -> str:
    """The mark of an address, a digest or a Message-ID; nobody without the key can tell whose it is."""
    return hmac.digest(key, f"{kind}:{value}".encode(errors="replace"), "sha256").hex()


def add_tombstones(
    connection: Connection, key: bytes, erasure: int, *, address: str | None, copies: Iterable[Copy], now: datetime
) -> None:
    """Mark an address, as of now, and the very mails that are erased."""
    if address is not None:
        _mark_address(connection, key, erasure, address, now)
    marks = {mark for copy in copies for mark in _marks(key, copy)}
    rows = [{"mark": mark, "erasure_id": erasure, "erased_at": now} for mark in sorted(marks)]
    for some in portions(rows):
        connection.execute(insert_missing(connection.dialect.name, tombstones), some)


def _mark_address(connection: Connection, key: bytes, erasure: int, address: str, now: datetime) -> None:
    row = {"mark": mark_of(key, "address", address), "erasure_id": erasure, "erased_at": now}
    renewing = insert_into(connection.dialect.name, tombstones)
    connection.execute(
        renewing.on_conflict_do_update(index_elements=["mark"], set_={"erased_at": renewing.excluded.erased_at}),
        row,
    )


def find_forgotten(connection: Connection, copies: Sequence[Copy]) -> set[int]:
    """Places, in the sequence, of the mails that are old copies of what was erased."""
    key = find_key(connection) if copies else None
    if key is None:
        return set()
    marks = [_all_marks(key, copy) for copy in copies]
    erased = _erased_at(connection, {mark for each in marks for mark in each})
    return {
        place for place, each in enumerate(marks) if any(_is_old(mark, times, erased) for mark, times in each.items())
    }


_Times = Sequence[datetime | None] | None


def _all_marks(key: bytes, copy: Copy) -> dict[str, _Times]:
    """Mark to the times of which one must lie before the erasure; None: the very same bytes are old at any time.

    Whoever writes chooses the Message-ID, and some machines give all their mails the same one.
    """
    marks: dict[str, _Times] = {mark_of(key, "address", address): (copy.at,) for address in copy.addresses}
    if copy.message_id:
        marks[mark_of(key, "message id", copy.message_id)] = (copy.at, copy.written_at)
    if copy.digest:
        marks[mark_of(key, "digest", copy.digest)] = None
    return marks


def _is_old(mark: str, times: _Times, erased: Mapping[str, datetime]) -> bool:
    if (at := erased.get(mark)) is None:
        return False
    # mail servers count whole seconds: what came within that of the erasure may have come after it, and is not lost
    second = at.replace(microsecond=0)
    return times is None or any(each is not None and each < second for each in times)


def _marks(key: bytes, copy: Copy) -> Iterator[str]:
    if copy.digest:
        yield mark_of(key, "digest", copy.digest)
    if copy.message_id:
        yield mark_of(key, "message id", copy.message_id)


def _erased_at(connection: Connection, marks: Collection[str]) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    for some in portions(sorted(marks)):
        query = select(tombstones.c.mark, tombstones.c.erased_at).where(tombstones.c.mark.in_(some))
        found.update((row.mark, row.erased_at) for row in connection.execute(query))
    return found
