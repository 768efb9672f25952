"""A desk of the last weeks that needs improvement in every way that the report knows, written as raw rows."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, insert

from maild.store import tables
from maild.store.engine import Store
from tests.support.desk_folder import add

TEAM = """
[[person]]
name = "Ana Ruiz"
addresses = ["ana@example.org"]   # hers
role = "tsm"
skills = ["network"]              # so far

[[person]]
name = "Ben Bauer"
addresses = ["ben@example.org"]
role = "tsm"
"""
TEXTS = {
    "VPN gateway refuses": "The gateway refuses every connection of our tunnel since the update of the firmware.",
    "Scanner jams": "The scanner jams at the second page, and paper lies crumpled below the glass plate.",
}
EACH = 12
"""Tickets of each text, all of one category, and all but one of their updates too late."""


def staff(folder: Any) -> None:
    """Give the configuration the people."""
    add(folder, "team.toml", TEAM)


def write_desk_to_improve(store: Store, now: datetime) -> None:
    """Two issues that keep coming in one category, which one person can do and no guide tells of."""
    store.transact(partial(_write, now))


def _write(now: datetime, connection: Connection) -> None:
    for table, rows in _rows(now):
        connection.execute(insert(table), rows)


def _rows(now: datetime) -> Iterator[tuple[Any, list[dict[str, Any]]]]:
    tickets = [(place + 1, subject, text) for place, (subject, text) in enumerate([*TEXTS.items()] * EACH)]
    at = {number: now - timedelta(days=20) + timedelta(hours=number) for number, _, _ in tickets}
    of = {"client_name": "Bea", "language": "en", "category": "network", "priority": 2, "technical": True}
    solved = {"status": "closed", "assignee": "Ana Ruiz", **of}
    yield (
        tables.tickets,
        [
            {"id": n, "client": f"bea@client{n}.example", "subject": subject, "opened_at": at[n], **solved}
            for n, subject, _ in tickets
        ],
    )
    events = [
        (n, event, at[n] + timedelta(hours=h)) for n, _, _ in tickets for h, event in enumerate(("opened", "closed"))
    ]
    yield tables.events, [{"ticket_id": n, "event": e, "at": t, "actor": "maild", "because": "-"} for n, e, t in events]
    yield (
        tables.mails,
        [
            {
                "ticket_id": n,
                "subject": subject,
                "new_text": text,
                "arrived_at": at[n],
                "stored_at": at[n],
                "taken_in_at": at[n],
                "outcome": "ticket",
                "attempts": 1,
                "size": 900,
            }
            for n, subject, text in tickets
        ],
    )
    ends = {n: "update_overdue" if n > 1 else "renewed" for n, _, _ in tickets}
    yield (
        tables.deadlines,
        [
            {"ticket_id": n, "kind": "next_update", "due_at": at[n], "settled_at": at[n], "because": because}
            for n, because in ends.items()
        ],
    )
