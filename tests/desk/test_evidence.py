"""A mail of unknown fate is settled by what arrives later: an answer, a copy, a report."""

from collections.abc import Callable
from dataclasses import replace
from email.message import Message
from email.utils import parseaddr

import pytest
from sqlalchemy import text

from maild.mail.message import Address, BounceReport, Mail
from maild.process.token import message_id
from maild.store.engine import Store
from tests.support.desks import BOUNCE, TECHNICAL, Desk
from tests.support.making import a_mail, some_rules

LATER = {"message_id": "<later@client.example>", "fingerprint": "2" * 64}


@pytest.fixture
def desk(store: Store) -> Desk:
    """A desk that has written an acknowledgement, and does not know whether it got through."""
    made = Desk(store, some_rules())
    made.arrive(a_mail())
    store.transact(lambda c: c.execute(text("UPDATE outbox SET state = 'uncertain' WHERE kind = 'acknowledgement'")))
    return made


def state(desk: Desk) -> str:
    return str(desk.rows("SELECT state FROM outbox WHERE kind = 'acknowledgement' ORDER BY id")[0].state)


def an_answer(ours: Message) -> Mail:
    return a_mail(in_reply_to=(ours["Message-ID"],), references=(ours["Message-ID"],), **LATER)


def to_its_reply_address(ours: Message) -> Mail:
    return a_mail(to=(Address(address=parseaddr(ours["Reply-To"])[1]),), **LATER)


def a_copy(ours: Message) -> Mail:
    return a_mail(
        message_id=ours["Message-ID"], fingerprint="2" * 64, author=Address(address=some_rules().desk.address)
    )


def a_report(ours: Message, *, is_final: bool) -> Mail:
    report = BounceReport(
        is_final=is_final,
        recipients=("bea@client.example",),
        status="5.1.1" if is_final else "4.4.1",
        diagnostic="no such user" if is_final else "no answer yet",
        original_message_id=ours["Message-ID"],
    )
    return a_mail(bounce=report, author=Address(address="mailer-daemon@client.example"), **LATER)


def a_report_of_delay(ours: Message) -> Mail:
    return a_report(ours, is_final=False)


@pytest.mark.parametrize("arriving", [an_answer, to_its_reply_address, a_copy, a_report_of_delay])
def test_what_speaks_of_it_shows_that_it_was_sent(desk: Desk, arriving: Callable[[Message], Mail]) -> None:
    mail = arriving(desk.mail_of("acknowledgement"))
    desk.arrive(mail, BOUNCE if mail.bounce else TECHNICAL)
    assert state(desk) == "sent"


def test_references_prove_nothing_because_our_later_mails_name_the_earlier_ones(desk: Desk) -> None:
    ours = desk.mail_of("acknowledgement")["Message-ID"]
    another = message_id(1, "a" * 14, "acme.example")
    desk.arrive(a_mail(in_reply_to=(another,), references=(ours, another), **LATER))
    assert state(desk) == "uncertain"


def test_a_copy_of_a_later_mail_does_not_settle_the_one_that_it_follows(desk: Desk) -> None:
    first, second = desk.mail_of("acknowledgement"), desk.mail_of("assignment")
    copy = a_copy(second)
    desk.arrive(
        a_mail(message_id=copy.message_id, author=copy.author, fingerprint="3" * 64, in_reply_to=(first["Message-ID"],))
    )
    assert state(desk) == "uncertain"


def test_what_was_refused_for_good_bounces_though_nobody_knew(desk: Desk) -> None:
    desk.arrive(a_report(desk.mail_of("acknowledgement"), is_final=True), BOUNCE)
    assert state(desk) == "bounced"


@pytest.mark.parametrize("arriving", [an_answer, to_its_reply_address])
def test_a_forged_report_harms_little_and_is_disproved_by_the_recipients_answer(
    desk: Desk, arriving: Callable[[Message], Mail]
) -> None:
    """Whoever has seen our Message-ID can write that it came back: the lead hears it once, and mails go out as before."""
    ours = desk.mail_of("acknowledgement")
    desk.arrive(a_report(ours, is_final=True), BOUNCE)
    assert (state(desk), desk.written_to("lena@acme.example").count("delivery_failed")) == ("bounced", 1)
    assert desk.rows("SELECT status FROM tickets")[0].status == "open"
    unproven = replace(arriving(ours), author=Address(address="mallory@evil.example"), message_id="<m@evil.example>")
    desk.arrive(replace(unproven, fingerprint="4" * 64))
    assert state(desk) == "bounced"
    answer = replace(arriving(ours), message_id="<answer@client.example>", fingerprint="3" * 64)
    desk.arrive(answer)
    assert (state(desk), desk.rows("SELECT address FROM people WHERE bounced_at IS NOT NULL")) == ("sent", [])
    assert desk.written_to("lena@acme.example")[-1] == "follow_up"


def test_a_report_that_says_what_it_answers_disproves_nothing(desk: Desk) -> None:
    ours = desk.mail_of("acknowledgement")
    report = replace(a_report(ours, is_final=True), author=Address(address="bea@client.example"))
    desk.arrive(replace(report, in_reply_to=(ours["Message-ID"],)), BOUNCE)
    assert state(desk) == "bounced"
