"""Engineering is consulted, tickets are merged and parted again: through real servers, in the shapes of mail clients."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.servers.dovecot import Dovecot, until
from tests.servers.smtp import SmtpServer
from tests.stories.crashing import is_settled
from tests.stories.letters import CLIENT, LEAD, VAGUE, a_letter, an_answer, sent_to
from tests.stories.looking import rows
from tests.stories.running import RunningDesk
from tests.stories.staffed import ANA, LOGIN, TRUST, everything_for

EVA, OLAF = "eva@acme.example", "olaf@acme.example"
PEOPLE = """
[[person]]
name = "Ana Ruiz"
addresses = ["ana@acme.example"]
role = "tsm"
skills = ["network"]

[[person]]
name = "Eva Engineer"
addresses = ["eva@acme.example"]
role = "engineer"

[[person]]
name = "Olaf Engineer"
addresses = ["olaf@acme.example"]
role = "engineer"
"""
TICKETS = "SELECT status, merged_into FROM tickets ORDER BY id"
SECRET = "It is our own firmware, and Sales knew."

# How the mail clients of engineers quote what they answer: our own texts in their shapes.
SHAPES = {
    "gmail": "{words}\n\nOn Mon, Nov 23, 2026 at 1:00 PM Acme Support <support@acme.example>\nwrote:\n\n> Hello Eva,\n",
    "outlook": "{words}\n\n________________________________\nFrom: Acme Support <support@acme.example>\n"
    "Sent: Monday, November 23, 2026 1:00 PM\nTo: Eva Engineer\nSubject: [T-1] Engineering\n\nHello Eva,\n",
    "apple": "{words}\n\n> On 23 Nov 2026, at 13:00, Acme Support <support@acme.example> wrote:\n> \n> Hello Eva,\n",
    "terminal": "* Acme Support <support@acme.example> [2026-11-23 13:00]:\n> Hello Eva,\n\n{words}\n-- \nEva\n",
}


@pytest.fixture
def desk(
    tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer, database_url: str, imap_user: str
) -> Iterator[RunningDesk]:
    with RunningDesk(
        tmp_path,
        address=imap_user,
        dovecot=dovecot,
        smtp_port=smtp_server.port,
        database_url=database_url,
        mailbox=TRUST,
    ) as made:
        team = made.folder / "team.toml"
        team.write_text(team.read_text() + PEOPLE)
        yield made


def deliver(desk: RunningDesk, *letters: bytes) -> None:
    desk.take_turn(*letters)


def about(mails: list[EmailMessage], words: str) -> EmailMessage:
    """The newest of the mails whose subject has these words."""
    return next(mail for mail in reversed(mails) if words in str(mail["Subject"]))


def staff(author: str, to: EmailMessage, body: str, **fields: str) -> bytes:
    return an_answer(to, **{"From": author, "body": body, **LOGIN, **fields})


@pytest.mark.parametrize("shape", SHAPES)
def test_an_engineer_who_replies_to_all_never_reaches_the_client_by_maild(
    desk: RunningDesk, smtp_server: SmtpServer, *, shape: str
) -> None:
    deliver(desk, a_letter())
    assignment = sent_to(smtp_server, ANA)[-1]
    deliver(desk, staff(ANA, assignment, "/escalate Eva\nDoes the gateway drop idle tunnels?\n"))
    dossier = about(sent_to(smtp_server, EVA), "Engineering")
    body = str(dossier.get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert "Does the gateway drop idle tunnels?" in body
    assert "error 809" in body
    deliver(desk, staff(EVA, dossier, SHAPES[shape].format(words=SECRET), Cc=CLIENT))
    assert SECRET in everything_for(smtp_server, ANA)
    assert "The client may have read this" in str(about(sent_to(smtp_server, LEAD), "may have read")["Subject"])
    deliver(desk, staff(ANA, about(sent_to(smtp_server, ANA), "Engineering"), "Thank you. Since when?\n"))
    assert "Since when?" in everything_for(smtp_server, EVA)
    deliver(desk, staff(ANA, assignment, "/resolve\nPlease install version 4.3.\n"))
    told = everything_for(smtp_server, CLIENT)
    assert "Please install version 4.3." in told
    assert not any(words in told for words in (SECRET, "Since when?", "idle tunnels", "Eva"))


def test_a_follow_up_goes_where_the_merged_ticket_goes_on_until_that_is_undone(
    desk: RunningDesk, smtp_server: SmtpServer, database_url: str
) -> None:
    deliver(desk, a_letter(**VAGUE))
    deliver(desk, a_letter(**{**VAGUE, "Subject": "Another thing is odd"}))
    second = sent_to(smtp_server, ANA)[1]
    acknowledged = sent_to(smtp_server, CLIENT)[1]
    before = rows(database_url, TICKETS)
    deliver(desk, staff(ANA, second, "/merge T-1\n"))
    deliver(desk, an_answer(acknowledged, body="It is worse now.\n"))
    follow_up = sent_to(smtp_server, ANA)[-1]
    assert "[T-1" in str(follow_up["Subject"])
    assert "wrote to T-2, which goes on here" in " ".join(everything_for(smtp_server, ANA).split())
    deliver(desk, staff(ANA, second, "/undo\n"))
    deliver(desk, an_answer(acknowledged, body="And worse.\n"))
    assert rows(database_url, TICKETS) == before
    assert "[T-2" in str(sent_to(smtp_server, ANA)[-1]["Subject"])


def test_commands_happen_once_whatever_is_killed_when(
    desk: RunningDesk, smtp_server: SmtpServer, database_url: str
) -> None:
    deliver(desk, a_letter())
    deliver(desk, a_letter(Subject="VPN drops again", body="The VPN client drops again: error 809.\n"))
    first, second = sent_to(smtp_server, ANA)[:2]
    orders = [
        staff(ANA, first, "/escalate\nWhy?\n"),
        staff(ANA, first, "/impact 1\n/cc add carl@client.example\n"),
        staff(ANA, second, "/merge T-1\nWe go on under T-1.\n"),
    ]
    chance = random.Random(7)
    for order in orders:
        desk.dovecot.deliver(desk.address, order)
        process = desk.start()
        time.sleep(0.5 + chance.random() * 3)
        desk.kill(process)
    # A database may need a moment to notice that whoever held its locks is dead.
    until(lambda: desk.take_turn() >= 0 and is_settled(database_url, 2 + len(orders)), "it never came to rest")
    events = Counter(str(event) for (event,) in rows(database_url, "SELECT event FROM events"))
    once = ("escalated", "prioritized", "participant_added", "merged", "took_in")
    assert {event: events[event] for event in once} == dict.fromkeys(once, 1)
    dossiers = rows(database_url, "SELECT recipient FROM outbox WHERE kind = 'dossier' ORDER BY recipient")
    assert dossiers == [(EVA,), (OLAF,)]
    accepted = Counter(mail["Message-ID"] for to in (ANA, EVA, OLAF, CLIENT) for mail in sent_to(smtp_server, to))
    assert set(accepted.values()) == {1}
