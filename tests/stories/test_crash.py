"""Killed at any point: nothing is lost, nothing is sent twice."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer
from tests.stories.crashing import MAILS_OF_A_THREAD, crash_story, reconciles
from tests.stories.running import RunningDesk

THREADS, KILLS = 12, 6
LIFE_SECONDS = (0.05, 1.5)
"""Of processes that are forked: some die before they are ready, and most at work."""


@pytest.fixture
def desk(
    tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer, database_url: str, imap_user: str
) -> Iterator[RunningDesk]:
    with RunningDesk(
        tmp_path, address=imap_user, dovecot=dovecot, smtp_port=smtp_server.port, database_url=database_url
    ) as made:
        yield made


def test_every_mail_is_one_arrival_and_every_thread_one_ticket_and_one_acknowledgement(
    desk: RunningDesk, tmp_path: Path, database_url: str
) -> None:
    processes = 2 if database_url.startswith("postgresql") else 1
    record = tmp_path / "accepted.jsonl"
    account = crash_story(
        desk,
        record,
        database_url,
        threads=THREADS,
        kills=KILLS,
        processes=processes,
        seed=len(database_url),
        life=LIFE_SECONDS,
    )
    mails = THREADS * MAILS_OF_A_THREAD
    assert (account.stored, sum(account.outcomes.values())) == (mails, mails)
    assert account.tickets == THREADS
    assert sum(account.acknowledged.values()) == THREADS
    assert set(account.acknowledged) <= {"sent", "uncertain"}
    assert account.accepted_twice == []
    assert account.sent_not_accepted == []
    assert account.accepted_not_sent == []
    assert (account.in_inbox, account.in_processed) == (0, mails)
    assert reconciles(desk)
