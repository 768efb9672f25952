"""A mail that nobody is sure about, through real servers: asked, handed off, given back, decided by one word."""

from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer
from tests.stories.letters import CLIENT, LEAD, a_letter, an_answer, sent_to
from tests.stories.looking import rows
from tests.stories.running import RunningDesk

FINANCE = "finance@example.org"
UNCLEAR = "Hello,\n\nplease see below, as discussed with your colleague yesterday.\n\nBea\n"

# How the mail clients of the desk write one word: our own texts in their shapes.
SHAPES = {
    "gmail": "{word}\n\nOn Mon, Nov 23, 2026 at 1:00 PM Acme Support <support@acme.example>\nwrote:\n\n> A new message\n",
    "outlook": "{word}\n\n________________________________\nFrom: Acme Support <support@acme.example>\n"
    "Sent: Monday, November 23, 2026 1:00 PM\nTo: Lead\nSubject: [T-1]\n\nA new message\n",
    "mobile": "{word}.\n\nSent from my iPhone\n\n> Am 23.11.2026 um 13:00 schrieb Acme Support <support@acme.example>:\n>\n> A\n",
    "terminal": "* Acme Support <support@acme.example> [2026-11-23 13:00]:\n> A new message\n\n{word}\n-- \nLead\n",
}


def tap(mail: EmailMessage, what: str, author: str) -> bytes:
    """The mail that a tap on the link of this name opens."""
    body = mail.get_body(("html",))
    assert body is not None
    links = [part.partition('"')[0] for part in str(body.get_content()).split('href="mailto:')[1:]]
    link = next(link for link in links if unquote(link).endswith(what))
    address, _, subject = link.partition("?subject=")
    return a_letter(From=author, To=unquote(address), Subject=unquote(subject), body="Sent from my phone\n")


def tickets(database_url: str) -> list[tuple[object, ...]]:
    return rows(database_url, "SELECT status, category, assignee, team FROM tickets ORDER BY id")


def said(database_url: str) -> dict[str, str]:
    return dict(rows(database_url, "SELECT question, value FROM labels ORDER BY id"))


def deliver(desk: RunningDesk, letter: bytes) -> None:
    desk.take_turn(letter)


def a_running_desk(
    folder: Path, dovecot: Dovecot, smtp_server: SmtpServer, database_url: str, user: str
) -> RunningDesk:
    return RunningDesk(folder, address=user, dovecot=dovecot, smtp_port=smtp_server.port, database_url=database_url)


def test_an_unclear_mail_goes_to_a_team_comes_back_and_is_decided(
    tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer, database_url: str, imap_user: str
) -> None:
    with a_running_desk(tmp_path, dovecot, smtp_server, database_url, imap_user) as desk:
        deliver(desk, a_letter(Subject="As discussed", body=UNCLEAR))
        assert tickets(database_url) == [("new", None, "Lead", None)]
        deliver(desk, tap(sent_to(smtp_server, LEAD)[-1], "handoff Finance", LEAD))
        assert tickets(database_url)[0][0] == "handed_off"
        deliver(desk, tap(sent_to(smtp_server, FINANCE)[-1], "return", FINANCE))
        assert tickets(database_url) == [("new", None, "Lead", None)]
        assert len(sent_to(smtp_server, CLIENT)) == 3
        assert "as discussed with your colleague" in str(sent_to(smtp_server, LEAD)[-1].get_body().get_content())  # type: ignore[union-attr]
        deliver(desk, tap(sent_to(smtp_server, LEAD)[-1], "category network", LEAD))
        assert tickets(database_url) == [("open", "network", "Lead", None)]
        assert said(database_url) == {"technical": "yes", "category": "network", "team": "Finance"}
        assert "Sent from my phone" not in "".join(mail.as_string() for mail in sent_to(smtp_server, CLIENT))


@pytest.mark.parametrize("shape", SHAPES)
def test_one_word_of_any_mail_client_decides_once_it_is_confirmed(
    tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer, sqlite_url: str, imap_user: str, *, shape: str
) -> None:
    with a_running_desk(tmp_path, dovecot, smtp_server, sqlite_url, imap_user) as desk:
        deliver(desk, a_letter(Subject="As discussed", body=UNCLEAR))
        asked = sent_to(smtp_server, LEAD)[-1]
        deliver(desk, an_answer(asked, From=LEAD, body=SHAPES[shape].format(word="Network")))
        confirm = sent_to(smtp_server, LEAD)[-1]
        assert tickets(sqlite_url)[0][0] == "new"
        deliver(desk, tap(confirm, "release", LEAD))
        assert tickets(sqlite_url)[0][:2] == ("open", "network")
        assert len(sent_to(smtp_server, CLIENT)) == 1
