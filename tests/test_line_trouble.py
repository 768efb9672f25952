"""The line when the database fails in the middle: nothing is lost, and no mail is blamed for it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import event

from maild.classify.models import Models
from maild.errors import Deferred
from maild.intake.line import MOST_ATTEMPTS, Intake
from maild.mail.pool import ParsingPool
from maild.store.engine import Store
from tests.intakes import an_intake, lay_down, look
from tests.mail_making import a_source
from tests.making import some_rules

LONG = "word " * 20_000


@pytest.fixture
def small_disk(sqlite_url: str, pool: ParsingPool, models: Models) -> Iterator[Intake]:
    """A line whose database has sources enough, and no room for what they become."""
    store = Store(sqlite_url)
    mails = (a_source(f"{LONG}{number}", Message_ID=f"<{number}@client.example>") for number in range(3))
    lay_down(store, *mails)
    ((pages,),) = look(store, "SELECT page_count FROM pragma_page_count()")
    store.close()
    full = Store(sqlite_url)
    event.listen(full._engine, "connect", lambda plain, _: plain.execute(f"PRAGMA max_page_count = {pages}"))
    yield an_intake(full, pool, models)
    full.close()


def test_a_full_disk_holds_no_mail_however_long_it_lasts(small_disk: Intake, sqlite_url: str) -> None:
    for _ in range(MOST_ATTEMPTS + 2):
        with pytest.raises(Deferred, match=r"disk of .* is full"):
            small_disk.take_in_all()
    assert look(small_disk.store, "SELECT DISTINCT outcome, attempts, lease_holder FROM mails") == [(None, 0, None)]
    store = Store(sqlite_url)
    assert replace(small_disk, store=store).take_in_all() == 3
    assert look(store, "SELECT DISTINCT outcome FROM mails") == [("ticket",)]
    store.close()


def test_a_mail_that_was_read_for_too_long_is_decided_by_whoever_has_it_now(intake: Intake) -> None:
    lay_down(intake.store, a_source())
    slow = replace(intake, holder="the slow one", lease=-intake.lease)
    read = slow.read_group()
    assert intake.take_in_all() == 1
    slow.decide(read)
    assert look(intake.store, "SELECT count(*) FROM tickets") == [(1,)]
    assert look(intake.store, "SELECT outcome FROM mails") == [("ticket",)]


def test_a_mail_that_trips_maild_is_held_alone(store: Store, pool: ParsingPool, models: Models) -> None:
    rules = some_rules()
    broken = replace(rules.priorities, matrix={(2, 2): 3, (3, 2): 4})
    intake = an_intake(store, pool, models, rules=replace(rules, priorities=broken))
    urgent = a_source("Everything is down for all users, nobody can work, urgent!", Message_ID="<urgent@x>")
    lay_down(store, a_source(), urgent, a_source(Message_ID="<3@x>", Subject="Another printer"))
    assert intake.take_in_all() == 3
    rows = look(store, "SELECT outcome, because FROM mails ORDER BY id")
    assert [row[0] for row in rows] == ["ticket", "held", "ticket"]
    assert "maild failed on it (KeyError" in str(rows[1][1])


def test_a_mail_that_no_model_can_read_is_for_a_person_to_decide(intake: Intake) -> None:
    lay_down(intake.store, a_source())
    blind = replace(intake, models=replace(intake.models, technical=None))  # type: ignore[arg-type]
    assert blind.take_in_all() == 1
    assert look(intake.store, "SELECT status, technical, category FROM tickets") == [("new", None, None)]
    assert look(intake.store, "SELECT kind FROM outbox ORDER BY id") == [("acknowledgement",), ("new_ticket",)]
