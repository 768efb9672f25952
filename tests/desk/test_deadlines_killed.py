"""Two processes act on the same deadlines, and are killed at any point: each thing happens once, and is told once."""

import random
import time
from collections import Counter
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from maild.daemon.catching_up import PATIENCE_SECONDS, catching_up
from maild.store import tables
from maild.store.desk.deadlines import claim_deadlines
from maild.store.engine import Store
from maild.store.incoming.mailboxes import adopt_mailbox, note_trouble
from tests.support.desks import Desk
from tests.support.forking import Forks
from tests.support.making import NOON, a_mail, a_policy, some_rules
from tests.support.outboxes import wait_until

TICKETS, KILLS, SEED = 60, 2, 2026
LATE = NOON + timedelta(days=2)


@pytest.fixture
def desk(store: Store) -> Desk:
    """A desk with many tickets, of which every update is overdue."""
    desk = Desk(store, some_rules(policy=a_policy(remind_before=0.25)))
    desk.arrive_together(
        [a_mail(message_id=f"<{number}@client.example>", fingerprint=f"{number:064}") for number in range(TICKETS)]
    )
    return desk


def acted_on(desk: Desk) -> int:
    return int(desk.rows("SELECT count(*) FROM events WHERE event = 'update_overdue'")[0][0])


def test_two_processes_that_are_killed_act_on_each_deadline_once(desk: Desk, database_url: str) -> None:
    chance = random.Random(SEED)
    with Forks("tests.desk.deadlines_process") as forks:
        for _ in range(KILLS):
            pair = [forks.start(database_url), forks.start(database_url)]
            time.sleep(chance.uniform(0.0, 0.15))  # the moment of death is the point
            for process in pair:
                process.kill()
        forks.start(database_url)
        forks.start(database_url)
        wait_until(lambda: acted_on(desk) >= TICKETS)
    overdue = desk.rows("SELECT ticket_id FROM events WHERE event = 'update_overdue'")
    assert Counter(row.ticket_id for row in overdue) == dict.fromkeys(range(1, TICKETS + 1), 1)
    told = desk.rows("SELECT ticket_id FROM outbox WHERE kind = 'update_overdue'")
    gathered = desk.rows("SELECT ticket_id FROM notices WHERE kind = 'update_overdue'")
    assert Counter(row.ticket_id for row in (*told, *gathered)) == dict.fromkeys(range(1, TICKETS + 1), 1)
    live = desk.rows("SELECT ticket_id FROM deadlines WHERE settled_at IS NULL AND kind = 'next_update'")
    assert Counter(row.ticket_id for row in live) == dict.fromkeys(range(1, TICKETS + 1), 1)
    assert desk.rows("SELECT id FROM events WHERE event = 'update_due_soon'") == []


def test_of_deadlines_of_one_moment_the_one_that_was_written_first_is_acted_on_first(desk: Desk) -> None:
    live = desk.rows("SELECT id, due_at FROM deadlines WHERE settled_at IS NULL ORDER BY due_at, id")
    table = tables.deadlines
    with desk.store.read() as connection:
        due_at = connection.scalars(select(table.c.due_at).where(table.c.id == live[0].id)).one()
    for at in (due_at + timedelta(hours=1), due_at):  # the database has its row anew, behind the others
        moved = update(table).where(table.c.id == live[0].id).values(due_at=at)
        desk.store.transact(lambda connection, moved=moved: connection.execute(moved).rowcount)  # type: ignore[misc]
    claimed = desk.store.transact(lambda connection: claim_deadlines(connection, now=LATE, limit=TICKETS))
    assert [each.id for each in claimed] == [row.id for row in live[:TICKETS]]


def look(store: Store, at: datetime) -> None:
    def work(connection: object) -> None:
        box = adopt_mailbox(connection, account="support", name="INBOX", since=NOON)  # type: ignore[arg-type]
        note_trouble(connection, box.id, None, now=at)  # type: ignore[arg-type]

    store.transact(work)


def test_after_a_stop_mail_is_taken_in_before_anything_is_overdue(store: Store) -> None:
    look(store, NOON)
    started_at = NOON + timedelta(days=7)
    is_over = catching_up(store, started_at)
    assert not is_over()
    look(store, started_at + timedelta(seconds=5))
    assert is_over()


def test_a_mail_that_waits_to_be_taken_in_is_waited_for(desk: Desk) -> None:
    look(desk.store, NOON)
    is_over = catching_up(desk.store, NOON)
    assert is_over()
    desk.store.transact(lambda connection: connection.execute(tables.mails.update().values(outcome=None)).rowcount)
    assert not is_over()


def test_a_mailbox_that_cannot_be_reached_stops_no_deadline_for_long(store: Store) -> None:
    look(store, NOON)
    seconds = iter((0.0, 1.0, PATIENCE_SECONDS))
    is_over = catching_up(store, NOON + timedelta(days=7), lambda: next(seconds))
    assert not is_over()
    assert is_over()
