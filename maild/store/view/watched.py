"""What a person who watches the desk wants to know, in numbers: ages, counts and what is late. No text, no address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, func, select

from maild.store.backing_up.restorations import find_waiting
from maild.store.tables import IS_HELD, IS_NOT_CLOSED, IS_UNCERTAIN, deadlines, mailboxes, mails, outbox, tickets
from maild.store.view.mirror import MirrorWatched, watch_mirror

RECENT = 200
"""Newest mails by which it is told how often the models answer."""

OWED = ("due", "claimed", "sending", "deferred")


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """The desk at one moment; times are the oldest of what waits there, None: nothing does."""

    mails_stored: int
    """The number of the newest mail: it grows by one for each that arrives."""

    waiting: int
    waiting_since: datetime | None
    """Stored and not taken in."""

    unmarked: Mapping[tuple[str, str], tuple[int, datetime | None]]
    """By account and name of their mailbox: taken in, and not moved or flagged on the server, where it can be: not what the server
    knows by another UIDVALIDITY now."""

    held: int
    held_since: datetime | None
    outbox: Mapping[str, int]
    """State to mails, of those that have not left, or of which nobody knows."""

    outbox_since: datetime | None
    """Of what could have been submitted by now."""

    late: int
    late_since: datetime | None
    """Deadlines that have passed and were not acted on."""

    overdue: int
    """Tickets whose client should have heard from the desk by now."""

    tickets: int
    """Not closed."""

    coverage: Mapping[str, tuple[int, int]]
    """Question to how many of the newest mails a model answered, and of how many it was asked."""

    mailboxes: Mapping[tuple[str, str], tuple[bool, datetime | None]]
    """Account and name to whether it is in trouble, and when it was polled without any the last time."""

    mirror: MirrorWatched
    """What a tracker has yet to be told."""

    is_waiting: bool
    """A restored backup waits for a person."""


def watch(connection: Connection, *, now: datetime) -> Watched:
    """Look at it all; by indexes, so that it may be asked every few seconds."""
    waiting = _one(connection, select(func.count(), func.min(mails.c.stored_at)).where(mails.c.outcome.is_(None)))
    is_unmarked = and_(mails.c.marked_at.is_(None), mails.c.outcome.is_not(None), mails.c.digest.is_not(None))
    is_known = and_(mailboxes.c.id == mails.c.mailbox_id, mailboxes.c.uidvalidity == mails.c.uidvalidity)
    place = (mailboxes.c.account, mailboxes.c.name)
    counted = select(*place, func.count(), func.min(mails.c.taken_in_at)).join_from(mails, mailboxes, is_known)
    unmarked = connection.execute(counted.where(is_unmarked).group_by(*place))
    held = _one(connection, select(func.count(), func.min(mails.c.taken_in_at)).where(IS_HELD))
    late = select(func.count(), func.min(deadlines.c.due_at)).where(
        deadlines.c.settled_at.is_(None), deadlines.c.due_at <= now
    )
    owed = select(func.min(outbox.c.due_at)).where(
        outbox.c.settled_at.is_(None), outbox.c.state.in_(OWED), outbox.c.due_at <= now
    )
    lateness = _one(connection, late)
    return Watched(
        mails_stored=connection.scalar(select(func.max(mails.c.id))) or 0,
        waiting=waiting[0],
        waiting_since=waiting[1],
        unmarked={(account, name): (count, since) for account, name, count, since in unmarked},
        held=held[0],
        held_since=held[1],
        outbox=_outbox(connection),
        outbox_since=connection.scalar(owed),
        late=lateness[0],
        late_since=lateness[1],
        overdue=_count_tickets(connection, tickets.c.next_update_due_at <= now),
        tickets=_count_tickets(connection),
        coverage=_coverage(connection),
        mailboxes={
            (row.account, row.name): (row.trouble is not None, row.seen_at)
            for row in connection.execute(select(mailboxes))
        },
        mirror=watch_mirror(connection, now=now),
        is_waiting=find_waiting(connection) is not None,
    )


def _one(connection: Connection, query: Any) -> tuple[int, datetime | None]:
    row = connection.execute(query).one()
    return row[0], row[1]


def _outbox(connection: Connection) -> dict[str, int]:
    unsettled = select(outbox.c.state, func.count()).where(outbox.c.settled_at.is_(None)).group_by(outbox.c.state)
    counts = dict.fromkeys((*OWED, "held", "uncertain"), 0)
    counts.update((row[0], row[1]) for row in connection.execute(unsettled))
    uncertain = select(func.count()).select_from(outbox).where(IS_UNCERTAIN)
    return {**counts, "uncertain": connection.scalar(uncertain) or 0}


def _count_tickets(connection: Connection, *where: object) -> int:
    query = select(func.count()).select_from(tickets).where(IS_NOT_CLOSED, *where)  # type: ignore[arg-type]
    return connection.scalar(query) or 0


def _coverage(connection: Connection) -> dict[str, tuple[int, int]]:
    newest = select(mails.c.verdicts).where(mails.c.verdicts.is_not(None)).order_by(mails.c.id.desc()).limit(RECENT)
    counts: dict[str, tuple[int, int]] = {}
    for verdicts in connection.scalars(newest):
        for verdict in verdicts or ():
            answered, asked = counts.get(verdict["question"], (0, 0))
            counts[verdict["question"]] = (answered + (verdict["label"] is not None), asked + 1)
    return counts
