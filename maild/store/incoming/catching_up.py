"""Whether mail that came while nobody looked has been taken in."""

from datetime import datetime

from sqlalchemy import Connection, exists, or_, select

from maild.store.backing_up.restorations import find_quiet
from maild.store.tables import mailboxes, mails


def is_taking_in_returned(connection: Connection) -> bool:
    """Whether mail waits that a restored backup did not know: what it ordered then is not known yet."""
    quiet = find_quiet(connection)
    if quiet is None:
        return False
    waiting = exists().where(mails.c.outcome.is_(None), mails.c.digest.is_not(None), mails.c.arrived_at <= quiet.until)
    return connection.execute(select(waiting)).scalar_one() is True


def has_taken_in_since(connection: Connection, moment: datetime) -> bool:
    """Whether every mailbox has been looked at since then, and no stored mail waits."""
    unseen = exists().where(or_(mailboxes.c.seen_at.is_(None), mailboxes.c.seen_at < moment))
    # What is too large stays on the server, and waits for a person.
    waiting = exists().where(mails.c.outcome.is_(None), mails.c.digest.is_not(None))
    return connection.execute(select(unseen | waiting)).scalar_one() is False
