"""Mails of the past: stored with all that was decided about them, so that no line ever waits for them."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from maild.store.incoming.arrivals import add_source
from maild.store.knowledge.searching import FOUND_BY_WORDS, index_mail
from maild.store.tables import mails

_STORE = insert(mails)


def find_stored(connection: Connection, digests: Collection[str]) -> Mapping[str, int]:
    """Those of the digests that some mail has, held and waiting ones too, each with the first such mail."""
    if not digests:
        return {}
    query = select(mails.c.digest, func.min(mails.c.id)).where(mails.c.digest.in_(sorted(digests)))
    return {row[0]: row[1] for row in connection.execute(query.group_by(mails.c.digest))}


def find_named(connection: Connection, message_ids: Collection[str]) -> Mapping[str, int]:
    """Those of the Message-IDs that some mail has, each with the first such mail."""
    if not message_ids:
        return {}
    query = select(mails.c.message_id, func.min(mails.c.id)).where(mails.c.message_id.in_(sorted(message_ids)))
    return {row[0]: row[1] for row in connection.execute(query.group_by(mails.c.message_id))}


def store_past(
    connection: Connection, source: bytes, *, arrived_at: datetime, now: datetime, decided: Mapping[str, Any]
) -> int:
    """Store a mail that is over and done with; `decided` holds the columns that say so. Answers its row."""
    digest = add_source(connection, source)
    row = {
        **decided,
        "digest": digest,
        "size": len(source),
        "arrived_at": arrived_at,
        "stored_at": now,
        "taken_in_at": now,
        "marked_at": now,
        "attempts": 0,
    }
    stored = connection.execute(_STORE, row).inserted_primary_key
    if stored is None:
        raise AssertionError("a stored mail has a row")
    if decided.get("ticket_id") is not None and decided.get("outcome") in FOUND_BY_WORDS:
        words = f"{decided.get('subject') or ''}\n{decided.get('new_text') or ''}"
        index_mail(connection, int(decided["ticket_id"]), words)
    return int(stored[0])
