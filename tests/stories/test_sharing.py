"""Several processes share one PostgreSQL: each mail once, and the death of one is soon made good."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from maild.store.engine import Store
from tests.servers.dovecot import Dovecot, until
from tests.servers.postgresql import PostgresqlServer
from tests.servers.smtp import SmtpServer
from tests.stories.letters import a_letter, sent_to
from tests.stories.running import RunningDesk

MAILS = 24
LEASE_SECONDS = 6.0
"""Of the mailbox."""


@pytest.fixture
def desk(
    tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer, postgresql_url: str, imap_user: str
) -> Iterator[RunningDesk]:
    made = RunningDesk(
        tmp_path,
        address=imap_user,
        dovecot=dovecot,
        smtp_port=smtp_server.port,
        database_url=postgresql_url,
        mailbox=f'lease = "{LEASE_SECONDS:.0f}s"',
    )
    yield made
    made.stop()


@pytest.fixture
def store(postgresql_url: str) -> Iterator[Store]:
    opened = Store(postgresql_url)
    yield opened
    opened.close()


def author(number: int) -> str:
    return f"client{number}@c{number}.example"


def deliver(desk: RunningDesk, numbers: range) -> None:
    for number in numbers:
        desk.dovecot.deliver(desk.address, a_letter(From=author(number), Message_ID=f"<{number}@c.example>"))


def holder_of_the_mailbox(store: Store) -> str:
    with store.read() as connection:
        return str(connection.scalar(text("SELECT lease_holder FROM mailboxes")))


def acknowledged(server: SmtpServer, numbers: range) -> list[int]:
    return [len(sent_to(server, author(number))) for number in numbers]


def test_three_processes_share_the_work_and_one_may_die(
    desk: RunningDesk, smtp_server: SmtpServer, store: Store
) -> None:
    for _ in range(3):
        desk.start_ready()
    first, second = range(MAILS), range(MAILS, 2 * MAILS)
    deliver(desk, first)
    until(lambda: sum(acknowledged(smtp_server, first)) >= MAILS, "not all were acknowledged")

    pid = int(holder_of_the_mailbox(store).split()[1])
    desk.kill(next(process for process in desk.processes if process.pid == pid))
    deliver(desk, second)
    until(
        lambda: sum(acknowledged(smtp_server, second)) >= MAILS,
        "the mailbox of the dead process was not taken over",
    )
    assert acknowledged(smtp_server, range(2 * MAILS)) == [1] * (2 * MAILS)
    with store.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM tickets")) == 2 * MAILS
    assert holder_of_the_mailbox(store).split()[1] != str(pid)


def test_a_database_that_comes_late_and_is_started_again_is_found_each_time(
    desk: RunningDesk, smtp_server: SmtpServer, postgresql_server: PostgresqlServer
) -> None:
    postgresql_server.stop()
    try:
        desk.start()
        until(lambda: "database away" in desk.log.read_text(), "maild does not say that it waits")
    finally:
        postgresql_server.start()
    deliver(desk, range(2))
    until(lambda: acknowledged(smtp_server, range(2)) == [1, 1], "the first were not acknowledged")
    postgresql_server.restart()
    deliver(desk, range(2, 4))
    until(lambda: acknowledged(smtp_server, range(2, 4)) == [1, 1], "maild did not come back")
    assert acknowledged(smtp_server, range(4)) == [1] * 4
    assert desk.processes[0].poll() is None
