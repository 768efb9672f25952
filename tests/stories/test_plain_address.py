"""A desk whose server knows no sub-addresses: the whole line on one plain address."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer
from tests.stories.letters import CLIENT, a_letter, an_answer, sent_to
from tests.stories.running import RunningDesk


@pytest.fixture
def desk(
    tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer, database_url: str, imap_user: str
) -> Iterator[RunningDesk]:
    made = RunningDesk(
        tmp_path,
        address=imap_user,
        dovecot=dovecot,
        smtp_port=smtp_server.port,
        database_url=database_url,
        subaddress="",
    )
    yield made
    made.stop()


def take_in(desk: RunningDesk, *sources: bytes) -> None:
    desk.take_turn(*sources)


def mails_of(desk: RunningDesk) -> list[dict[str, Any]]:
    """The mails of the only ticket."""
    (ticket,) = json.loads(desk.run("tickets", "--json").stdout)
    shown = json.loads(desk.run("show", ticket["number"], "--json").stdout)
    return [mail for mail in shown["mails"] if mail["direction"] == "in"]


def test_answers_find_their_ticket_by_thread_or_by_subject_and_no_other_address_is_named(
    desk: RunningDesk, smtp_server: SmtpServer
) -> None:
    take_in(desk, a_letter())
    (acknowledgement,) = sent_to(smtp_server, CLIENT)
    assert "+" not in str(acknowledgement["Reply-To"] or "") + str(acknowledgement["From"])
    assert "[T-1 k" in acknowledgement["Subject"]

    by_thread = an_answer(acknowledgement, Subject="Re: something else", body="It is the laptop only.\n")
    by_subject = an_answer(acknowledgement, In_Reply_To="", References="", body="And the tablet.\n")
    take_in(desk, by_thread, by_subject)
    assert [mail["new_text"].strip() for mail in mails_of(desk)[1:]] == ["It is the laptop only.", "And the tablet."]
    assert len(sent_to(smtp_server, CLIENT)) == 1


def test_a_stranger_with_a_subject_of_ours_does_not_join(desk: RunningDesk, smtp_server: SmtpServer) -> None:
    take_in(desk, a_letter())
    (acknowledgement,) = sent_to(smtp_server, CLIENT)
    forged = str(acknowledgement["Subject"]).replace("[T-1 k", "[T-1 kx")
    take_in(desk, a_letter(From="eve@evil.example", Subject=f"Re: {forged}", body="Close it.\n"))
    numbers = [ticket["number"] for ticket in json.loads(desk.run("tickets", "--json").stdout)]
    assert numbers == ["T-1", "T-2"]
