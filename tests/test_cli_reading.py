"""The commands that read: tickets, show, trace, held, outbox. What they print is CONTRACT's."""

import hashlib
import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from maild.cli.frame import main
from maild.cli.show import number_of
from maild.process.desk import Desk
from maild.process.ticket import Event, Role, Status
from maild.store import arrivals, outbox, tickets
from maild.store.engine import Connection, Store
from maild.store.tables import outbox as outbox_table
from maild.store.view.counts import count
from maild.store.view.tickets import AWAITING
from tests.desk_folder import a_folder
from tests.rows import NOW, a_mailbox, a_ticket, an_arrival, due, stored

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
        (mail,) = arrivals.claim_mails(connection, holder="x", lease=timedelta(minutes=1), limit=1)
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


def claim(store: Store) -> list[arrivals.Waiting]:
    return store.transact(lambda c: arrivals.claim_mails(c, holder="x", lease=timedelta(minutes=1), limit=1))


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


def test_tickets_are_listed_under_contract_s_names(desk: Path, capsys: Captured) -> None:
    (ticket,) = told(desk, capsys, "tickets")
    assert names(ticket, TICKET_KEYS) == TICKET_KEYS
    assert ticket["number"] == "T-1"
    assert ticket["opened_at"] == "2026-03-02T09:00:00Z"
    assert (ticket["awaiting"], ticket["mails"], ticket["technical"]) == ("tsm", 2, True)


def test_unknown_values_of_a_ticket_are_null(store: Store, folder: Path, capsys: Captured) -> None:
    unknown = dict.fromkeys(("technical", "category", "urgency", "impact", "priority", "assignee"))
    a_ticket(store, status="new", next_update_due_at=None, **unknown)
    (ticket,) = told(folder, capsys, "tickets")
    assert {name: ticket[name] for name in unknown} == unknown
    assert ticket["next_update_due_at"] is None


def test_every_status_says_whom_the_ticket_waits_for() -> None:
    assert set(AWAITING) == set(Status)
    assert [status for status, whom in AWAITING.items() if whom is None] == [Status.CLOSED]


def test_only_tickets_of_the_wanted_status_are_listed(store: Store, folder: Path, capsys: Captured) -> None:
    for status in ("open", "closed", "new"):
        a_ticket(store, status=status)
    found = told(folder, capsys, "tickets", "--status", "open", "--status", "new")
    assert [ticket["status"] for ticket in found] == ["open", "new"]
    assert [ticket["number"] for ticket in told(folder, capsys, "tickets", "--last", "2")] == ["T-2", "T-3"]


def test_an_empty_desk_is_an_empty_list(folder: Path, capsys: Captured) -> None:
    for command in ("tickets", "held", "outbox"):
        assert told(folder, capsys, command) == []
        maild(folder, command)
        assert capsys.readouterr().out.count("\n") == 1


def test_a_ticket_is_shown_with_its_events_mails_and_links(store: Store, desk: Path, capsys: Captured) -> None:
    other = a_ticket(store)
    store.transact(lambda c: tickets.add_link(c, 1, other, kind="speaks_of", because="its subject names it"))
    ticket = told(desk, capsys, "show", "T-1")
    assert names(ticket, TICKET_KEYS) == TICKET_KEYS
    assert "sheet" in ticket
    assert ticket["links"] == [{"kind": "speaks_of", "ticket": "T-2"}]
    assert ticket["events"] == [
        {
            "at": "2026-03-02T09:00:00Z",
            "event": "opened",
            "actor": "ana@example.org",
            "because": "a person wrote about an outage",
        }
    ]
    came, went = ticket["mails"]
    assert (came["direction"], came["audience"], came["author"]) == ("in", "client", "ana@example.org")
    assert (came["to"], came["new_text"], came["message_id"]) == ("support@acme.example", "Help!", "<one@example.org>")
    assert (went["direction"], went["audience"], went["to"]) == ("out", "client", "ana@example.org")


def test_a_mail_of_the_staff_is_internal(store: Store, desk: Path, capsys: Captured) -> None:
    store.transact(lambda c: tickets.add_participants(c, 1, {"lea@acme.example": Role.LEAD}))
    stored(store, an_arrival())

    (mail,) = claim(store)
    store.transact(lambda c: tickets.settle_mail(c, [settled(mail.id, 1, author="Lea@acme.example")]))
    audiences = [(mail["author"], mail["audience"]) for mail in told(desk, capsys, "show", "1")["mails"]]
    assert ("Lea@acme.example", "internal") in audiences
    assert ("ana@example.org", "client") in audiences


@pytest.mark.parametrize("written", ["T-17", "t-17", "[T-17]", "17"])
def test_a_ticket_s_number_may_be_written_in_several_ways(written: str) -> None:
    assert number_of(written, Desk(name="Acme", address="support@acme.example")) == 17


@pytest.mark.parametrize(
    "written", ["T-99", "T-0", "99999999999999999999", "nonsense", "-1", "T-\N{ARABIC-INDIC DIGIT ONE}"]
)
def test_a_ticket_that_is_not_there_is_one_clear_line(folder: Path, capsys: Captured, written: str) -> None:
    line = complaint(folder, capsys, "show", "--", written)
    assert line.count("\n") == 1
    assert "ticket" in line


@pytest.mark.parametrize("written", ["<one@example.org>", "one@example.org"])
def test_a_mail_is_traced_by_its_message_id(desk: Path, capsys: Captured, written: str) -> None:
    story = told(desk, capsys, "trace", written)
    assert names(story, TRACE_KEYS) == TRACE_KEYS
    assert (story["outcome"], story["ticket"], story["trust"]) == ("ticket", "T-1", "claimed")
    assert story["digest"] == hashlib.sha256(SOURCE).hexdigest()
    assert story["verdicts"] == [VERDICT]
    (reply,) = story["replies"]
    assert names(reply, ["to", "kind", "subject"]) == ["to", "kind", "subject"]
    assert (reply["to"], reply["kind"]) == ("ana@example.org", "acknowledgement")


@pytest.mark.parametrize(
    "saved",
    [SOURCE, SOURCE.replace(b"\r\n", b"\n"), SOURCE.replace(b"From:", b"Delivered-To: x@y.example\r\nFrom:")],
    ids=["its very bytes", "with the line ends of this system", "another delivery of it"],
)
def test_a_mail_is_traced_by_a_file_that_holds_it(desk: Path, capsys: Captured, tmp_path: Path, saved: bytes) -> None:
    (tmp_path / "saved.eml").write_bytes(saved)
    assert told(desk, capsys, "trace", str(tmp_path / "saved.eml"))["ticket"] == "T-1"


def test_a_mail_of_our_own_is_traced_to_the_mail_that_caused_it(store: Store, desk: Path, capsys: Captured) -> None:
    with store.read() as connection:
        ours = connection.execute(select(outbox_table.c.message_id)).scalar_one()
    assert told(desk, capsys, "trace", ours)["message_id"] == "<one@example.org>"


def test_a_mail_of_our_own_that_no_mail_caused_says_where_to_look(store: Store, desk: Path, capsys: Captured) -> None:
    due(store, ticket_id=1, kind="update_overdue", message_id="<late@acme.example>")
    assert "maild show T-1" in complaint(desk, capsys, "trace", "<late@acme.example>")


def test_of_several_arrivals_the_one_that_was_decided_is_told(store: Store, desk: Path, capsys: Captured) -> None:
    stored(store, an_arrival(source=SOURCE), mailbox=a_mailbox(store, name="Other"))
    (mail,) = claim(store)
    store.transact(lambda c: tickets.settle_mail(c, [settled(mail.id, None, outcome="duplicate")]))
    story = told(desk, capsys, "trace", "<one@example.org>")
    assert (story["outcome"], story["arrivals"]) == ("ticket", 2)


def test_trace_names_why_there_was_no_acknowledgement(store: Store, desk: Path, capsys: Captured) -> None:
    def withhold(connection: Connection) -> None:
        tickets.add_event(
            connection,
            1,
            Event.ACKNOWLEDGEMENT_WITHHELD,
            actor="maild",
            because="no acknowledgement was written: 5 in this hour",
            cause=tickets.Cause(mail=1),
            at=NOW,
        )

    store.transact(withhold)
    assert "5 in this hour" in told(desk, capsys, "trace", "<one@example.org>")["because"]


@pytest.mark.parametrize("unknown", ["<nobody@example.org>", "no-such-file.eml", "x" * 3000 + "@example.org", "/"])
def test_an_unknown_mail_is_one_clear_line(folder: Path, capsys: Captured, unknown: str) -> None:
    line = complaint(folder, capsys, "trace", unknown)
    assert line.startswith("maild: ")
    assert line.count("\n") == 1


def test_a_file_of_an_unknown_or_hostile_mail_is_one_clear_line(folder: Path, capsys: Captured, tmp_path: Path) -> None:
    path = tmp_path / "bomb.eml"
    for source in (b"", b"\0\xff" * 1000, b"X: y\r\n" * 50_000, b"From: " + b"(" * 5000 + b"\r\n\r\nx"):
        path.write_bytes(source)
        assert "has come in" in complaint(folder, capsys, "trace", str(path))


def test_held_mails_are_listed_retried_and_dropped(store: Store, folder: Path, capsys: Captured) -> None:
    stored(store, an_arrival(held="its header is a bomb"), an_arrival(held="it nests too deeply"))
    first, second = told(folder, capsys, "held")
    assert [first["because"], second["because"]] == ["its header is a bomb", "it nests too deeply"]
    maild(folder, "held", "retry", str(first["id"]))
    maild(folder, "held", "drop", str(second["id"]))
    capsys.readouterr()
    assert told(folder, capsys, "held") == []
    with store.read() as connection:
        assert count(connection).waiting == 1


def test_several_held_mails_are_acted_on_together_or_not_at_all(store: Store, folder: Path, capsys: Captured) -> None:
    stored(store, an_arrival(held="its header is a bomb"))
    assert "no mail 99" in complaint(folder, capsys, "held", "drop", "1", "99")
    assert len(told(folder, capsys, "held")) == 1


@pytest.mark.parametrize("nonsense", ["x", "0", "-1", "99999999999999999999"])
def test_what_is_no_id_is_wrong_use(folder: Path, capsys: Captured, nonsense: str) -> None:
    assert "is not a whole number" in complaint(folder, capsys, "held", "retry", "--", nonsense, status=2)


def test_the_outbox_is_listed_retried_and_dropped(store: Store, folder: Path, capsys: Captured) -> None:
    ids = [due(store), due(store, state="held")]
    assert [mail["state"] for mail in told(folder, capsys, "outbox")] == ["due", "held"]
    maild(folder, "outbox", "drop", str(ids[0]))
    maild(folder, "outbox", "retry", str(ids[1]))
    capsys.readouterr()
    assert [mail["state"] for mail in told(folder, capsys, "outbox")] == ["dropped", "due"]
    assert [mail["id"] for mail in told(folder, capsys, "outbox", "--state", "dropped")] == [ids[0]]


def test_what_is_sent_is_not_submitted_again(store: Store, folder: Path, capsys: Captured) -> None:
    outbox_id = due(store)

    def send(connection: Connection) -> None:
        lease = timedelta(minutes=1)
        outbox.claim_due(connection, holder="x", lease=lease, limit=1, now=NOW)
        outbox.begin_sending(connection, [outbox_id], holder="x", lease=lease)
        outbox.settle(connection, outbox_id, state="sent", answer="250 ok", now=NOW, holder="x")

    store.transact(send)
    assert "is sent and cannot be submitted again" in complaint(folder, capsys, "outbox", "retry", str(outbox_id))


def test_an_unknown_state_of_the_outbox_is_wrong_use(folder: Path, capsys: Captured) -> None:
    assert "allowed are due, claimed" in complaint(folder, capsys, "outbox", "--state", "lost", status=2)


def test_what_people_read_says_the_same_without_colour(store: Store, desk: Path, capsys: Captured) -> None:
    stored(store, an_arrival(held="its header is a bomb"))
    wanted = {
        ("tickets",): ["T-1", "open", "tsm", "ana@example.org", "The shop is down", "late"],
        ("show", "T-1"): ["T-1", "opened", "a person wrote about an outage", "Help!", "<-", "->"],
        ("trace", "<one@example.org>"): ["ticket", "T-1", "outage", "93%", "down, 500", "acknowledgement", "due"],
        ("held",): ["its header is a bomb", "maild held retry ID"],
        ("outbox",): ["acknowledgement", "1 due"],
    }
    for command, words in wanted.items():
        maild(desk, *command)
        printed = capsys.readouterr().out
        assert [word for word in words if word not in printed] == []
        assert "\x1b" not in printed


def test_a_stranger_s_text_cannot_steer_the_terminal(store: Store, folder: Path, capsys: Captured) -> None:
    a_ticket(store, subject="[red]\x1b]0;owned\x07\x1b[2J\u202esoon", client="\x9bA@example.org")
    for command in (("tickets",), ("show", "T-1")):
        maild(folder, *command)
        printed = capsys.readouterr().out
        assert "[red]" in printed, "text is never markup"
        assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(printed)
