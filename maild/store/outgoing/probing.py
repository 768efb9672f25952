"""Mails that a command submits by itself: the outbox knows them, so that their copies are known as ours."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection, select, update

from maild.store.database.clock import clock_plus
from maild.store.outgoing import outbox
from maild.store.outgoing.outbox import NewOutbox
from maild.store.tables import mails
from maild.store.tables import outbox as table


def add_sending(connection: Connection, new: NewOutbox, *, holder: str, lease: timedelta) -> int:
    """Write down a mail that its holder submits now, and that nobody else may claim; answers its row."""
    outbox_id = outbox.add(connection, replace(new, state="held"))
    if outbox_id is None:
        raise ValueError(f"{new.message_id} is in the outbox already")
    sending = {"state": "sending", "lease_holder": holder, "lease_until": clock_plus(lease)}
    connection.execute(update(table).where(table.c.id == outbox_id).values(sending))
    return outbox_id


def has_arrived(connection: Connection, message_id: str) -> bool:
    """Whether a mail of this Message-ID has been taken in."""
    return connection.execute(select(mails.c.id).where(mails.c.message_id == message_id).limit(1)).first() is not None
