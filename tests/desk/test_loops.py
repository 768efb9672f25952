"""No machine, however rude, makes the desk write without end."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

import pytest

from maild.desk.delivering import note_delivery
from maild.mail.message import Address, BounceReport, Facts, Mail
from maild.process.decision import Decision
from maild.process.people.team import Person
from maild.process.policy import ReplyLimits
from maild.process.ticket import Outcome, Role
from maild.store.engine import Connection, Store
from tests.support.desks import AUTOMATIC, BOUNCE, INVOICE, TECHNICAL, Desk, follow_up, reply_to
from tests.support.making import NOON, a_mail, a_policy, a_team, some_rules

ROUNDS = 40
LENA, OTTO = "lena@acme.example", "otto@acme.example"


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store, some_rules())


def two_leads() -> tuple[Person, ...]:
    return (
        Person(name="Lena Lead", addresses=(LENA,), role=Role.LEAD),
        Person(name="Otto Lead", addresses=(OTTO,), role=Role.LEAD),
    )


def newest(desk: Desk, recipient: str) -> Mail:
    """An answer of `recipient` to what they got last, with nothing that marks it as a machine's."""
    number = next(_numbers)
    message = desk.last_to(recipient)
    return a_mail(
        message_id=f"<{number}@robot.example>",
        fingerprint=f"{number:064}",
        author=Address(address=recipient),
        to=reply_to(message),
        in_reply_to=(str(message["Message-ID"]),),
        subject=f"Re: {message['Subject']}",
    )


_numbers = count(1000)


def answers_until_silent(desk: Desk, robot: str, now: datetime = NOON) -> int:
    """Let a machine answer each mail that it gets; how often it did."""
    for number in range(ROUNDS):
        before = len(desk.written_to(robot))
        desk.arrive(newest(desk, robot), now=now + timedelta(seconds=number))
        if len(desk.written_to(robot)) == before:
            return number + 1
    return ROUNDS


def test_a_lead_whose_machine_answers_unmarked_is_told_a_few_times_and_then_no_more(desk: Desk) -> None:
    desk.arrive(a_mail())
    assert answers_until_silent(desk, LENA) <= ReplyLimits().per_address + 1


def test_a_client_whose_machine_answers_unmarked_in_the_thread_gets_one_acknowledgement(desk: Desk) -> None:
    desk.arrive(a_mail())
    assert answers_until_silent(desk, "bea@client.example") == 1


def test_a_machine_that_opens_a_new_thread_each_time_falls_silent_and_the_lead_is_told_why(desk: Desk) -> None:
    for number in range(ROUNDS):
        desk.arrive(a_mail(message_id=f"<{number}@robot.example>", fingerprint=f"{number:064}"))
    assert len(desk.written_to("bea@client.example")) == ReplyLimits().per_address
    assert "no acknowledgement was written: the limit of 5 an hour" in str(desk.last_to(LENA))


def test_a_team_whose_machine_answers_unmarked_falls_silent(desk: Desk) -> None:
    desk.arrive(a_mail(), INVOICE)
    assert answers_until_silent(desk, "finance@acme.example") <= ReplyLimits().per_address + 2


def test_a_team_that_writes_again_hears_that_nobody_else_reads_it(desk: Desk) -> None:
    desk.arrive(a_mail(), INVOICE)
    desk.arrive(newest(desk, "finance@acme.example"))
    desk.arrive(newest(desk, "finance@acme.example"))
    assert desk.written()[-1] == ("not_relayed", "finance@acme.example")


def test_two_dead_leads_are_not_told_of_each_others_bounces_for_ever(store: Store) -> None:
    desk = Desk(store, some_rules(team=a_team(people=two_leads())))
    desk.arrive(a_mail())
    told: set[int] = set()
    for _ in range(ROUNDS):
        fresh = [row.id for row in desk.rows("SELECT id FROM outbox WHERE audience = 'internal'") if row.id not in told]
        if not fresh:
            break
        told.update(fresh)
        refuse(desk, fresh)
    assert len(told) == 2  # one lead has the ticket, and the other hears that it did not reach them


def refuse(desk: Desk, ids: Sequence[int]) -> None:
    def note(connection: Connection) -> None:
        for outbox_id in ids:
            note_delivery(connection, outbox_id, "bounced", "550 no", NOON, rules=desk.rules, voice=desk.voice)

    desk.store.transact(note, serial=True)


def test_a_mail_that_bounces_again_and_again_is_told_once(desk: Desk) -> None:
    desk.arrive(a_mail())
    desk.all_are("sent")
    for number in range(5):
        bounced(desk, "acknowledgement", f"<b{number}@client.example>")
    assert [kind for kind, _ in desk.written()].count("delivery_failed") == 1
    assert [row.outcome for row in desk.rows("SELECT outcome FROM mails ORDER BY id")] == ["ticket", *["bounce"] * 5]


def bounced(desk: Desk, kind: str, message_id: str) -> Decision:
    report = BounceReport(
        is_final=True,
        recipients=("bea@client.example",),
        status="5.1.1",
        diagnostic="no such user",
        original_message_id=str(desk.mail_of(kind)["Message-ID"]),
    )
    daemon = Address(address="mailer-daemon@client.example")
    mail = a_mail(author=daemon, bounce=report, message_id=message_id, facts=Facts(return_path=""))
    return desk.arrive(replace(mail, fingerprint=message_id.encode().hex().ljust(64, "0")), BOUNCE)


def test_two_desks_that_write_to_each_other_fall_silent(store: Store) -> None:
    """The other desk's mail is marked (RFC 3834); ours carries the same marks, so it is silent too."""
    desk = Desk(store, some_rules())
    desk.arrive(a_mail(author=Address(address="support@other.example")), TECHNICAL)
    answer = newest(desk, "support@other.example")
    desk.arrive(replace(answer, facts=Facts(auto_submitted="auto-replied")), AUTOMATIC)
    assert len(desk.written_to("support@other.example")) == 1


def test_a_desk_whose_marks_were_stripped_falls_silent_within_the_limits(store: Store) -> None:
    desk = Desk(store, some_rules(policy=a_policy(limits=ReplyLimits(per_address=3))))
    for number in range(ROUNDS):
        address = Address(address="support@other.example")
        desk.arrive(a_mail(author=address, message_id=f"<{number}@other.example>", fingerprint=f"{number:064}"))
    assert len(desk.written_to("support@other.example")) == 3


def test_who_is_not_of_the_desk_any_more_does_not_join_with_an_old_token(store: Store) -> None:
    before = Desk(store, some_rules())
    before.arrive(a_mail())
    answer = follow_up(before.mail_of("assignment"), author=Address(address=LENA))
    people = (Person(name="Otto Lead", addresses=(OTTO,), role=Role.LEAD),)
    after = Desk(store, some_rules(team=a_team(people=people)))
    after.uid = before.uid
    decision = after.arrive(answer)
    assert decision.outcome is Outcome.HELD
    assert len(after.rows("SELECT 1 FROM tickets")) == 1
