"""Retention: by age and kind things go, what is open or young stays, and a copy of what went does not come back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from maild.history.retention import Retaining
from maild.mail.message import Address
from maild.process.retention import Retention
from maild.process.trust import TrustMethod
from maild.store.engine import Store
from tests.support.closings import CLIENT, TEAM, reply, resolve, status
from tests.support.desk_folder import change
from tests.support.desk_told import Captured, maild, told
from tests.support.desks import Desk
from tests.support.interrupting import interrupted, seen
from tests.support.making import NOON, a_mail, some_rules, verdicts

DAY = timedelta(days=1)
KEPT = Retention(tickets=30 * DAY, sources=10 * DAY, unwanted=5 * DAY)
SPAM = tuple(verdicts(kind="spam").values())
OTHER = a_mail(author=Address(address="cyd@other.example"), message_id="<two@other.example>", fingerprint="7" * 64)
ADVERTISING = a_mail(author=Address(address="win@spam.example"), message_id="<win@spam.example>", fingerprint="8" * 64)


@pytest.fixture
def desk(store: Store) -> Desk:
    """A ticket that was closed, one that is open, and spam."""
    desk = Desk(store, some_rules(team=TEAM, trust=TrustMethod(method="authserv_id", value="mx.acme.example")))
    resolve(desk)
    reply(desk, "Yes, it works.", "resolved")
    assert status(desk) == "closed"
    desk.arrive(OTHER)
    desk.arrive(ADVERTISING, SPAM)
    desk.all_are("sent")
    desk.store.transact(lambda c: c.exec_driver_sql("UPDATE outbox SET settled_at = created_at").rowcount)
    return desk


def retaining(desk: Desk, now: datetime, kept: Retention = KEPT) -> Retaining:
    return Retaining(store=desk.store, retention=kept, clock=lambda: now)


def test_each_kind_goes_when_its_time_has_come(desk: Desk) -> None:
    assert retaining(desk, NOON + 4 * DAY).look() == {}
    assert {due.kind: due.count for due in retaining(desk, NOON + 6 * DAY).count()} == {
        "tickets": 0, "sources": 0, "unwanted": 1,
    }  # fmt: skip
    assert retaining(desk, NOON + 6 * DAY).look() == {"unwanted": 1}
    assert "win@spam.example" not in str(seen(desk))

    assert retaining(desk, NOON + 11 * DAY).look() == {"sources": 1}
    assert desk.rows("SELECT digest FROM mails WHERE ticket_id = 1 AND digest IS NOT NULL") == []
    assert desk.rows("SELECT new_text FROM mails WHERE ticket_id = 1 AND new_text IS NULL") == []
    assert len(desk.rows("SELECT digest FROM sources")) == 1, "that of the open ticket"

    assert retaining(desk, NOON + 31 * DAY).look() == {"tickets": 1}
    assert CLIENT not in str(seen(desk))
    assert "cyd@other.example" in str(seen(desk))
    assert [row.status for row in desk.rows("SELECT status FROM tickets ORDER BY id")] == ["closed", "open"]
    assert retaining(desk, NOON + 32 * DAY).look() == {}
    assert [row.said_by for row in desk.rows("SELECT said_by FROM erasures ORDER BY id")] == ["maild", "maild"]


def test_counts_that_no_limit_asks_for_any_more_go_though_everything_is_kept(desk: Desk) -> None:
    last = max(row.hour for row in desk.rows("SELECT hour FROM tallies"))
    for hours, is_kept in ((1, True), (2, False)):
        at = datetime.fromtimestamp((last + hours) * 3600, UTC)
        assert retaining(desk, at, Retention()).look() == {}
        assert (CLIENT in str(seen(desk)["tallies"])) is is_kept


def test_what_is_owed_unsettled_or_goes_on_in_another_ticket_stays(desk: Desk) -> None:
    def change(statement: str) -> None:
        desk.store.transact(lambda connection: connection.exec_driver_sql(statement).rowcount)

    old = retaining(desk, NOON + 31 * DAY, replace(KEPT, unwanted=None))
    for kept, undone in (
        ("UPDATE tickets SET merged_into = 2 WHERE id = 1", "UPDATE tickets SET merged_into = NULL"),
        ("UPDATE outbox SET state = 'uncertain' WHERE ticket_id = 1", "UPDATE outbox SET state = 'sent'"),
        (
            "UPDATE outbox SET settled_at = NULL, state = 'held' WHERE ticket_id = 1",
            "UPDATE outbox SET settled_at = created_at, state = 'sent'",
        ),
        (
            "UPDATE deadlines SET settled_at = NULL WHERE ticket_id = 1",
            "UPDATE deadlines SET settled_at = due_at WHERE ticket_id = 1",
        ),
    ):
        change(kept)
        assert [due.count for due in old.count()] == [0, 0], kept
        assert old.look() == {}, kept
        change(undone)
    assert old.look() == {"tickets": 1}


def test_a_copy_of_what_went_does_not_come_back(desk: Desk) -> None:
    retaining(desk, NOON + 31 * DAY).look()
    before = desk.written()
    vouched = ("mx.acme.example; dmarc=pass header.from=client.example",)
    assert desk.arrive_together([a_mail(authentication=vouched)], now=NOON + 40 * DAY) == []
    assert desk.written() == before
    fresh = replace(
        a_mail(authentication=vouched), message_id="<new@client.example>", fingerprint="6" * 64, digest="5" * 64
    )
    desk.arrive(fresh, now=NOON + 40 * DAY)
    assert len(desk.written()) > len(before), "who writes again is a client again"


@pytest.mark.parametrize(("kind", "after"), [("tickets", 5), ("tickets", 25), ("unwanted", 6)])
def test_a_process_that_dies_in_the_middle_has_let_go_of_nothing(desk: Desk, kind: str, after: int) -> None:
    before = seen(desk)
    assert interrupted(desk.store, retaining(desk, NOON + 31 * DAY)._portion(kind), after)
    assert seen(desk) == before
    assert retaining(desk, NOON + 31 * DAY).look()[kind] == 1


@pytest.mark.usefixtures("store")
def test_everything_is_kept_for_good_unless_the_settings_say_otherwise(folder: Path, capsys: Captured) -> None:
    maild(folder, "retention")
    assert "kept for good" in capsys.readouterr().out
    assert told(folder, capsys, "retention", "--yes") == []


@pytest.mark.usefixtures("store")
def test_the_settings_say_how_long(folder: Path, capsys: Captured) -> None:
    change(folder, "maild.toml", '# unwanted = "90 days"', 'unwanted = "90 days"')
    (unwanted,) = told(folder, capsys, "retention")
    assert (unwanted["kind"], unwanted["days"], unwanted["due"], unwanted["done"]) == ("unwanted", 90, 0, None)
