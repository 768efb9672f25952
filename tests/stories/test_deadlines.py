"""Time passes and nobody writes: the lead hears of it, once for each time, from whichever process sees it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from maild.store.engine import Store
from maild.store.tables import deadlines
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer
from tests.stories.letters import CLIENT, LEAD, a_letter, sent_to
from tests.stories.running import RunningDesk

INVOICE = a_letter(
    From="clerk@vendor.example",
    Subject="Invoice 4711",
    body="Please find our invoice 4711 for March. Payment of 300 EUR is due within 30 days to our bank account.\n",
)


@pytest.fixture
def desk(
    tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer, database_url: str, imap_user: str
) -> Iterator[RunningDesk]:
    made = RunningDesk(
        tmp_path, address=imap_user, dovecot=dovecot, smtp_port=smtp_server.port, database_url=database_url
    )
    yield made
    made.stop()


def run_once(desk: RunningDesk) -> None:
    ended = desk.run("run", "--once")
    assert ended.returncode == 0, ended.stderr


def let_time_pass(store: Store) -> None:
    """As if the desk had slept for a year."""
    past = datetime.now(UTC) - timedelta(days=365)
    live = update(deadlines).where(deadlines.c.settled_at.is_(None))
    store.transact(lambda connection: connection.execute(live.values(due_at=past)).rowcount)


def live_deadlines(store: Store) -> int:
    with store.read() as connection:
        return len(connection.execute(select(deadlines.c.id).where(deadlines.c.settled_at.is_(None))).all())


def test_a_client_who_was_not_written_to_is_not_forgotten(
    desk: RunningDesk, smtp_server: SmtpServer, store: Store
) -> None:
    desk.dovecot.deliver(desk.address, a_letter())
    desk.dovecot.deliver(desk.address, INVOICE)
    run_once(desk)
    assert len(sent_to(smtp_server, CLIENT)) == 1
    before = len(smtp_server.accepted)
    let_time_pass(store)
    run_once(desk)
    run_once(desk)
    late = smtp_server.accepted[before:]
    assert [mail.recipients for mail in late] == [(LEAD,), (LEAD,)]
    happened = [
        [event["event"] for event in json.loads(desk.run("show", number, "--json").stdout)["events"]][-1]
        for number in ("T-1", "T-2")
    ]
    assert sorted(happened) == ["hand_off_unclaimed", "update_overdue"]
    assert live_deadlines(store) == 2
