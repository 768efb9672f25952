"""Time passes on the desk: who is reminded of what, and how often."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from email.message import Message

import pytest
from sqlalchemy import select

from maild.desk.falling_due import fall_due
from maild.desk.transaction import begin
from maild.mail.message import Address
from maild.process.policy import Silence
from maild.process.ticket import Event, Status
from maild.process.trust import TrustMethod
from maild.store import tables
from maild.store.desk import deadlines
from maild.store.engine import Connection, Store
from tests.support.desks import AUTOMATIC, Desk, follow_up
from tests.support.making import ANA, NOON, TOLD, a_mail, a_policy, a_team, some_rules

BEA = "bea@client.example"
DAY = timedelta(days=1)
VOUCHED = ("mx.acme.example; dmarc=pass header.from=acme.example",)


def a_desk_that(store: Store, **policy: object) -> Desk:
    """A desk with one TSM, whose server vouches for its people, and with one ticket."""
    team = a_team(people=(*a_team().people, ANA))
    trust = TrustMethod(method="authserv_id", value="mx.acme.example")
    desk = Desk(store, some_rules(team=team, trust=trust, policy=a_policy(**policy)))
    desk.arrive(a_mail())
    return desk


@pytest.fixture
def desk(store: Store) -> Desk:
    return a_desk_that(store, remind_before=0.25)


def ana_writes(desk: Desk, text: str, *, at: datetime = NOON, number: int = 1) -> None:
    mail = follow_up(
        desk.mail_of("assignment"),
        author=Address(address=ANA.addresses[0], name=ANA.name),
        message_id=f"<ana-{number}@acme.example>",
        fingerprint=f"{number:064}",
        new_text=text,
        text=text,
        authentication=VOUCHED,
    )
    desk.arrive(mail, now=at)


def status(desk: Desk) -> str:
    return str(desk.rows("SELECT status FROM tickets")[0].status)


def live(desk: Desk) -> Mapping[str, datetime]:
    with desk.store.read() as connection:
        query = select(tables.deadlines.c.kind, tables.deadlines.c.due_at)
        rows = list(connection.execute(query.where(tables.deadlines.c.settled_at.is_(None))))
    assert len({row.kind for row in rows}) == len(rows)
    return {row.kind: row.due_at for row in rows}


def events(desk: Desk) -> list[str]:
    return [row.event for row in desk.rows("SELECT event FROM events ORDER BY id")]


def words(message: Message) -> str:
    return " ".join(message.get_payload()[0].get_payload(decode=True).decode().split())  # type: ignore[union-attr, index]


def test_the_tsm_is_reminded_before_an_update_is_due_and_the_lead_told_after_it(desk: Desk) -> None:
    assert desk.pass_time(NOON + timedelta(hours=22)) == [Event.UPDATE_DUE_SOON]
    assert desk.written_to(ANA.addresses[0]) == ["assignment", "update_due_soon"]
    assert desk.pass_time(NOON + 2 * DAY) == [Event.UPDATE_OVERDUE]
    assert desk.written_to("lena@acme.example") == ["update_overdue"]
    told = words(desk.mail_of("update_due_soon"))
    assert "should hear from us by Tuesday 24 November, 12:00" in told
    assert "reminder was due" not in told


def test_after_a_week_offline_each_thing_is_said_once(desk: Desk) -> None:
    assert desk.pass_time(NOON + 7 * DAY) == [Event.UPDATE_OVERDUE]
    assert desk.pass_time(NOON + 7 * DAY) == []
    assert list(live(desk)) == ["next_update"]
    assert desk.written_to(ANA.addresses[0]) == ["assignment"]


def test_a_clock_that_jumps_back_brings_nothing_a_second_time(desk: Desk) -> None:
    desk.pass_time(NOON + 2 * DAY)
    assert desk.pass_time(NOON) == desk.pass_time(NOON + 2 * DAY) == []


def test_a_client_who_is_asked_is_reminded_twice_and_then_the_tsm_is_told(desk: Desk) -> None:
    ana_writes(desk, "/waiting\nWhich version do you use?")
    assert status(desk) == Status.WAITING
    assert list(live(desk)) == ["client_reminder"]
    heard = [desk.pass_time(NOON + 10 * number * DAY) for number in (1, 2, 3, 4)]
    assert heard == [[Event.CLIENT_REMINDED], [Event.CLIENT_REMINDED], [Event.CLIENT_SILENT], [Event.CLIENT_SILENT]]
    assert desk.written_to(BEA) == ["acknowledgement", "answer", "client_reminder", "client_reminder"]
    assert desk.written_to(ANA.addresses[0]) == ["assignment", "client_silent", "client_silent"]


def test_a_reminder_stands_in_the_clients_thread_and_says_that_a_machine_wrote_it(desk: Desk) -> None:
    ana_writes(desk, "/waiting\nWhich version do you use?")
    desk.pass_time(NOON + 10 * DAY)
    reminder = desk.last_to(BEA)
    assert reminder["Auto-Submitted"] == "auto-generated"
    assert "OOF" not in str(reminder["X-Auto-Response-Suppress"])
    assert reminder["In-Reply-To"] == a_mail().message_id
    assert "waiting for your answer" in words(reminder)


def test_the_answer_of_a_client_ends_the_reminders(desk: Desk) -> None:
    ana_writes(desk, "/waiting\nWhich version do you use?")
    desk.pass_time(NOON + 10 * DAY)
    desk.arrive(follow_up(desk.last_to(BEA)), now=NOON + 11 * DAY)
    assert status(desk) == Status.OPEN
    assert "client_reminder" not in live(desk)
    assert "next_update" in live(desk)


def test_the_absence_note_of_a_client_ends_nothing(desk: Desk) -> None:
    ana_writes(desk, "/waiting\nWhich version do you use?")
    desk.pass_time(NOON + 10 * DAY)
    desk.arrive(follow_up(desk.last_to(BEA)), AUTOMATIC, now=NOON + 11 * DAY)
    assert status(desk) == Status.WAITING


def test_a_client_who_is_to_verify_is_reminded_of_that(desk: Desk) -> None:
    ana_writes(desk, "/resolve\nWe have restarted the gateway.")
    desk.pass_time(NOON + 10 * DAY)
    assert "your request is solved" in words(desk.last_to(BEA))


def test_a_desk_may_hold_its_clients_with_one_honest_word(store: Store) -> None:
    desk = a_desk_that(store, holding_update=True)
    for days in (2, 3, 4):
        desk.pass_time(NOON + days * DAY)
    assert desk.written_to(BEA) == ["acknowledgement", "holding_update"]
    assert desk.written_to("lena@acme.example") == ["update_overdue"] * 3


def test_a_desk_that_reminds_nobody_mails_nobody(store: Store) -> None:
    silent = {status: Silence(reminders=0) for status in (Status.WAITING, Status.RESOLVED, Status.GATHERING)}
    told = {event: rows for event, rows in TOLD.items() if event is not Event.CLIENT_SILENT}
    desk = a_desk_that(store, silences=silent, told=told)
    ana_writes(desk, "/waiting\nWhich version do you use?")
    desk.pass_time(NOON + 10 * DAY)
    assert desk.written_to(BEA) == ["acknowledgement", "answer"]
    assert list(live(desk)) == ["client_reminder"]


def test_a_deadline_that_broke_off_before_its_commit_is_acted_on_once(desk: Desk) -> None:
    def broken(connection: Connection) -> None:
        due = deadlines.claim_deadlines(connection, now=NOON + 2 * DAY, limit=10)
        with begin(connection, rules=desk.rules, voice=desk.voice, now=NOON + 2 * DAY) as transaction:
            for each in due:
                fall_due(transaction, each)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        desk.store.transact(broken, serial=True)
    assert desk.written_to("lena@acme.example") == []
    assert desk.pass_time(NOON + 2 * DAY) == [Event.UPDATE_OVERDUE]
    assert events(desk).count("update_overdue") == 1
    assert desk.written_to("lena@acme.example") == ["update_overdue"]
