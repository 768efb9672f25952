"""The line, whole: a mail comes in, a ticket stands, an acknowledgement is out; through real servers."""

import json
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from maild.errors import Refused
from tests.servers.dovecot import Dovecot, until
from tests.servers.smtp import SmtpServer
from tests.stories.running import PATIENCE_SECONDS, RunningDesk
from tests.support.making import NOON

CLIENT = "bea@client.example"


def a_source(**differences: str) -> bytes:
    fields = {
        "From": f"Bea Kunde <{CLIENT}>",
        "To": "support@acme.example",
        "Subject": "VPN connection drops every few minutes",
        "Message_ID": "<vpn-1@client.example>",
        "Date": format_datetime(NOON),
        "body": "Hello,\n\nour VPN client cannot connect to the server since this morning: error 809.\n\nBea\n",
    }
    fields.update(differences)
    message = EmailMessage()
    message.set_content(fields.pop("body"))
    for name, value in fields.items():
        message[name.replace("_", "-")] = value
    return message.as_bytes()


@pytest.fixture
def running_desk(
    tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer, database_url: str, imap_user: str
) -> Iterator[RunningDesk]:
    desk = RunningDesk(
        tmp_path, address=imap_user, dovecot=dovecot, smtp_port=smtp_server.port, database_url=database_url
    )
    yield desk
    desk.stop()


def sent_to(server: SmtpServer, address: str) -> list[EmailMessage]:
    return [message_from_bytes(mail.content, policy=default) for mail in server.accepted if address in mail.recipients]


def tickets(desk: RunningDesk) -> list[dict[str, Any]]:
    answer = desk.run("tickets", "--json")
    assert answer.returncode == 0, answer.stderr
    rows: list[dict[str, Any]] = json.loads(answer.stdout)
    return rows


def test_a_mail_becomes_a_ticket_its_author_hears_and_an_answer_joins_it(
    running_desk: RunningDesk, smtp_server: SmtpServer
) -> None:
    dovecot, address = running_desk.dovecot, running_desk.address
    running_desk.start_ready()
    dovecot.deliver(address, a_source())
    until(lambda: sent_to(smtp_server, CLIENT), "nothing was sent")
    acknowledgement = sent_to(smtp_server, CLIENT)[0]
    assert acknowledgement["In-Reply-To"] == "<vpn-1@client.example>"
    assert "T-1" in acknowledgement["Subject"]
    until(lambda: len(dovecot.sources(address, "Processed")) == 1, "the mail was not moved")
    until(lambda: dovecot.sources(address) == [], "the mail was copied and not moved")
    assert [ticket["number"] for ticket in tickets(running_desk)] == ["T-1"]
    answer = a_source(
        Message_ID="<vpn-2@client.example>",
        To=str(acknowledgement["Reply-To"]),
        Subject=f"Re: {acknowledgement['Subject']}",
        In_Reply_To=str(acknowledgement["Message-ID"]),
        body="It happens on the laptop only.\n",
    )
    dovecot.deliver(address, answer)
    until(lambda: len(dovecot.sources(address, "Processed")) == 2, "the answer was not taken in")
    assert [row["number"] for row in tickets(running_desk)] == ["T-1"]
    assert len(sent_to(smtp_server, CLIENT)) == 1


def test_once_ends_with_1_where_mail_stays_due_and_with_0_when_it_was_submitted(
    running_desk: RunningDesk, smtp_server: SmtpServer
) -> None:
    smtp_server.stop()
    for number in range(3):
        source = a_source(Message_ID=f"<{number}@client.example>", Subject=f"Printer {number} is broken")
        running_desk.dovecot.deliver(running_desk.address, source)
    ended = running_desk.run_alone("run", "--once")
    assert ended.returncode == 1
    assert "mail stays due in the outbox" in ended.stderr
    assert [ticket["number"] for ticket in tickets(running_desk)] == ["T-1", "T-2", "T-3"]
    smtp_server.start()
    running_desk.forks = None  # the next one begins as in earnest
    ended = running_desk.run_alone("run", "--once")
    assert ended.returncode == 0, ended.stderr
    assert len(sent_to(smtp_server, CLIENT)) == 3
    assert running_desk.take_turn() == 0
    assert len(sent_to(smtp_server, CLIENT)) == 3
    assert len(running_desk.dovecot.sources(running_desk.address, "Processed")) == 3


def test_the_trouble_of_a_mailbox_is_one_line_of_a_turn_and_ends_it(
    running_desk: RunningDesk, caplog: pytest.LogCaptureFixture
) -> None:
    (running_desk.folder / "secrets" / "mailbox-password").write_text("wrong")
    with pytest.raises(Refused, match="refused the log-in"):
        running_desk.take_turn()
    said = [record.getMessage() for record in caplog.records if "trouble" in record.getMessage()]
    assert said == ["mailbox is in trouble"]


def test_a_dead_mail_server_is_survived_and_sigterm_ends_the_daemon_cleanly(
    running_desk: RunningDesk, smtp_server: SmtpServer
) -> None:
    smtp_server.stop()
    running_desk.forks = None  # it begins as in earnest
    process = running_desk.start_ready()
    running_desk.dovecot.deliver(running_desk.address, a_source())
    until(lambda: running_desk.dovecot.sources(running_desk.address, "Processed"), "the mail was not taken in")
    smtp_server.start()
    until(lambda: sent_to(smtp_server, CLIENT), "what was due was never sent")
    process.terminate()
    assert process.wait(PATIENCE_SECONDS) == 0
    running_desk.processes.clear()
