"""A process is killed in the middle of submitting; the next one on its machine says so at once, and evidence settles it."""

import json
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.servers.accepted import Accepted
from tests.servers.dovecot import Dovecot, until
from tests.servers.script import Step
from tests.servers.smtp import SmtpServer
from tests.stories.running import RunningDesk

CLIENT = "bea@client.example"
NEVER = 600.0
"""Seconds that the server thinks about the content: longer than any test."""

SOON = 300.0
"""Seconds; the lease of a mail that is being submitted lasts 12 minutes."""


@pytest.fixture
def desk(
    tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer, database_url: str, imap_user: str
) -> Iterator[RunningDesk]:
    made = RunningDesk(
        tmp_path, address=imap_user, dovecot=dovecot, smtp_port=smtp_server.port, database_url=database_url
    )
    yield made
    made.stop()


def a_mail(message_id: str, answers: str | None = None) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Message-ID"] = CLIENT, "support@desk.example", message_id
    message["Subject"] = "The shop is down"
    message["Date"] = "Mon, 23 Nov 2026 12:00:00 +0000"
    if answers:
        message["In-Reply-To"] = answers
    message.set_content("Our shop does not answer since this morning. Please help.\n")
    return message.as_bytes()


def mail_to_client(desk: RunningDesk) -> dict[str, str]:
    mails = json.loads(desk.run("outbox", "--json").stdout)
    found: list[dict[str, str]] = [mail for mail in mails if mail["to"] == CLIENT]
    return found[0] if found else {"state": "not written yet"}


def accepted_by(server: SmtpServer) -> list[Accepted]:
    """Those to the client that the server has whole, whether or not it has said so yet."""
    return [mail for mail in server.accepted if CLIENT in mail.recipients]


def test_a_mail_cut_off_by_a_power_cut_is_uncertain_at_once_and_settled_by_an_answer(
    desk: RunningDesk, smtp_server: SmtpServer
) -> None:
    smtp_server.script.add(CLIENT, Step(at="content", seconds=NEVER, times=1))
    first = desk.start_ready()
    desk.dovecot.deliver(desk.address, a_mail("<shop-1@client.example>"))
    until(lambda: accepted_by(smtp_server), "the server was never given the mail")
    desk.kill(first)
    desk.start_ready()
    until(lambda: mail_to_client(desk)["state"] == "uncertain", "nobody says that it is uncertain", seconds=SOON)
    answer = a_mail("<shop-2@client.example>", answers=mail_to_client(desk)["message_id"])
    desk.dovecot.deliver(desk.address, answer)
    until(lambda: mail_to_client(desk)["state"] == "sent", "the answer proves nothing", seconds=SOON)
    assert len(accepted_by(smtp_server)) == 1, "the server had it, and an uncertain mail is never repeated by itself"
