"""What happened to tickets, to rows of what the tracker has yet to be told. No network: what is planned waits."""

from collections.abc import Collection
from datetime import datetime

from maild.process.mirroring.policy import MirrorPolicy, is_mirrored
from maild.process.mirroring.telling import COMMENTS
from maild.process.ticket import Status
from maild.store import mirror_issues as issues
from maild.store import mirror_reading as reading
from maild.store import mirroring as store
from maild.store.engine import Connection, Store
from maild.store.tickets import find_tickets

EVENT = "event"
GROUP = 200
"""Events that share a commit."""


def begin(store_: Store) -> None:
    """What happens from now on is mirrored; what had happened before, only where people ask for it."""

    def write(connection: Connection) -> None:
        if store.place(connection, EVENT) is None:
            store.put_place(connection, EVENT, str(reading.last_event(connection)))

    store_.transact(write, serial=True)


def plan_all(store_: Store, policy: MirrorPolicy, now: datetime) -> None:
    """Look at everything that has happened since the last time."""
    while _has_news(store_) and store_.transact(lambda connection: _plan_some(connection, policy, now), serial=True):
        pass


def _has_news(store_: Store) -> bool:
    with store_.read() as connection:
        return reading.last_event(connection) > int(store.place(connection, EVENT) or 0)


def _plan_some(connection: Connection, policy: MirrorPolicy, now: datetime) -> bool:
    reached = int(store.place(connection, EVENT) or 0)
    numbers, last = reading.tickets_with_events(connection, since=reached, limit=GROUP)
    plan(connection, numbers, policy, now=now)
    store.put_place(connection, EVENT, str(last))
    return last > reached


def plan(
    connection: Connection, numbers: Collection[int], policy: MirrorPolicy, *, now: datetime, closed: bool = False
) -> int:
    """Give these tickets issues where they get one, and write down what has to stand below them; how many that is.

    `closed`: also those that were over before they had an issue.
    """
    have, due = issues.have_issues(connection, numbers), []
    for ticket in find_tickets(connection, numbers).values():
        if ticket.number not in have:
            is_over = ticket.status is Status.CLOSED and not closed
            escalated = reading.was_escalated(connection, ticket.number)
            if is_over or not is_mirrored(ticket, policy, was_escalated=escalated):
                continue
            issue = store.own_id(connection, "issue", ticket.number, ticket.opened_at.isoformat())
            issues.add_issue(connection, ticket.number, issue)
        _plan_comments(connection, ticket.number, now)
        due.append(ticket.number)
    issues.make_due(connection, due, now=now)
    return len(due)


def _plan_comments(connection: Connection, number: int, now: datetime) -> None:
    """One comment for each mail, however many commands stand in it; and the way back."""
    rows: list[tuple[str, int | None, str]] = [("link", None, store.own_id(connection, "link", number))]
    known, mails = store.events_to_tell(connection, number), set[int]()
    for told in reading.events_of(connection, number, COMMENTS):
        is_repeated = told.id in known or told.mail in mails
        mails |= {told.mail} if told.mail is not None else set()
        if is_repeated:
            continue
        # By the mail itself, so that one that is taken in again after a restored backup is not told twice.
        named = (number, told.digest) if told.digest else (told.id, told.at.isoformat())
        rows.append(("comment", told.id, store.own_id(connection, "comment", *named)))
    store.add_to_tell(connection, number, rows, now=now)
