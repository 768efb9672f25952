"""Time passes and nobody writes: the lead hears of it, once for each time, from whichever process sees it."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from maild.store.engine import Store
from maild.store.tables import deadlines, outbox
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer
from tests.stories.letters import CLIENT, LEAD, VAGUE, a_letter, sent_to
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
    desk.take_turn()


def let_time_pass(store: Store) -> None:
    """As if what is owed had been due a minute ago."""
    past = datetime.now(UTC) - timedelta(minutes=1)
    live = update(deadlines).where(deadlines.c.settled_at.is_(None))
    store.transact(lambda connection: connection.execute(live.values(due_at=past)).rowcount)


def owing(store: Store) -> set[int]:
    """Tickets with a live deadline."""
    with store.read() as connection:
        return set(connection.scalars(select(deadlines.c.ticket_id).where(deadlines.c.settled_at.is_(None))))


def told(store: Store) -> Counter[str]:
    with store.read() as connection:
        return Counter(connection.scalars(select(outbox.c.kind).where(outbox.c.recipient == LEAD)))


def test_a_client_who_was_not_written_to_is_not_forgotten(
    desk: RunningDesk, smtp_server: SmtpServer, store: Store
) -> None:
    desk.dovecot.deliver(desk.address, a_letter(**VAGUE))
    desk.dovecot.deliver(desk.address, INVOICE)
    run_once(desk)
    assert len(sent_to(smtp_server, CLIENT)) == 1
    let_time_pass(store)
    run_once(desk)
    run_once(desk)
    assert (told(store)["update_overdue"], told(store)["hand_off_unclaimed"]) == (1, 1)
    assert max(Counter(mail.message_id for mail in smtp_server.accepted).values()) == 1
    for number, event in (("T-1", "update_overdue"), ("T-2", "hand_off_unclaimed")):
        happened = [each["event"] for each in json.loads(desk.run("show", number, "--json").stdout)["events"]]
        assert happened.count(event) == 1
    assert owing(store) == {1, 2}
