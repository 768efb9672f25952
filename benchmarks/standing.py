"""A desk with a history: tickets, mails, conversations and sent acknowledgements, written straight into the store."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Table, insert

from maild.store import tables
from maild.store.database.packing import pack
from maild.store.engine import Store

BATCH = 5_000
OPEN_EVERY = 20
"""One ticket of so many is still open, and its next update is due some day."""
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
SOURCE = b"From: client\r\nSubject: an old mail\r\n\r\nIt has been answered.\r\n" * 20


def write_standing_tickets(store: Store, number: int) -> None:
    """Write `number` tickets, each with one mail and one sent acknowledgement."""
    for start in range(0, number, BATCH):
        batch = range(start + 1, min(start + BATCH, number) + 1)
        store.transact(lambda connection, batch=batch: _write(connection, batch))  # type: ignore[misc]
    if store.is_postgresql:
        store.transact(lambda connection: _move_sequences(connection, number))


def _write(connection: Connection, batch: range) -> None:
    for table, rows in _rows(batch):
        connection.execute(insert(table), rows)


def _rows(batch: range) -> Iterator[tuple[Table, list[dict[str, object]]]]:
    packed = pack(SOURCE)
    yield tables.tickets, [_ticket(number) for number in batch]
    digests = [{"digest": f"{number:064x}", "content": packed, "size": len(SOURCE)} for number in batch]
    yield tables.sources, digests
    yield tables.mails, [_mail(number) for number in batch]
    yield tables.outbox, [_sent(number, packed) for number in batch]
    yield (
        tables.participants,
        [{"ticket_id": number, "address": f"old{number}@past.example", "role": "client"} for number in batch],
    )
    yield (
        tables.threads,
        [{"ticket_id": number, "message_id": f"<old{number}@past.example>", "kind": "in"} for number in batch],
    )
    yield (
        tables.events,
        [
            {
                "ticket_id": number,
                "at": BEGIN,
                "actor": "maild",
                "event": "opened",
                "because": "it was",
                "mail_id": number,
            }
            for number in batch
        ],
    )
    yield (
        tables.deadlines,
        [_deadline(number) for number in batch],
    )


def _deadline(number: int) -> dict[str, object]:
    settled_at = BEGIN + timedelta(days=1) if number % OPEN_EVERY else None
    row = {"ticket_id": number, "kind": "next_update", "due_at": BEGIN + timedelta(days=3650)}
    return {**row, "settled_at": settled_at, "because": "closed" if settled_at else None}


def _ticket(number: int) -> dict[str, object]:
    return {
        "id": number,
        "status": "closed" if number % OPEN_EVERY else "open",
        "technical": True,
        "category": "network",
        "urgency": 2,
        "impact": 2,
        "priority": 3,
        "client": f"old{number}@past.example",
        "client_name": "Old Client",
        "language": "en",
        "subject": f"Old question {number}",
        "assignee": "Lead",
        "opened_at": BEGIN,
        "next_update_due_at": BEGIN + timedelta(days=3650),
    }


def _mail(number: int) -> dict[str, object]:
    return {
        "id": number,
        "digest": f"{number:064x}",
        "size": len(SOURCE),
        "arrived_at": BEGIN,
        "stored_at": BEGIN,
        "attempts": 1,
        "outcome": "ticket",
        "because": "technical",
        "taken_in_at": BEGIN,
        "marked_at": BEGIN,
        "message_id": f"<old{number}@past.example>",
        "fingerprint": f"{number:064x}",
        "author": f"old{number}@past.example",
        "subject": f"Old question {number}",
        "new_text": "It has been answered.",
        "trust": "claimed",
        "verdicts": [],
        "facts": {},
        "ticket_id": number,
    }


def _sent(number: int, packed: bytes) -> dict[str, object]:
    return {
        "ticket_id": number,
        "mail_id": number,
        "kind": "acknowledgement",
        "audience": "client",
        "recipient": f"old{number}@past.example",
        "envelope_from": "support@desk.example",
        "message_id": f"<t{number}.old@desk.example>",
        "token": f"old{number:011d}",
        "once": f"acknowledgement of {number}",
        "subject": f"[T-{number}] Re: Old question {number}",
        "new_text": "Thank you.",
        "content": packed,
        "created_at": BEGIN,
        "state": "sent",
        "due_at": BEGIN,
        "attempts": 1,
        "settled_at": BEGIN,
    }


def _move_sequences(connection: Connection, number: int) -> None:
    """PostgreSQL does not notice numbers that were given by hand."""
    for table in ("tickets", "mails"):
        connection.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {number})")
