"""Viruses: no infected file leaves for anybody, its TSM is told, and a scanner that is down loses and delays no mail."""

import json
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from maild.daemon.running import system_clock
from tests.servers.clamd import EICAR, VIRUS, ClamdServer
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer
from tests.stories.letters import CLIENT, LEAD, sent_to
from tests.stories.running import RunningDesk
from tests.support.relays import text_of

CLEAN = b"%PDF-1.4 a report\n"
SCAN = '[scan]\nclamd = "{place}"\ntimeout = "10s"\n'


@pytest.fixture
def desk(
    tmp_path: Path,
    *,
    dovecot: Dovecot,
    smtp_server: SmtpServer,
    database_url: str,
    imap_user: str,
    clamd_server: ClamdServer,
) -> Iterator[RunningDesk]:
    made = RunningDesk(
        tmp_path, address=imap_user, dovecot=dovecot, smtp_port=smtp_server.port, database_url=database_url
    )
    with (made.folder / "maild.toml").open("a") as file:
        file.write(SCAN.format(place=clamd_server.place))
    yield made
    made.stop()


def a_mail(words: str, files: dict[str, bytes], to: EmailMessage | None = None, **fields: str) -> bytes:
    mail = EmailMessage(policy=SMTP)
    usual = {"From": f"Bea <{CLIENT}>", "To": "support@acme.example", "Subject": "VPN connection drops"}
    if to is not None:
        usual |= {"To": str(to["Reply-To"]), "Subject": f"Re: {to['Subject']}", "In-Reply-To": str(to["Message-ID"])}
    for name, value in (usual | fields).items():
        mail[name.replace("_", "-")] = value
    mail.set_content(f"{words}\n")
    for name, content in files.items():
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


def files_of(mail: EmailMessage) -> dict[str, bytes]:
    return {str(part.get_filename()): part.get_content() for part in mail.iter_attachments()}


def in_one_line(mail: EmailMessage) -> str:
    return " ".join(text_of(mail).split())


def states(desk: RunningDesk) -> list[str]:
    return [row["state"] for row in json.loads(desk.run("outbox", "--json").stdout)]


def test_an_infected_file_leaves_for_nobody_and_a_scanner_that_is_down_loses_nothing(
    desk: RunningDesk, smtp_server: SmtpServer, clamd_server: ClamdServer
) -> None:
    now = [system_clock()]
    desk.clock = lambda: now[0]
    problem = "Our VPN client cannot connect to the server since this morning: error 809."
    desk.take_turn(a_mail(problem, {"report.pdf": CLEAN, "invoice.exe": EICAR}, Message_ID="<1@client.example>"))
    (notice,) = sent_to(smtp_server, LEAD)
    assert files_of(notice) == {"report.pdf": CLEAN}
    assert f"invoice.exe (68 B), not passed on: the virus scanner found {VIRUS}" in in_one_line(notice)

    answer = {"From": f"Lead <{LEAD}>"}
    desk.take_turn(a_mail("Please install this.", {"patch.exe": EICAR}, notice, Message_ID="<2@example.org>", **answer))
    assert len(sent_to(smtp_server, CLIENT)) == 1, "the acknowledgement alone"
    refused = sent_to(smtp_server, LEAD)[-1]
    assert f"patch.exe: the virus scanner found {VIRUS} in it; nothing was sent" in in_one_line(refused)

    clamd_server.stop()
    desk.take_turn(a_mail(problem, {"late.pdf": CLEAN}, From="Cem <cem@other.example>", Message_ID="<3@other.example>"))
    told = sent_to(smtp_server, LEAD)[-1]
    assert len(sent_to(smtp_server, "cem@other.example")) == 1
    assert (files_of(told), "late.pdf" in in_one_line(told)) == ({}, True)
    assert "not passed on: the virus scanner could not check it; it is kept with the ticket" in in_one_line(told)
    desk.take_turn(
        a_mail("This helps.", {"help.pdf": CLEAN}, notice, Message_ID="<4@example.org>", **answer),
        a_mail("And this one.", {"bad.exe": EICAR}, notice, Message_ID="<5@example.org>", **answer),
    )
    assert len(sent_to(smtp_server, CLIENT)) == 1
    assert sorted(states(desk))[:2] == ["deferred", "deferred"], "what nobody could look at waits"

    clamd_server.start()
    now[0] += timedelta(hours=1)
    desk.take_turn()
    relayed = sent_to(smtp_server, CLIENT)[1:]
    assert [files_of(mail) for mail in relayed] == [{"help.pdf": CLEAN}]
    failed = sent_to(smtp_server, LEAD)[-1]
    assert f"not submitted, for the virus scanner found {VIRUS} in its attachments" in in_one_line(failed)
    assert not any(EICAR in content for mail in smtp_server.accepted for content in files_of_all(mail.content))


def files_of_all(content: bytes) -> list[bytes]:
    return [bytes(part.get_payload(decode=True) or b"") for part in message_from_bytes(content).walk()]
