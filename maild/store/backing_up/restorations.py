"""Restorations: a desk that was put back waits until a person lets it go on, and then repeats nothing."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, func, insert, or_, select, text, update

from maild.store.keys import rotate
from maild.store.tables import outbox, restorations, tickets

NUMBERS_LEFT_OUT = 1_000
"""Tickets that may have been opened after the backup: clients know their numbers, and nobody else may get them."""

BECAUSE = (
    "composed after a backup was restored, because of mail or a deadline from before: maild may have sent it already; ask the"
    " recipient, or look in the Sent copies, then `maild outbox retry` or `maild outbox drop`"
)
OF_BACKUP = "due when the backup was made: it may have been sent since; look in the Sent copies, then retry or drop it"

_WAITS = select(restorations.c.id).where(restorations.c.resumed_at.is_(None)).limit(1)
_QUIET = select(restorations.c.quiet_until, restorations.c.last_ticket).order_by(restorations.c.id.desc()).limit(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Restoration:
    """One time that a backup was put back."""

    id: int
    backup_at: datetime
    restored_at: datetime
    restored_by: str
    resumed_at: datetime | None
    resumed_by: str | None
    quiet_until: datetime | None
    last_ticket: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """Since the last restoration: what was before `until` may have been answered by the maild that was lost."""

    until: datetime
    last_ticket: int
    """Tickets above this number are new: what is told to the house about them was never told before."""


def add_restoration(connection: Connection, *, backup_at: datetime, by: str, now: datetime) -> None:
    """Write down that a backup was put back: from now on nothing is taken in or submitted."""
    row = {"backup_at": backup_at, "restored_at": now, "restored_by": by}
    connection.execute(insert(restorations).values(row))


def find_waiting(connection: Connection) -> Restoration | None:
    """The restoration that nobody has let go on yet."""
    number = connection.scalar(_WAITS)
    if number is None:
        return None
    row = connection.execute(select(restorations).where(restorations.c.id == number)).mappings().one()
    return Restoration(**row)


def find_quiet(connection: Connection) -> Quiet | None:
    """What holds since the last restoration; None: there was none."""
    row = connection.execute(_QUIET).first()
    if row is None or row.quiet_until is None:
        return None
    return Quiet(until=row.quiet_until, last_ticket=row.last_ticket or 0)


def resume(connection: Connection, number: int, *, by: str, quiet_until: datetime, now: datetime) -> None:
    """Let the desk go on: no number, no Message-ID and no mail of the lost time is used again."""
    last = connection.scalar(select(func.max(tickets.c.id))) or 0
    _leave_out_numbers(connection, last)
    rotate(connection, now=now)  # Message-IDs and tokens come from the key
    was_due = and_(outbox.c.settled_at.is_(None), outbox.c.state != "held", outbox.c.due_at <= now)
    unknown = {"state": "uncertain", "answer": OF_BACKUP, "settled_at": now, "lease_holder": None, "lease_until": None}
    connection.execute(update(outbox).where(was_due).values(unknown))
    done = {"resumed_at": now, "resumed_by": by, "quiet_until": quiet_until, "last_ticket": last}
    connection.execute(update(restorations).where(restorations.c.id == number).values(done))


def count_due(connection: Connection, *, now: datetime) -> int:
    """Mails of the outbox that were due in the backup."""
    was_due = (outbox.c.settled_at.is_(None), outbox.c.state != "held", outbox.c.due_at <= now)
    return connection.scalar(select(func.count()).select_from(outbox).where(*was_due)) or 0


def last_outbox(connection: Connection) -> int:
    """The newest row of the outbox."""
    return connection.scalar(select(func.max(outbox.c.id))) or 0


def doubt(connection: Connection, quiet: Quiet, *, after: int, mails: Collection[int] | None, now: datetime) -> int:
    """What was composed in this transaction may have been sent before: nobody gets it unless a person says so.

    `after`: the newest row of the outbox before the transaction; `mails`: only what these mails made, None: all. What is
    told to the house about new tickets is new to everybody.
    """
    known = or_(outbox.c.audience == "client", outbox.c.ticket_id.is_(None), outbox.c.ticket_id <= quiet.last_ticket)
    made = [outbox.c.id > after, outbox.c.state == "due", known]
    if mails is not None:
        made.append(outbox.c.mail_id.in_(sorted(mails)))
    unknown = {"state": "uncertain", "answer": BECAUSE, "settled_at": now}
    return connection.execute(update(outbox).where(*made).values(unknown)).rowcount


def _leave_out_numbers(connection: Connection, last: int) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(
            text("SELECT setval(pg_get_serial_sequence('tickets', 'id'), :next)"), {"next": last + NUMBERS_LEFT_OUT}
        )
        return
    known = {"next": last + NUMBERS_LEFT_OUT}
    if connection.execute(text("UPDATE sqlite_sequence SET seq = :next WHERE name = 'tickets'"), known).rowcount == 0:
        connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES ('tickets', :next)"), known)
