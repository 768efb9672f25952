"""Mailboxes: the cursor of each, the lease by which one process polls it, its last trouble."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Float, literal, or_, select, update

from maild.store.database.adding import insert_into
from maild.store.database.clock import clock_plus, has_ended
from maild.store.tables import mailboxes


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """One IMAP mailbox as the store knows it."""

    id: int
    account: str
    name: str
    uidvalidity: int | None
    """None: never looked into."""

    last_uid: int
    """All UIDs up to this one have been stored, or are older than `since`."""

    since: datetime
    """Mail that arrived earlier is left alone."""

    trouble: str | None
    """Why it could not be polled the last time."""

    seen_at: datetime | None
    """When it was polled without trouble the last time."""


def adopt_mailbox(
    connection: Connection, *, account: str, name: str, since: datetime, is_sent: bool = False
) -> Mailbox:
    """Give the mailbox; the first time it is written down, and `since` and `is_sent` hold for good."""
    new = {"account": account, "name": name, "last_uid": 0, "since": since, "is_sent": is_sent}
    connection.execute(insert_into(connection.dialect.name, mailboxes).values(new).on_conflict_do_nothing())
    query = select(*_COLUMNS).where(mailboxes.c.account == account, mailboxes.c.name == name)
    return Mailbox(**connection.execute(query).mappings().one())


def list_mailboxes(connection: Connection) -> list[Mailbox]:
    """Give all of them, by account and name."""
    query = select(*_COLUMNS).order_by(mailboxes.c.account, mailboxes.c.name)
    return [Mailbox(**row) for row in connection.execute(query).mappings()]


def claim_mailbox(connection: Connection, mailbox_id: int, *, holder: str, lease: timedelta) -> bool:
    """Take or renew the lease; False: another process has it."""
    ours_to_take = or_(
        mailboxes.c.lease_holder.is_(None),
        mailboxes.c.lease_holder == holder,
        has_ended(mailboxes.c.lease_until, literal(lease.total_seconds(), Float())),
    )
    claimed = update(mailboxes).where(mailboxes.c.id == mailbox_id, ours_to_take)
    return connection.execute(claimed.values(lease_holder=holder, lease_until=clock_plus(lease))).rowcount == 1


def release_mailbox(connection: Connection, mailbox_id: int, *, holder: str) -> None:
    """Give the lease back, if it is still the holder's."""
    ours = (mailboxes.c.id == mailbox_id, mailboxes.c.lease_holder == holder)
    connection.execute(update(mailboxes).where(*ours).values(lease_holder=None, lease_until=None))


def reset_cursor(connection: Connection, mailbox_id: int, *, uidvalidity: int) -> None:
    """Begin anew: the first contact, or the server gave the mailbox another UIDVALIDITY (RFC 9051, 2.3.1.1)."""
    anew = update(mailboxes).where(mailboxes.c.id == mailbox_id)
    connection.execute(anew.values(uidvalidity=uidvalidity, last_uid=0))


def advance_cursor(connection: Connection, mailbox_id: int, *, last_uid: int, uidvalidity: int | None = None) -> None:
    """Move the cursor forward, never back; not at all when the UIDVALIDITY is not the mailbox's own any more."""
    behind = [mailboxes.c.id == mailbox_id, mailboxes.c.last_uid < last_uid]
    if uidvalidity is not None:
        behind.append(mailboxes.c.uidvalidity == uidvalidity)
    connection.execute(update(mailboxes).where(*behind).values(last_uid=last_uid))


def note_trouble(connection: Connection, mailbox_id: int, trouble: str | None, *, now: datetime) -> None:
    """Write down why the mailbox cannot be polled; None: it can."""
    news = {"trouble": trouble} if trouble else {"trouble": None, "seen_at": now}
    connection.execute(update(mailboxes).where(mailboxes.c.id == mailbox_id).values(news))


def try_writing(connection: Connection) -> None:
    """Write what stands there already: it shows whether disk and permissions let anybody write."""
    connection.execute(update(mailboxes).values(trouble=mailboxes.c.trouble))


_COLUMNS = (
    mailboxes.c.id,
    mailboxes.c.account,
    mailboxes.c.name,
    mailboxes.c.uidvalidity,
    mailboxes.c.last_uid,
    mailboxes.c.since,
    mailboxes.c.trouble,
    mailboxes.c.seen_at,
)
