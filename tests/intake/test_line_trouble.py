"""The line when the database fails in the middle: nothing is lost, and no mail is blamed for it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import event

from maild import shipped
from maild.errors import Deferred, Refused
from maild.intake.classifying import Classifying
from maild.intake.line import MOST_ATTEMPTS, Intake
from maild.intake.reading import Reading
from maild.mail.enclosing import Enclosed
from maild.mail.message import Limits
from maild.mail.pool import ParsingPool
from maild.store.engine import Store
from maild.store.leases import end_leases
from tests.support.intakes import an_intake, lay_down, look, read_group
from tests.support.mail_making import a_multipart, a_source
from tests.support.making import NOON, a_mail, some_rules

LONG = "word " * 20_000


@pytest.fixture
def small_disk(sqlite_url: str, pool: ParsingPool) -> Iterator[Intake]:
    """A line whose database has sources enough, and no room for what they become."""
    store = Store(sqlite_url)
    mails = (a_source(f"{LONG}{number}", Message_ID=f"<{number}@client.example>") for number in range(3))
    lay_down(store, *mails)
    ((pages,),) = look(store, "SELECT page_count FROM pragma_page_count()")
    store.close()
    full = Store(sqlite_url)
    event.listen(full._engine, "connect", lambda plain, _: plain.execute(f"PRAGMA max_page_count = {pages}"))
    yield an_intake(full, pool)
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
    read = read_group(slow)
    assert intake.take_in_all() == 1
    slow.decide(read)
    assert look(intake.store, "SELECT count(*) FROM tickets") == [(1,)]
    assert look(intake.store, "SELECT outcome FROM mails") == [("ticket",)]


def test_whoever_ends_in_the_middle_gives_back_what_was_claimed_ahead(store: Store, pool: ParsingPool) -> None:
    intake = replace(an_intake(store, pool), group=2)
    lay_down(store, *(a_source(Message_ID=f"<{number}@x>") for number in range(8)))
    assert intake.take_in_all(lambda: True) == 2
    rest = look(store, "SELECT DISTINCT attempts, lease_holder FROM mails WHERE outcome IS NULL")
    assert rest == [(0, None)]


class Killed(BaseException):
    """Nothing is done any more, as where the process is gone."""


@pytest.mark.parametrize("trouble", [ValueError, Killed])
def test_a_mail_that_stops_maild_again_and_again_takes_no_other_along(
    store: Store, pool: ParsingPool, trouble: type[BaseException]
) -> None:
    def scan(_: Enclosed) -> Enclosed:
        raise trouble

    intake = replace(an_intake(store, pool), group=2, scan=scan)
    killer = a_multipart("\r\n\r\nSee the file.", 'Content-Disposition: attachment; filename="a.bin"\r\n\r\nx')
    lay_down(store, killer, *(a_source(Message_ID=f"<{number}@x>") for number in range(2, 8)))
    for _ in range(MOST_ATTEMPTS):
        with pytest.raises(trouble):
            intake.take_in_all()
        store.transact(lambda connection: end_leases(connection, [intake.holder]))
    intake.take_in_all()
    assert look(store, "SELECT outcome FROM mails ORDER BY id") == [("held",), *[("ticket",)] * 6]


@pytest.mark.parametrize(("words", "ahead"), [("", 3), (f"{LONG * 25}", 2), (f"{LONG * 45}", 2)])
def test_groups_are_read_ahead_while_one_is_decided_unless_they_are_large(
    store: Store, pool: ParsingPool, words: str, ahead: int
) -> None:
    claimed: list[object] = []

    def clock() -> datetime:
        """Asked when a decision begins."""
        claimed.extend(look(store, "SELECT count(*) FROM mails WHERE outcome IS NULL AND lease_holder IS NOT NULL"))
        return NOON

    intake = replace(an_intake(store, pool), group=1, clock=clock)
    lay_down(store, *(a_source(f"{words}{number}", Message_ID=f"<{number}@x>") for number in range(5)))
    assert intake.take_in_all() == 5
    assert claimed[:2] == [(ahead,)] * 2


def test_a_mail_that_trips_maild_is_held_alone(store: Store, pool: ParsingPool) -> None:
    rules = some_rules()
    broken = replace(rules.priorities, matrix={(2, 2): 3, (3, 2): 4, (3, 3): 4})
    intake = an_intake(store, pool, rules=replace(rules, priorities=broken))
    urgent = a_source("Everything is down for all users, nobody can work, urgent!", Message_ID="<urgent@x>")
    lay_down(store, a_source(), urgent, a_source(Message_ID="<3@x>", Subject="Another printer"))
    assert intake.take_in_all() == 3
    rows = look(store, "SELECT outcome, because FROM mails ORDER BY id")
    assert [row[0] for row in rows] == ["ticket", "held", "ticket"]
    assert "maild failed on it (KeyError" in str(rows[1][1])


def test_a_mail_that_no_model_can_read_is_for_a_person_to_decide() -> None:
    beside, read = with_models(shipped.folder("models"))([(a_mail(), b""), (a_mail(subject=None), b"")])
    verdicts = read.classified.verdicts
    assert [(verdict.question, verdict.label) for verdict in verdicts] == [("kind", "person"), ("technical", None)]
    assert {verdict.question for verdict in beside.classified.verdicts} > {"kind", "technical"}


def test_models_that_have_gone_are_no_mails_fault(store: Store, tmp_path: Path) -> None:
    lay_down(store, a_source())
    with (
        ParsingPool(Limits(), ("en",), workers=1, then=with_models(tmp_path)) as pool,
        pytest.raises(Refused, match="cannot be read"),
    ):
        an_intake(store, pool).take_in_all()
    assert look(store, "SELECT outcome, attempts, lease_holder FROM mails") == [(None, 0, None)]


def test_a_mail_that_cannot_be_gathered_from_is_read_without_a_sheet() -> None:
    (read,) = with_models(shipped.folder("models"))([(a_mail(new_text=None), b"")])
    assert read.found == ()


def with_models(folder: Path) -> Reading:
    classifying = Classifying(folder=folder, error_budget=0.05, categories=None, own_lists=())
    return Reading(classifying=classifying)
