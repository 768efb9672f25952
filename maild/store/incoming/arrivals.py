"""Arrivals: sources as they come in from a mailbox, stored before anything else looks at them."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from maild.store.database.adding import add_missing
from maild.store.database.bells import ring
from maild.store.database.packing import pack
from maild.store.erasing.tombstones import FORGOTTEN, Copy, find_forgotten
from maild.store.incoming.mailboxes import advance_cursor
from maild.store.tables import mails, sources

UIDS_A_QUERY = 10_000
"""Below the limit of parameters of a statement (SQLite 32,766)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A source as it is kept."""

    digest: str
    content: bytes
    size: int
    """Octets of the source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One mail of a mailbox, as it is to be stored."""

    uid: int
    arrived_at: datetime
    """INTERNALDATE."""

    size: int
    """Octets on the server."""

    source: Packed | None
    """None: too large, its bytes stay on the server."""

    held: str | None = None
    """Why a person must look at it first; None: it waits to be taken in."""


def pack_source(source: bytes) -> Packed:
    """Pack it; better before than within the transaction that stores it, for which others wait."""
    return Packed(digest=hashlib.sha256(source).hexdigest(), content=pack(source), size=len(source))


def add_source(connection: Connection, source: bytes) -> str:
    """Store the bytes, once however often they come; answers their digest."""
    packed = pack_source(source)
    _add_sources(connection, [packed])
    return packed.digest


def store_arrivals(
    connection: Connection,
    mailbox_id: int,
    *,
    uidvalidity: int,
    arrivals: Sequence[Arrival],
    last_uid: int,
    now: datetime,
) -> int:
    """Store a batch of mails and move the cursor to `last_uid`, all or nothing; rings "intake".

    Answers how many were new: what is there already stays as it is.
    """
    known = stored_uids(connection, mailbox_id, uidvalidity=uidvalidity, uids=[arrival.uid for arrival in arrivals])
    new = [arrival for arrival in arrivals if arrival.uid not in known]
    forgotten = find_forgotten(connection, [Copy(digest=each.source.digest if each.source else "") for each in new])
    gone = [arrival for place, arrival in enumerate(new) if place in forgotten]
    new = [each for place, each in enumerate(new) if place not in forgotten]
    _add_sources(connection, [arrival.source for arrival in new if arrival.source is not None])
    rows = [_row(arrival, mailbox_id, uidvalidity, now) for arrival in new]
    add_missing(connection, mails, [_forgotten_row(arrival, mailbox_id, uidvalidity, now) for arrival in gone])
    if rows:
        add_missing(connection, mails, rows)
        ring(connection, "intake")
    advance_cursor(connection, mailbox_id, last_uid=last_uid, uidvalidity=uidvalidity)
    return len(rows)


def store_alone(connection: Connection, source: bytes, *, now: datetime) -> int:
    """Store a mail that comes from no mailbox; it waits to be taken in. Answers its row."""
    row = {"digest": add_source(connection, source), "size": len(source), "arrived_at": now, "stored_at": now}
    added = connection.execute(insert(mails).values(**row, attempts=0).returning(mails.c.id))
    return int(added.scalar_one())


def stored_uids(connection: Connection, mailbox_id: int, *, uidvalidity: int, uids: Iterable[int]) -> set[int]:
    """Give those of the UIDs that are stored."""
    wanted = sorted(set(uids))
    found: set[int] = set()
    for start in range(0, len(wanted), UIDS_A_QUERY):
        query = select(mails.c.uid).where(
            mails.c.mailbox_id == mailbox_id,
            mails.c.uidvalidity == uidvalidity,
            mails.c.uid.in_(wanted[start : start + UIDS_A_QUERY]),
        )
        found.update(connection.scalars(query))
    return found


def _add_sources(connection: Connection, found: Iterable[Packed]) -> None:
    by_digest = {packed.digest: packed for packed in found}
    # In one order everywhere: two processes that store the same two mails would otherwise wait for each other.
    rows = [
        {"digest": packed.digest, "content": packed.content, "size": packed.size}
        for _, packed in sorted(by_digest.items())
    ]
    add_missing(connection, sources, rows)


def _forgotten_row(arrival: Arrival, mailbox_id: int, uidvalidity: int, now: datetime) -> dict[str, object]:
    """That a copy of what was erased lies there; it stays there, and nothing of it is kept."""
    place = {"mailbox_id": mailbox_id, "uidvalidity": uidvalidity, "uid": arrival.uid}
    times = {"arrived_at": arrival.arrived_at, "stored_at": now, "taken_in_at": now, "marked_at": now}
    return {**place, **times, "size": arrival.size, "attempts": 0, "outcome": "unrelated", "because": FORGOTTEN}


def _row(arrival: Arrival, mailbox_id: int, uidvalidity: int, now: datetime) -> dict[str, object]:
    held = arrival.held or (None if arrival.source is not None else "its bytes stayed on the server")
    return {
        "mailbox_id": mailbox_id,
        "uidvalidity": uidvalidity,
        "uid": arrival.uid,
        "digest": arrival.source.digest if arrival.source else None,
        "size": arrival.size,
        "arrived_at": arrival.arrived_at,
        "stored_at": now,
        "attempts": 0,
        "outcome": "held" if held else None,
        "because": held,
        "taken_in_at": now if held else None,
    }
