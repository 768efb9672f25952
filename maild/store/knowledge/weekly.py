"""What is asked before a weekly summary: whether it has been written, and whether there is anything to tell."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, exists, func, select

from maild.store.tables import mails, outbox


def are_written(connection: Connection, names: Collection[str]) -> bool:
    """Whether a mail has been written for each of these names that go once."""
    query = select(func.count()).select_from(outbox).where(outbox.c.once.in_(sorted(names)))
    return connection.execute(query).scalar_one() == len(set(names))


def has_begun_before(connection: Connection, moment: datetime) -> bool:
    """Whether a mail had opened a ticket by then; the past that was moved in does not count."""
    opened = (mails.c.mailbox_id.is_not(None), mails.c.ticket_id.is_not(None), mails.c.arrived_at < moment)
    return connection.execute(select(exists().where(*opened))).scalar_one()
