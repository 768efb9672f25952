"""Three machines with their own networks: whatever happens to one, the others take over, and nothing is lost or doubled."""

from pathlib import Path

from tests.servers.dovecot import Dovecot
from tests.servers.postgresql import PostgresqlServer
from tests.servers.smtp import SmtpServer
from tests.stories.machines import TROUBLES, live_through, machines_of

THREADS, PATIENCE_SECONDS = 2, 5


def test_what_one_machine_cannot_do_the_others_take_over(
    tmp_path: Path, dovecot: Dovecot, postgresql_server: PostgresqlServer, postgresql_url: str, imap_user: str
) -> None:
    record = tmp_path / "accepted.jsonl"
    with SmtpServer(record=record, certificate=dovecot.certificate, security="tls") as smtp, machines_of(
        tmp_path, dovecot=dovecot, postgresql=postgresql_server, database_url=postgresql_url,
        address=imap_user, smtp=smtp, patience=f"{PATIENCE_SECONDS}s", awaits_leases=False,
    ) as machines:  # fmt: skip
        told = live_through(machines, record, threads=THREADS, least_seconds=PATIENCE_SECONDS + 1.0)
    account = told.account
    assert (account.stored, sum(account.outcomes.values())) == (account.mails, account.mails)
    assert account.tickets == told.threads == sum(account.acknowledged.values())
    assert set(account.acknowledged) <= {"sent", "uncertain"}
    assert account.accepted_twice == []
    assert account.sent_not_accepted == []
    assert account.accepted_not_sent == []
    assert (account.in_inbox, account.in_processed) == (0, account.mails)
    assert set(told.overdue.values()) == {1}
    assert len(told.overdue) == told.due
    assert set(told.taken_over) == set(TROUBLES)
