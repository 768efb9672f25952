"""`maild trace` tells the whole story of a mail."""

import hashlib
from pathlib import Path

import pytest
from sqlalchemy import select, update

from maild.process.ticket import Event
from maild.store import tables
from maild.store.desk import tickets
from maild.store.engine import Connection, Store
from maild.store.tables import outbox as outbox_table
from tests.support.desk_told import (
    SOURCE,
    TRACE_KEYS,
    VERDICT,
    Captured,
    claim,
    complaint,
    maild,
    names,
    settled,
    told,
)
from tests.support.mail_making import a_source
from tests.support.rows import NOW, a_mailbox, an_arrival, due, stored


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


def test_a_trace_says_what_the_mail_told_and_not_what_others_told(store: Store, desk: Path, capsys: Captured) -> None:
    found = [
        {"kind": "version", "value": "7.4", "words": "with version 7.4", "mail": 1},
        {"kind": "device", "value": "ThinkPad", "words": "my ThinkPad", "mail": 99},
    ]
    sheet = {"found": found, "required": [], "missing": []}
    store.transact(lambda c: c.execute(update(tables.tickets).values(sheet=sheet)).rowcount)
    assert told(desk, capsys, "trace", "<one@example.org>")["gathered"] == found[:1]
    maild(desk, "trace", "<one@example.org>")
    assert "with version 7.4" in capsys.readouterr().out


def test_what_a_mail_looks_like_is_written_into_a_page_that_runs_and_fetches_nothing(
    store: Store, desk: Path, capsys: Captured, tmp_path: Path
) -> None:
    words = "<table><tr><td>12 &euro;</td></tr></table><script>alert(1)</script><img src='https://evil.example/p.png'>"
    source = a_source(words, content_type="text/html", Message_ID="<two@example.org>", Subject="<b>Prices</b>")
    stored(store, an_arrival(uid=2, source=source))
    (waiting,) = claim(store)
    store.transact(lambda c: tickets.settle_mail(c, [settled(waiting.id, 1, message_id="<two@example.org>")]))
    page = tmp_path / "look.html"
    maild(desk, "trace", "<two@example.org>", "--html", str(page))
    assert str(page) in capsys.readouterr().out
    shown = page.read_text("utf-8")
    assert "<td>12 €</td>" in shown
    assert "&lt;b&gt;Prices&lt;/b&gt;" in shown
    assert "alert" not in shown
    assert "evil.example" not in shown


def test_a_mail_of_plain_text_has_a_page_too_and_one_that_is_not_kept_says_so(
    store: Store, desk: Path, capsys: Captured, tmp_path: Path
) -> None:
    page = tmp_path / "look.html"
    page.touch(0o644)  # of an earlier look, which others could read
    maild(desk, "trace", "<one@example.org>", "--html", str(page))
    assert "<pre>Help!" in page.read_text("utf-8")
    assert page.stat().st_mode & 0o777 == 0o600
    capsys.readouterr()
    assert "cannot be written" in complaint(desk, capsys, "trace", "<one@example.org>", "--html", str(tmp_path))
    store.transact(lambda c: c.execute(tables.mails.update().values(digest=None)))
    assert "not kept" in complaint(desk, capsys, "trace", "<one@example.org>", "--html", str(page))
