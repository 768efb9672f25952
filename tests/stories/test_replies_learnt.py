"""A desk whose clients say in words of their own that it is solved: what its people have labelled asks a TSM, who closes by a tap."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.classify.test_replies_learnt import replies
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer
from tests.stories.letters import LEAD, a_letter, an_answer, sent_to
from tests.stories.running import RunningDesk
from tests.stories.test_closing import ASKED, TRUST, tickets

BEGIN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SAID = {
    "bea@knows.example": "The lamp is green, the wheel is spinning, and the pump is warm and purring.",
    "bea@unsure.example": "It works now: lamp red, wheel stuck, pump cold, valve dripping, drum hissing.",
}
"""No phrase of ours knows the first; in the second, phrases and labels contradict each other. Neither is only what maild understands."""


@pytest.fixture
def desk(
    tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer, database_url: str, imap_user: str
) -> Iterator[RunningDesk]:
    with RunningDesk(
        tmp_path, address=imap_user, dovecot=dovecot, smtp_port=smtp_server.port, database_url=database_url,
        mailbox=TRUST,
    ) as made:  # fmt: skip
        made.clock = lambda: BEGIN
        yield made


def teach(desk: RunningDesk, folder: Path) -> None:
    """Import what people said of past replies, train, and put what was learnt into service."""
    file = folder / "replies.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["id", "subject", "text", "language", "reply_intent", "written_at"])
        for number, example in enumerate(replies(160)):
            subject, _, words = example.whole.partition("\n\n")
            at = (BEGIN - timedelta(hours=400 - number)).isoformat()
            rows.writerow([number, subject, words, "en", example.labels["reply_intent"], at])
    for arguments in (("labels", "import", str(file)), ("train", "reply_intent", "--promote")):
        ended = desk.run(*arguments)
        assert ended.returncode == 0, ended.stderr
    assert "in service now" in ended.stdout


def test_what_people_said_of_replies_is_asked_about_where_no_phrase_would(
    desk: RunningDesk, smtp_server: SmtpServer, database_url: str, tmp_path: Path
) -> None:
    teach(desk, tmp_path)
    desk.take_turn(*(a_letter(From=who, Subject="VPN", body=f"{ASKED['en']}\n") for who in SAID))
    solved = "/resolve\nThe certificate of the gateway ({}) had expired; we have renewed it.\n"
    mails = enumerate(sent_to(smtp_server, LEAD))
    desk.take_turn(*(an_answer(mail, From=LEAD, X_Vouched="yes", body=solved.format(place)) for place, mail in mails))
    assert tickets(database_url) == {who: ["resolved"] for who in SAID}
    desk.clock = lambda: BEGIN + timedelta(hours=3)
    asked = {who: sent_to(smtp_server, who)[-1] for who in SAID}
    desk.take_turn(*(an_answer(asked[who], From=who, body=f"{words}\n") for who, words in SAID.items()))
    assert tickets(database_url) == {who: ["open"] for who in SAID}
    asked_the_lead = [mail for mail in sent_to(smtp_server, LEAD) if "Is it solved?" in str(mail["Subject"])]
    assert len(asked_the_lead) == len(SAID)
