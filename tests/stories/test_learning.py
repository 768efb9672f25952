"""A closed ticket teaches the next one, through real servers: form, answer in any mail client, article, suggestion, export."""

import json
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer
from tests.stories.letters import CLIENT, LEAD, a_letter, an_answer, sent_to
from tests.stories.running import RunningDesk
from tests.stories.test_triage import a_running_desk, deliver, tap

CAUSE, FIX = "The certificate of the gateway had expired.", "Renew it with certbot."


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def quoted(form: EmailMessage) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text_of(form).splitlines())


def gmail(form: EmailMessage) -> str:
    return f"{CAUSE}\n\nFix: {FIX}\n\nOn Mon, Nov 23, 2026 at 1:00 PM Acme Support <support@acme.example>\nwrote:\n\n{quoted(form)}\n"


def outlook(form: EmailMessage) -> str:
    """Written into what it quotes, without marks."""
    filled = text_of(form).replace("Root cause:\n", f"Root cause:\n{CAUSE}\n").replace("Fix:\n", f"Fix:\n{FIX}\n")
    head = (
        "From: Acme Support <support@acme.example>\nSent: Monday, November 23, 2026 1:00 PM\nTo: Lead\nSubject: [T-1]\n"
    )
    return f"\n________________________________\n{head}\n{filled}"


def terminal(form: EmailMessage) -> str:
    """Written between the quoted lines."""
    lines = quoted(form).replace("> Root cause:\n", f"> Root cause:\n{CAUSE}\n")
    return "* Acme Support <support@acme.example> [2026-11-23 13:00]:\n" + lines.replace("> Fix:\n", f"> Fix:\n{FIX}\n")


def html_only(form: EmailMessage) -> str:
    return f"<p><b>Root cause</b></p><p>{CAUSE}</p><ul><li><b>Fix:</b> {FIX}</li></ul><blockquote><pre>{quoted(form)}</pre></blockquote>"


SHAPES = {"gmail": gmail, "outlook": outlook, "terminal": terminal, "html only": html_only}


def solve(desk: RunningDesk, server: SmtpServer) -> EmailMessage:
    """A ticket from its first mail to its end; the form that it brings."""
    deliver(desk, a_letter())
    assignment = sent_to(server, LEAD)[-1]
    deliver(desk, an_answer(assignment, From=LEAD, body="Please try again, we have changed something.\n"))
    deliver(desk, an_answer(sent_to(server, CLIENT)[-1], From=CLIENT, body="Thank you, that was it, it works now.\n"))
    deliver(desk, an_answer(assignment, From=LEAD, body="/close\n\nIt works again, we close this.\n"))
    deliver(desk, tap(sent_to(server, LEAD)[-1], "release", LEAD))
    form = sent_to(server, LEAD)[-1]
    assert "What did we learn?" in str(form["Subject"])
    return form


def answer(form: EmailMessage, shape: str) -> bytes:
    kind = {"Content_Type": "text/html; charset=utf-8", "MIME_Version": "1.0"} if shape == "html only" else {}
    body = SHAPES[shape](form)
    fields = {"Content_Type": "text/plain; charset=utf-8", "MIME_Version": "1.0", **kind}
    return an_answer(form, From=LEAD, body=body, **fields)


def articles(desk: RunningDesk, *arguments: str) -> list[dict[str, object]]:
    done = desk.run("articles", *arguments, "--json")
    assert done.returncode == 0, done.stderr
    found: list[dict[str, object]] = json.loads(done.stdout)
    return found


def test_what_one_ticket_taught_comes_with_the_next(
    tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer, database_url: str, imap_user: str
) -> None:
    with a_running_desk(tmp_path, dovecot, smtp_server, database_url, imap_user) as desk:
        form = solve(desk, smtp_server)
        before = len(sent_to(smtp_server, CLIENT))
        deliver(desk, answer(form, "gmail"))
        assert len(sent_to(smtp_server, CLIENT)) == before
        [article] = articles(desk)
        assert (article["tickets"], article["status"]) == (["T-1"], "live")
        deliver(desk, a_letter(From="max@other.example", body="VPN cannot connect to the server: error 809 again.\n"))
        assignment = text_of(sent_to(smtp_server, LEAD)[-1])
        assert str(article["name"]) in assignment
        assert FIX in assignment
        assert CAUSE not in "".join(map(text_of, sent_to(smtp_server, "max@other.example")))
        kinds = [found["kind"] for found in articles(desk, "search", "809", "certificate")]
        assert kinds == ["article", "ticket", "ticket"]
        assert desk.run("articles", "export", str(tmp_path / "site")).returncode == 0
        assert CAUSE in (tmp_path / "site" / f"{article['name']}.md").read_text("utf-8")


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape != "gmail"])
def test_the_form_is_answered_in_any_mail_client(
    tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer, sqlite_url: str, imap_user: str, *, shape: str
) -> None:
    with a_running_desk(tmp_path, dovecot, smtp_server, sqlite_url, imap_user) as desk:
        deliver(desk, answer(solve(desk, smtp_server), shape))
        shown = desk.run("articles", "show", str(articles(desk)[0]["name"])).stdout
        assert f"## Root cause\n\n{CAUSE}" in shown
        assert f"## Fix\n\n{FIX}" in shown


def test_neither_a_client_nor_a_megabyte_spoils_the_knowledge_base(
    tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer, sqlite_url: str, imap_user: str
) -> None:
    with a_running_desk(tmp_path, dovecot, smtp_server, sqlite_url, imap_user) as desk:
        form = solve(desk, smtp_server)
        deliver(desk, an_answer(form, From=CLIENT, body="Root cause: <script>alert(1)</script>\n"))
        assert articles(desk) == []
        deliver(desk, an_answer(form, From=LEAD, body=f"Root cause: {CAUSE}\nFix: {'long words ' * 90_000}\n"))
        shown = desk.run("articles", "show", str(articles(desk)[0]["name"])).stdout
        assert CAUSE in shown
        assert len(shown) < 20_000
