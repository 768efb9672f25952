"""The commands tickets and show, and what all that read have in common: they print CONTRACT's JSON."""

import json
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from maild.cli.show import number_of
from maild.process.desk import Desk
from maild.process.ticket import Event, Role, Status
from maild.store import tables
from maild.store.desk import tickets
from maild.store.engine import Store
from maild.store.view.tickets import AWAITING
from tests.support.desk_told import TICKET_KEYS, Captured, claim, complaint, maild, names, settled, told
from tests.support.rows import NOW, a_ticket, an_arrival, due, stored


def test_tickets_are_listed_under_contract_s_names(desk: Path, capsys: Captured) -> None:
    (ticket,) = told(desk, capsys, "tickets")
    assert names(ticket, TICKET_KEYS) == TICKET_KEYS
    assert ticket["number"] == "T-1"
    assert ticket["opened_at"] == "2026-03-02T09:00:00Z"
    assert (ticket["awaiting"], ticket["mails"], ticket["technical"]) == ("tsm", 2, True)


def test_one_ticket_is_counted_as_one(desk: Path, capsys: Captured) -> None:
    maild(desk, "tickets")
    assert "1 ticket; " in capsys.readouterr().out


@pytest.mark.parametrize("command", [("try",), ("restore",), ("labels", "import"), ("import",)])
def test_a_file_that_is_not_there_is_named_in_words(desk: Path, capsys: Captured, command: tuple[str, ...]) -> None:
    line = complaint(desk, capsys, *command, "none.eml")
    assert "none.eml" in line
    assert "Errno" not in line


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


def test_who_has_heard_nothing_since_an_acknowledgement_was_withheld_is_listed(
    store: Store, folder: Path, capsys: Captured
) -> None:
    unheard, answered, told_inside, closed, usual = (
        a_ticket(store, status=status) for status in ("open", "open", "new", "closed", "open")
    )
    due(store, ticket_id=answered, kind="relay")
    due(store, ticket_id=told_inside, audience="internal", kind="assignment")
    withheld = Event.ACKNOWLEDGEMENT_WITHHELD.value
    rows = [
        {"ticket_id": number, "at": NOW, "actor": "maild", "event": withheld, "because": "a limit"}
        for number in (unheard, answered, told_inside, closed)
    ]
    rows.append({**rows[0], "ticket_id": usual, "event": Event.OPENED.value})
    store.transact(lambda connection: connection.execute(insert(tables.events), rows).rowcount)
    found = [ticket["number"] for ticket in told(folder, capsys, "tickets", "--unacknowledged")]
    assert found == [f"T-{unheard}", f"T-{told_inside}"]
    (new,) = told(folder, capsys, "tickets", "--unacknowledged", "--status", "new")
    assert new["number"] == f"T-{told_inside}"


def test_an_empty_desk_is_an_empty_list(folder: Path, capsys: Captured) -> None:
    for command in ("tickets", "held", "outbox"):
        assert told(folder, capsys, command) == []
        maild(folder, command)
        assert capsys.readouterr().out.count("\n") == 1


def test_a_merged_ticket_shows_where_it_goes_on_and_what_was_estimated(
    store: Store, desk: Path, capsys: Captured
) -> None:
    a_ticket(store)
    merged = {"merged_into": 2, "eta_at": NOW, "escalation_level": 1}
    store.transact(
        lambda connection: connection.execute(update(tables.tickets).where(tables.tickets.c.id == 1).values(merged))
    )
    ticket = told(desk, capsys, "show", "T-1")
    assert (ticket["merged_into"], ticket["escalation_level"]) == ("T-2", 1)
    assert ticket["eta_at"].startswith("20")
    maild(desk, "show", "T-1")
    shown = capsys.readouterr().out
    assert all(word in shown for word in ("goes on in", "T-2", "expected by", "level 1"))


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
    ("written", "status"),
    [
        ("T-99", 1),
        ("T-0", 1),
        ("99999999999999999999", 2),
        ("nonsense", 2),
        ("-1", 2),
        ("T-\N{ARABIC-INDIC DIGIT ONE}", 2),
    ],
)
def test_a_ticket_that_is_not_there_is_one_clear_line_and_what_is_no_number_wrong_use(
    folder: Path, capsys: Captured, written: str, status: int
) -> None:
    line = complaint(folder, capsys, "show", "--", written, status=status)
    assert line.count("\n") == 1
    assert "ticket" in line


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
        maild(folder, *command, "--json")
        printed = capsys.readouterr().out
        assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(printed)
        document = json.loads(printed)
        assert "\u202esoon" in (document[0] if command == ("tickets",) else document)["subject"]


def test_a_subject_like_a_book_costs_a_list_a_line_or_two(store: Store, folder: Path, capsys: Captured) -> None:
    a_ticket(store, subject="All my woes. " * 10_000)
    maild(folder, "tickets")
    assert capsys.readouterr().out.count("woes") < 12


def test_a_ticket_is_shown_with_its_sheet(store: Store, desk: Path, capsys: Captured) -> None:
    document = {
        "found": [{"kind": "version", "value": "7.4", "words": "with version 7.4", "mail": 1}],
        "required": ["version", "device"],
        "missing": ["device"],
    }
    a_ticket(store, sheet=document)
    assert told(desk, capsys, "show", "T-2")["sheet"] == document
    assert told(desk, capsys, "show", "T-1")["sheet"] is None
    maild(desk, "show", "T-2")
    printed = capsys.readouterr().out
    assert all(word in printed for word in ("version", "7.4", "with version 7.4", "device", "missing"))
