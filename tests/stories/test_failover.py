"""The database's server dies, and its standby takes over: what was committed is there, and maild finds it by itself."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import migrate
from tests.servers.dovecot import Dovecot, until
from tests.servers.postgresql import PostgresqlServer
from tests.servers.smtp import SmtpServer
from tests.stories.crashing import count_all, is_settled, reconciles, thread_of_mails
from tests.stories.looking import rows
from tests.stories.running import RunningDesk

THREADS, SECONDS = 6, 300.0
SENT = "SELECT count(*) FROM outbox WHERE state = 'sent'"


@contextmanager
def two_servers() -> Iterator[tuple[PostgresqlServer, PostgresqlServer]]:
    """One that takes writes, and one that has every commit before the first confirms it."""
    first = PostgresqlServer()
    try:
        first.run("CREATE DATABASE desk")
        migrate(first.url("desk"))
        second = PostgresqlServer(follows=first)
        try:
            yield first, second
        finally:
            second.remove()
    finally:
        first.remove()


def test_a_standby_takes_over_with_everything_that_was_committed(
    tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer, imap_user: str
) -> None:
    threads = [thread_of_mails(number) for number in range(THREADS)]
    mails = [mail for thread in threads for mail in thread]
    with two_servers() as (first, second):
        both = "&".join(f"host=127.0.0.1:{server.port}" for server in (first, second))
        url = f"postgresql://maild@/desk?{both}&target_session_attrs=read-write"
        desk = RunningDesk(
            tmp_path, address=imap_user, dovecot=dovecot, smtp_port=smtp_server.port, database_url=url
        )  # fmt: skip
        with desk:
            desk.start_ready()
            for mail in mails[::2]:
                desk.dovecot.deliver(desk.address, mail)
            until(lambda: rows(first.url("desk"), SENT) != [(0,)], "nothing is sent", seconds=SECONDS)
            first.stop(signal.SIGKILL)
            for mail in mails[1::2]:
                desk.dovecot.deliver(desk.address, mail)
            second.promote()
            there = second.url("desk")
            until(lambda: is_settled(there, len(mails)), "the desk never came to rest", seconds=SECONDS)
            assert reconciles(desk)
        account = count_all(desk, tmp_path / "accepted.jsonl", there, mails=len(mails), kills=1, seconds=0)
    assert (account.stored, account.tickets) == (len(mails), THREADS)
    assert set(account.acknowledged) <= {"sent", "uncertain"}
    assert sum(account.acknowledged.values()) == THREADS
    assert account.accepted_twice == []
    assert account.sent_not_accepted == []
    assert account.accepted_not_sent == []
