"""Rows for tests of the store: each function makes one valid thing and takes the difference."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import insert, select

from maild.store.engine import Connection, Store
from maild.store.incoming import arrivals, mailboxes
from maild.store.models.labels import Label
from maild.store.outgoing import outbox
from maild.store.tables import labels, tickets

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LONG = timedelta(minutes=5)
OVER = timedelta(seconds=-1)
"""A lease that has ended already, as that of a killed process some time later."""

_numbers = count(1)


def an_arrival(**difference: Any) -> arrivals.Arrival:
    uid = difference.get("uid", next(_numbers))
    source = difference.get("source", b"Subject: %d\r\n\r\nhelp\r\n" % uid)
    usual = {"uid": uid, "arrived_at": NOW, "size": len(source or b"")}
    packed = None if source is None else arrivals.pack_source(source)
    return arrivals.Arrival(**{**usual, **difference, "source": packed})


def a_mailbox(store: Store, *, name: str = "INBOX", uidvalidity: int = 1) -> int:
    def adopt(connection: Connection) -> int:
        mailbox = mailboxes.adopt_mailbox(connection, account="desk@mail.example:993", name=name, since=NOW)
        mailboxes.reset_cursor(connection, mailbox.id, uidvalidity=uidvalidity)
        return mailbox.id

    return store.transact(adopt)


def stored(store: Store, *some: arrivals.Arrival, uidvalidity: int = 1, mailbox: int | None = None) -> int:
    """Store arrivals in a mailbox; answers the mailbox."""
    mailbox = mailbox or a_mailbox(store)
    last_uid = max(arrival.uid for arrival in some)
    store.transact(
        lambda c: arrivals.store_arrivals(
            c, mailbox, uidvalidity=uidvalidity, arrivals=some, last_uid=last_uid, now=NOW
        )
    )
    return mailbox


def a_new_outbox(**difference: Any) -> outbox.NewOutbox:
    number = next(_numbers)
    usual = {
        "ticket_id": None,
        "mail_id": None,
        "kind": "acknowledgement",
        "audience": "client",
        "recipient": f"client{number}@example.org",
        "envelope_from": "support@acme.example",
        "message_id": f"<{number}@acme.example>",
        "token": None,
        "once": None,
        "subject": "Re: help",
        "new_text": "We have got your mail.",
        "content": b"Subject: Re: help\r\n\r\nWe have got your mail.\r\n",
        "created_at": NOW,
        "due_at": NOW,
    }
    return outbox.NewOutbox(**{**usual, **difference})


def due(store: Store, **difference: Any) -> int:
    """Put one mail into the outbox; answers its id."""
    outbox_id = store.transact(lambda c: outbox.add(c, a_new_outbox(**difference)))
    assert outbox_id is not None
    return outbox_id


def a_ticket(store: Store, **difference: Any) -> int:
    """Store a ticket; answers its number."""
    usual = {
        "status": "open",
        "technical": True,
        "category": "outage",
        "urgency": 1,
        "impact": 2,
        "priority": 2,
        "client": "ana@example.org",
        "client_name": "Ana Ruiz",
        "language": "en",
        "subject": "The shop is down",
        "assignee": "Lea",
        "team": None,
        "opened_at": NOW,
        "next_update_due_at": NOW + timedelta(hours=4),
    }

    def open_one(connection: Connection) -> int:
        number: int = connection.execute(
            insert(tickets).values({**usual, **difference}).returning(tickets.c.id)
        ).scalar_one()
        return number

    return store.transact(open_one)


def read_labels(connection: Connection, mail: int) -> list[Label]:
    """All that people said about a mail, oldest first."""
    query = select(labels).where(labels.c.mail_id == mail).order_by(labels.c.said_at, labels.c.id)
    return [
        Label(
            question=row.question,
            value=row.value,
            said_by=row.said_by,
            said_at=row.said_at,
            source=row.source,
            mail=row.mail_id,
            example=row.example_id,
            verdict=row.verdict,
            cause=row.cause_mail_id,
        )
        for row in connection.execute(query)
    ]
