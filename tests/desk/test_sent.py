"""Mail that left the desk's address by a mail client: the desk's answer, or a copy of our own; never a command."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from maild.intake.line import Intake
from maild.mail.pool import ParsingPool
from maild.store.engine import Connection, Store
from maild.store.incoming.arrivals import Arrival, pack_source, store_arrivals
from maild.store.incoming.mailboxes import adopt_mailbox
from maild.store.tables import outbox, sources
from maild.store.view.ticket import find_ticket
from tests.desk.test_triage import offered
from tests.stories.letters import a_letter
from tests.support.intakes import an_intake, look
from tests.support.making import NOON, a_desk
from tests.support.relays import CLIENT, DESK, Relaying


@pytest.fixture
def desk(store: Store, pool: ParsingPool) -> Relaying:
    desk = Relaying(intake=an_intake(store, pool))
    desk.take_in(a_letter(Message_ID="<question@client.example>"))
    return desk


def by_hand(**fields: str) -> bytes:
    usual = {
        "From": f"Support <{DESK}>",
        "To": CLIENT,
        "Subject": "Re: VPN",
        "Message_ID": "<by-hand@acme.example>",
        "In_Reply_To": "<question@client.example>",
        "body": "/close\nPlease restart the router.\n",
    }
    return a_letter(**{**usual, **fields})


def seen_in_sent(intake: Intake, source: bytes, uid: int = 1) -> str:
    def work(connection: Connection) -> None:
        box = adopt_mailbox(connection, account="support", name="Sent", since=NOON, is_sent=True)
        arrival = Arrival(uid=uid, arrived_at=NOON, size=len(source), source=pack_source(source))
        store_arrivals(connection, box.id, uidvalidity=1, arrivals=[arrival], last_uid=uid, now=NOON)

    intake.store.transact(work)
    intake.take_in_all()
    return str(look(intake.store, "SELECT outcome FROM mails ORDER BY id DESC LIMIT 1")[0][0])


def test_an_answer_from_the_shared_mailbox_is_the_desks(desk: Relaying) -> None:
    later = replace(desk.intake, clock=lambda: NOON + timedelta(hours=3))
    before = look(desk.intake.store, "SELECT next_update_due_at FROM tickets")
    assert seen_in_sent(later, by_hand()) == "relay"
    event = look(desk.intake.store, "SELECT event, actor FROM events ORDER BY id DESC LIMIT 1")
    assert event == [("answered_directly", "the desk")]
    assert look(desk.intake.store, "SELECT status FROM tickets") == [("open",)]
    assert look(desk.intake.store, "SELECT next_update_due_at FROM tickets") > before
    assert desk.sent("answer") == []
    with desk.intake.store.read() as connection:
        seen = find_ticket(connection, a_desk(), 1).mails
    assert [(each.direction, each.audience) for each in seen if each.message_id == "<by-hand@acme.example>"] == [
        ("out", "client")
    ]


def test_the_clients_answer_to_it_joins_the_ticket(desk: Relaying) -> None:
    seen_in_sent(desk.intake, by_hand())
    assert desk.take_in(a_letter(In_Reply_To="<by-hand@acme.example>", body="It works again.\n")) == ["follow_up"]


def test_the_same_mail_in_the_inbox_proves_nothing(desk: Relaying) -> None:
    assert desk.take_in(by_hand()) == ["held"]


def test_a_copy_in_the_inbox_that_comes_first_hides_no_answer(desk: Relaying) -> None:
    assert desk.take_in(by_hand()) == ["held"]
    assert seen_in_sent(desk.intake, by_hand()) == "relay"
    event = look(desk.intake.store, "SELECT event, actor FROM events ORDER BY id DESC LIMIT 1")
    assert event == [("answered_directly", "the desk")]
    assert look(desk.intake.store, "SELECT outcome FROM mails ORDER BY id") == [("ticket",), ("duplicate",), ("relay",)]
    assert seen_in_sent(desk.intake, by_hand(), uid=2) == "duplicate"
    assert desk.take_in(by_hand()) == ["duplicate"]


def test_a_held_mail_that_is_not_the_same_stays_held(desk: Relaying) -> None:
    assert desk.take_in(by_hand(body="Send me your password.\n")) == ["held"]
    seen_in_sent(desk.intake, by_hand())
    assert [row[0] for row in look(desk.intake.store, "SELECT outcome FROM mails ORDER BY id")] == [
        *("ticket", "held", "relay")
    ]


def test_a_copy_of_our_own_is_known_by_its_message_id(desk: Relaying) -> None:
    own = desk.sent("acknowledgement")[0].as_bytes()
    assert seen_in_sent(desk.intake, own) == "unrelated"
    assert look(desk.intake.store, "SELECT 1 FROM events WHERE event = 'answered_directly'") == []


def test_a_copy_of_our_own_is_known_where_the_server_rewrote_its_message_id(desk: Relaying) -> None:
    own = desk.sent("acknowledgement")[0]
    rewritten = own.as_bytes().replace(
        str(own["Message-ID"]).encode(), b"<0100018c-rewritten@mail.provider.example>", 1
    )
    assert b"rewritten" in rewritten
    assert seen_in_sent(desk.intake, rewritten) == "unrelated"
    assert look(desk.intake.store, "SELECT 1 FROM events WHERE event = 'answered_directly'") == []


@pytest.mark.parametrize(
    "other",
    [
        {"To": "friend@elsewhere.example", "In_Reply_To": ""},
        {"To": "friend@elsewhere.example"},
        {"From": "mallory@evil.example"},
    ],
)
def test_other_mail_there_touches_no_ticket(desk: Relaying, other: dict[str, str]) -> None:
    assert seen_in_sent(desk.intake, by_hand(**other)) == "unrelated"
    assert look(desk.intake.store, "SELECT count(*) FROM tickets") == [(1,)]


def test_bytes_that_a_disk_has_damaged_stop_no_mail(desk: Relaying) -> None:
    """What was sent is looked at for copies, and the first mail of a ticket goes along with a hand-off."""
    store, garbage, taps = desk.intake.store, b"x\x01garbage", offered(desk.sent("assignment")[0])
    store.transact(lambda c: c.execute(update(outbox).values(content=garbage)))
    assert seen_in_sent(desk.intake, by_hand(Subject="Re: [T-1] VPN")) == "relay"
    store.transact(lambda c: c.execute(update(sources).values(content=garbage)))
    name = next(name for name in taps if "Finance" in name)
    tap = a_letter(
        From="Lena Lead <lena@acme.example>", To=taps[name], Message_ID="<tap@acme.example>", Subject="x", body="\n"
    )
    assert "held" not in desk.take_in(tap)
    new = a_letter(Message_ID="<new@client.example>", Subject="Another matter", From="Zed <zed@other.example>")
    assert desk.take_in(new)
    assert look(store, "SELECT count(*) FROM mails WHERE outcome IS NULL OR outcome = 'held'")[0][0] == 0
