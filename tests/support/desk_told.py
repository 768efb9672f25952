"""A desk to read by command, and what its commands print."""

import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from maild.cli.frame import main
from maild.process.ticket import Event, Role
from maild.store.desk import tickets
from maild.store.engine import Connection, Store
from maild.store.incoming import waiting
from tests.support.desk_folder import a_folder
from tests.support.rows import NOW, a_ticket, an_arrival, due, stored

Captured = pytest.CaptureFixture[str]

SOURCE = b"From: ana@example.org\r\nMessage-ID: <one@example.org>\r\nSubject: The shop is down\r\n\r\nHelp!\r\n"
VERDICT = {"question": "category", "label": "outage", "confidence": 0.93, "because": "down, 500"}
TICKET_KEYS = [
    "number",
    "status",
    "technical",
    "category",
    "urgency",
    "impact",
    "priority",
    "client",
    "assignee",
    "subject",
    "language",
    "mails",
    "opened_at",
    "next_update_due_at",
    "awaiting",
]
TRACE_KEYS = ["digest", "message_id", "outcome", "ticket", "trust", "verdicts", "replies"]


@pytest.fixture
def folder(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration folder over the test's database."""
    monkeypatch.setenv("MAILD_DATABASE__URL", database_url)
    monkeypatch.setenv("COLUMNS", "200")
    return a_folder(tmp_path / "config")


@pytest.fixture
def desk(store: Store, folder: Path) -> Path:
    """A desk with one ticket: a mail came in, an acknowledgement was written."""
    number = a_ticket(store)
    stored(store, an_arrival(source=SOURCE))

    def take_in(connection: Connection) -> int:
        (mail,) = waiting.claim_mails(connection, holder="x", lease=timedelta(minutes=1), limit=1)
        facts = {"to": ["support@acme.example"]}
        tickets.settle_mail(connection, [settled(mail.id, number, verdicts=[VERDICT], facts=facts)])
        tickets.add_participants(connection, number, {"ana@example.org": Role.CLIENT})
        tickets.add_event(
            connection,
            number,
            Event.OPENED,
            actor="ana@example.org",
            because="a person wrote about an outage",
            cause=tickets.Cause(mail=mail.id),
            at=NOW,
        )
        return mail.id

    due(store, ticket_id=number, mail_id=store.transact(take_in), recipient="ana@example.org", created_at=NOW)
    return folder


def settled(mail_id: int, number: int | None, **difference: object) -> dict[str, object]:
    usual = {
        "row_id": mail_id,
        "outcome": "ticket",
        "because": "a person wrote about an outage",
        "taken_in_at": NOW,
        "message_id": "<one@example.org>",
        "author": "ana@example.org",
        "subject": "The shop is down",
        "new_text": "Help!",
        "trust": "claimed",
        "ticket_id": number,
    }
    return {**usual, **difference}


def claim(store: Store) -> list[waiting.Waiting]:
    return store.transact(lambda c: waiting.claim_mails(c, holder="x", lease=timedelta(minutes=1), limit=1))


def maild(folder: Path, *arguments: str, status: int = 0) -> None:
    assert main(["--config", str(folder), *arguments]) == status


def told(folder: Path, capsys: Captured, *arguments: str) -> Any:
    """The JSON document that a command prints."""
    maild(folder, *arguments, "--json")
    return json.loads(capsys.readouterr().out)


def complaint(folder: Path, capsys: Captured, *arguments: str, status: int = 1) -> str:
    """The one line that a command prints when it cannot do what is asked."""
    maild(folder, *arguments, status=status)
    printed = capsys.readouterr()
    assert printed.out == ""
    return printed.err


def names(document: dict[str, Any], wanted: Sequence[str]) -> list[str]:
    return [name for name in document if name in wanted]
