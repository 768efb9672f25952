"""What becomes of each row of a person: a table, and its carrying out in one transaction."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Column, Connection, Table, case, delete, func, null, or_, select, update

from maild.process.policy import COUNTED
from maild.process.ticket import Event
from maild.store.database.packing import NOTHING
from maild.store.database.portions import portions
from maild.store.erasing.theirs import Theirs, is_address
from maild.store.knowledge.searching import TICKET, ticket_text
from maild.store.tables import (
    actions,
    audits,
    deadlines,
    events,
    examples,
    incident_members,
    labels,
    links,
    mails,
    mirror_heard,
    mirror_issues,
    mirror_outbox,
    notices,
    offers,
    outbox,
    participants,
    people,
    search_texts,
    shadow_verdicts,
    sources,
    suggestions,
    tallies,
    threads,
    tickets,
)

ERASED = "(erased)"
"""Stands where a column may not be empty."""

BECAUSE = "erased: its person was forgotten"

_DROPPED_FROM = ("due", "deferred", "held", "claimed")

BLANKED: Mapping[Table, tuple[Column[Any], str, Mapping[str, Any]]] = MappingProxyType(
    {
        mails: (
            mails.c.id,
            "mails",
            {
                "digest": null(), "message_id": null(), "fingerprint": null(), "author": null(), "subject": null(),
                "new_text": null(), "facts": null(), "verdicts": null(), "because": BECAUSE, "lease_holder": null(),
                "lease_until": null(),
            },
        ),
        tickets: (
            tickets.c.id,
            "tickets",
            {
                "client_name": "", "subject": ERASED, "sheet": null(), "status": "closed", "eta_at": null(),
                "next_update_due_at": null(),
            },
        ),
        events: (events.c.ticket_id, "tickets", {"because": "", "before": null()}),
        outbox: (
            outbox.c.id,
            "outbox",
            {"content": NOTHING, "subject": ERASED, "new_text": "", "token": null(), "once": null()},
        ),
        suggestions: (suggestions.c.ticket_id, "tickets", {"because": ""}),
        links: (links.c.ticket_id, "tickets", {"because": ""}),
        incident_members: (incident_members.c.ticket_id, "tickets", {"because": ""}),
    }
)  # fmt: skip
"""Table to the column by which its rows are theirs, which rows of theirs it names, and what stands there afterwards."""

DELETED: Mapping[Table, tuple[Column[Any], str]] = MappingProxyType(
    {
        labels: (labels.c.mail_id, "mails"),
        audits: (audits.c.mail_id, "mails"),
        shadow_verdicts: (shadow_verdicts.c.mail_id, "mails"),
        actions: (actions.c.ticket_id, "tickets"),
        offers: (offers.c.ticket_id, "tickets"),
        participants: (participants.c.ticket_id, "tickets"),
        threads: (threads.c.ticket_id, "tickets"),
        notices: (notices.c.ticket_id, "tickets"),
        mirror_heard: (mirror_heard.c.ticket_id, "tickets"),
    }
)
"""Table to the column by which its rows are theirs, and which rows of theirs it names."""


def erase_rows(connection: Connection, theirs: Theirs, *, now: datetime) -> dict[str, int]:
    """Erase; table to the number of rows that were changed or deleted."""
    counts: dict[str, int] = {}
    for what, count in _erase(connection, theirs, now):
        counts[what] = counts.get(what, 0) + count
    return {what: count for what, count in counts.items() if count}


def _erase(connection: Connection, theirs: Theirs, now: datetime) -> Iterator[tuple[str, int]]:
    yield from _search_texts(connection, theirs)
    yield from _settle(connection, theirs, now)
    yield "attachments", _attachments(connection, theirs)
    for table, (column, rows) in DELETED.items():
        yield table.name, _delete(connection, table, column, getattr(theirs, rows))
    for table, (column, rows, values) in BLANKED.items():
        ids = getattr(theirs, rows)
        yield (
            table.name,
            sum(
                connection.execute(update(table).where(column.in_(some)).values(values)).rowcount
                for some in portions(ids)
            ),
        )
    yield "sources", delete_sources(connection, theirs.digests)
    yield from _examples(connection, theirs.examples)
    names = sorted({copy.message_id for copy in theirs.copies if copy.message_id})
    yield "threads", _delete(connection, threads, threads.c.message_id, names)
    yield from _by_address(connection, theirs) if theirs.address else _without_client(connection, theirs)


def _settle(connection: Connection, theirs: Theirs, now: datetime) -> Iterator[tuple[str, int]]:
    """Nothing is owed any more, nothing is submitted, and what was open is closed."""
    closed = {"at": now, "actor": "maild", "event": Event.CLOSED.value, "because": ""}
    for some in portions(theirs.open_tickets):
        connection.execute(events.insert(), [{**closed, "ticket_id": number} for number in some])
    for some in portions(theirs.tickets):
        owed = update(deadlines).where(deadlines.c.ticket_id.in_(some), deadlines.c.settled_at.is_(None))
        done = connection.execute(owed.values(settled_at=now, lease_holder=None, lease_until=None))
        connection.execute(update(deadlines).where(deadlines.c.ticket_id.in_(some)).values(because=null()))
        yield "deadlines", done.rowcount
        # Its issue is left as it is: whoever looks after the tracker deletes it there.
        mirrored = update(mirror_issues).where(mirror_issues.c.ticket_id.in_(some))
        connection.execute(
            mirrored.values(gone_at=func.coalesce(mirror_issues.c.gone_at, now), due_at=None, trouble=None)
        )
        untold = update(mirror_outbox).where(mirror_outbox.c.ticket_id.in_(some), mirror_outbox.c.state == "due")
        connection.execute(untold.values(state="dropped", settled_at=now))
    for some in portions(theirs.mails):
        waiting = update(mails).where(mails.c.id.in_(some), or_(mails.c.outcome.is_(None), mails.c.outcome == "held"))
        connection.execute(waiting.values(outcome="unrelated", taken_in_at=now))
        left = update(mails).where(mails.c.id.in_(some), mails.c.marked_at.is_(None))
        connection.execute(left.values(marked_at=now))  # it stays where it lies on the server
    for some in portions(theirs.outbox):
        unsent = update(outbox).where(outbox.c.id.in_(some))
        dropped = unsent.where(outbox.c.state.in_(_DROPPED_FROM)).values(state="dropped")
        connection.execute(dropped)
        connection.execute(unsent.where(outbox.c.state == "sending").values(state="uncertain"))
        connection.execute(
            unsent.values(
                answer=case((outbox.c.answer.is_(None), None), else_=BECAUSE),
                settled_at=func.coalesce(outbox.c.settled_at, now), lease_holder=None, lease_until=None,
            )
        )  # fmt: skip


def _search_texts(connection: Connection, theirs: Theirs) -> Iterator[tuple[str, int]]:
    """Those of the tickets, and in other people's tickets those of the mails."""
    of_ticket = search_texts.c.kind == TICKET
    for some in portions(theirs.tickets):
        keys = [str(number) for number in some]
        yield (
            "search_texts",
            connection.execute(delete(search_texts).where(of_ticket, search_texts.c.key.in_(keys))).rowcount,
        )
    columns = (mails.c.ticket_id, mails.c.subject, mails.c.new_text)
    for some in portions(theirs.mails):
        others = select(*columns).where(mails.c.id.in_(some), mails.c.ticket_id.is_not(None))
        for row in connection.execute(others).all():
            same = search_texts.c.text == ticket_text(f"{row.subject}\n{row.new_text}")
            gone = delete(search_texts).where(of_ticket, search_texts.c.key == str(row.ticket_id), same)
            yield "search_texts", connection.execute(gone).rowcount


def _attachments(connection: Connection, theirs: Theirs) -> int:
    return sum(
        len((facts or {}).get("attachments", ()))
        for some in portions(theirs.mails)
        for facts in connection.scalars(select(mails.c.facts).where(mails.c.id.in_(some)))
    )


def _delete(connection: Connection, table: Table, column: Column[Any], values: Sequence[object]) -> int:
    return sum(connection.execute(delete(table).where(column.in_(some))).rowcount for some in portions(values))


def delete_sources(connection: Connection, digests: Sequence[str]) -> int:
    """Delete the bytes that no mail names any more; the number of sources."""
    named = select(mails.c.id).where(mails.c.digest == sources.c.digest).exists()
    return sum(
        connection.execute(delete(sources).where(sources.c.digest.in_(some), ~named)).rowcount
        for some in portions(digests)
    )


def _examples(connection: Connection, rows: Sequence[int]) -> Iterator[tuple[str, int]]:
    yield "labels", _delete(connection, labels, labels.c.example_id, rows)
    yield "examples", _delete(connection, examples, examples.c.id, rows)


def _by_address(connection: Connection, theirs: Theirs) -> Iterator[tuple[str, int]]:
    """Where the address itself stands in a column."""
    address, pseudonym = theirs.address, theirs.pseudonym
    counted = [f"{what} {address}" for what in (*(each.address for each in COUNTED.values()), "answers to")]
    yield "tallies", _delete(connection, tallies, tallies.c.name, counted)
    for table, column in (
        (people, people.c.address),
        (participants, participants.c.address),
        (actions, actions.c.person),
        (offers, offers.c.person),
    ):
        theirs_too = is_address(connection, column, address)
        yield table.name, connection.execute(delete(table).where(theirs_too)).rowcount
    for column in (tickets.c.client, events.c.actor, outbox.c.recipient, labels.c.said_by, mirror_heard.c.address):
        named = update(column.table).where(is_address(connection, column, address))
        changed = connection.execute(named.values({column.name: pseudonym})).rowcount
        yield column.table.name, changed if column.table is labels else 0


def _without_client(connection: Connection, theirs: Theirs) -> Iterator[tuple[str, int]]:
    """Whose ticket it was, and to whom it was written, where nobody was named."""
    for column, ids in ((tickets.c.id, theirs.tickets), (outbox.c.id, theirs.outbox)):
        named = tickets.c.client if column.table is tickets else outbox.c.recipient
        for some in portions(ids):
            connection.execute(update(column.table).where(column.in_(some)).values({named.name: theirs.pseudonym}))
    for some in portions(theirs.tickets):
        connection.execute(update(events).where(events.c.ticket_id.in_(some)).values(actor=theirs.pseudonym))
    yield from ()
