"""Whether mail that came while nobody looked has been taken in."""

from datetime import datetime

from sqlalchemy import Connection, exists, or_, select

from maild.store.tables import mailboxes, mails


def has_taken_in_since(connection: Connection, moment: datetime) -> bool:
    """Whether every mailbox has been looked at since then, and no stored mail waits."""
    unseen = exists().where(or_(mailboxes.c.seen_at.is_(None), mailboxes.c.seen_at < moment))
    # What is too large stays on the server, and waits for a person.
    waiting = exists().where(mails.c.outcome.is_(None), mails.c.digest.is_not(None))
    return connection.execute(select(unseen | waiting)).scalar_one() is False
