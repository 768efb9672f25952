"""What happened to tickets, to rows of what the tracker has yet to be told. No network: what is planned waits."""

from collections.abc import Collection
from datetime import datetime

from maild.process.mirroring.policy import MirrorPolicy, is_mirrored
from maild.process.mirroring.telling import COMMENTS
from maild.process.ticket import Status, Ticket
from maild.store.desk.tickets import find_readable
from maild.store.engine import Connection, Store
from maild.store.mirror import issues, reading
from maild.store.mirror import mirroring as store
from maild.store.mirror.reading import Told

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
    for ticket in find_readable(connection, numbers).values():
        if ticket.number not in have:
            is_over = ticket.status is Status.CLOSED and not closed
            escalated = reading.was_escalated(connection, ticket.number)
            if is_over or not is_mirrored(ticket, policy, was_escalated=escalated):
                continue
            issues.add_issue(connection, ticket.number, _new_id(connection, ticket))
        _plan_comments(connection, ticket.number, now, is_new=ticket.number not in have)
        due.append(ticket.number)
    issues.make_due(connection, due, now=now)
    return len(due)


def _new_id(connection: Connection, ticket: Ticket) -> str:
    """By the mail itself: after a restored backup the ticket that it opens again has another number, and the same issue."""
    first = reading.first_letter(connection, ticket.number)
    if first is not None and first.digest:
        issue = store.own_id(connection, "issue", first.digest)
        if not issues.is_taken(connection, issue):
            return issue
    return store.own_id(connection, "issue", ticket.number, ticket.opened_at.isoformat())


def _plan_comments(connection: Connection, number: int, now: datetime, *, is_new: bool) -> None:
    """One comment for each mail, however many commands stand in it; and the way back.

    A mail of the past that is moved into a ticket later is told to nobody, and so not here.
    """
    rows: list[tuple[str, int | None, str]] = [("link", None, store.own_id(connection, "link", number))]
    known, mails = store.events_to_tell(connection, number), set[int]()
    issue = issues.find_issue(connection, number)
    if issue is None or issue.gone_at is not None:
        return
    for told in reading.events_of(connection, number, COMMENTS):
        is_repeated = told.id in known or told.mail in mails or (told.is_moved_in and not is_new)
        mails |= {told.mail} if told.mail is not None else set()
        if is_repeated:
            continue
        rows.append(("comment", told.id, store.own_id(connection, "comment", *_named(told, issue.issue))))
    store.add_to_tell(connection, number, rows, now=now)


def _named(told: Told, issue: str) -> tuple[object, ...]:
    """By what caused it, so that what happens again after a restored backup is not told twice."""
    if told.digest or told.heard:
        return issue, told.digest or told.heard
    return told.id, told.at.isoformat()
