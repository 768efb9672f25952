"""The desk keeps the sheet of a ticket: from its clients' mails, and from nobody else's."""

from collections.abc import Mapping
from dataclasses import replace
from email import message_from_bytes, policy

import pytest

from maild.mail.message import Address
from maild.process.category import Category
from maild.process.gathering.sheet import Sheet
from maild.process.trust import TrustMethod
from maild.store.desk.tickets import read_ticket
from maild.store.engine import Store
from tests.support.desks import AUTOMATIC, UNSURE, Desk, follow_up
from tests.support.making import a_mail, categories, some_rules
from tests.support.replies_making import text_of

STRANGER = Address(address="eve@elsewhere.example")
OPENING = "The VPN fails since Monday with error code 809.\n"


def demanding() -> Mapping[str, Category]:
    return {name: replace(each, required=("device", "since when")) for name, each in categories().items()}


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store, some_rules(categories=demanding()))


def sheet_of(desk: Desk, number: int = 1) -> Sheet:
    with desk.store.read() as connection:
        sheet = read_ticket(connection, number).sheet
    assert sheet is not None
    return sheet


def kinds(sheet: Sheet) -> set[str]:
    return {each.kind for each in sheet.found}


def told_to_lead(desk: Desk) -> str:
    message = message_from_bytes(desk.last_to("lena@acme.example").as_bytes(), policy=policy.default)
    return text_of(message)


def test_a_first_mail_begins_the_sheet(desk: Desk) -> None:
    desk.arrive(a_mail(new_text=OPENING))
    sheet = sheet_of(desk)
    assert {"error code", "since when"} <= kinds(sheet)
    assert sheet.missing == ("device",)
    assert {each.mail for each in sheet.found} == {1}


def test_a_follow_up_of_the_client_fills_the_gaps(desk: Desk) -> None:
    desk.arrive(a_mail(new_text=OPENING))
    desk.arrive(follow_up(desk.mail_of("acknowledgement"), new_text="It is a ThinkPad T14."))
    sheet = sheet_of(desk)
    assert sheet.missing == ()
    assert {each.kind: each.mail for each in sheet.found}["device"] == 2


def test_the_words_that_a_client_quotes_are_not_gathered(desk: Desk) -> None:
    desk.arrive(a_mail(new_text=OPENING))
    desk.arrive(follow_up(desk.mail_of("acknowledgement"), new_text="Thanks!", text="Thanks!\n> is it a ThinkPad T14?"))
    assert sheet_of(desk).missing == ("device",)


def test_a_strangers_mail_about_a_ticket_adds_nothing_to_it(desk: Desk) -> None:
    desk.arrive(a_mail(new_text=OPENING))
    before = sheet_of(desk)
    desk.arrive(follow_up(desk.mail_of("acknowledgement"), author=STRANGER, new_text="Mine is a ThinkPad T14."))
    assert sheet_of(desk) == before
    assert "device" in kinds(sheet_of(desk, 2))


def test_an_automatic_reply_of_the_client_adds_nothing(desk: Desk) -> None:
    desk.arrive(a_mail(new_text=OPENING))
    before = sheet_of(desk)
    desk.arrive(follow_up(desk.mail_of("acknowledgement"), new_text="I am away with my ThinkPad T14."), AUTOMATIC)
    assert sheet_of(desk) == before


def test_what_nobody_has_decided_about_misses_nothing(desk: Desk) -> None:
    desk.arrive(a_mail(new_text=OPENING), UNSURE)
    assert sheet_of(desk).missing == ()
    assert "since when" in kinds(sheet_of(desk))


def test_what_is_missing_follows_what_a_person_says_it_is_about(store: Store) -> None:
    vouching = TrustMethod(method="authserv_id", value="mx.acme.example")
    desk = Desk(store, some_rules(categories=demanding(), trust=vouching))
    desk.arrive(a_mail(new_text=OPENING), UNSURE)
    for number, (words, missing) in enumerate((("/category network", ("device",)), ("/undo", ()))):
        order = follow_up(
            desk.mail_of("assignment"),
            author=Address(address="lena@acme.example"),
            message_id=f"<order-{number}@acme.example>",
            fingerprint=f"{number:064}",
            new_text=words,
            text=words,
            authentication=("mx.acme.example; dmarc=pass header.from=acme.example",),
        )
        desk.arrive(order)
        assert sheet_of(desk).missing == missing


def test_the_lead_reads_what_is_known_and_what_is_missing(desk: Desk) -> None:
    desk.arrive(a_mail(new_text=OPENING))
    told = told_to_lead(desk)
    assert "What we know:" in told
    assert "- Error code: 809" in told
    assert "What is missing:" in told
    assert "- Device" in told


def test_a_client_reads_nothing_of_the_sheet(desk: Desk) -> None:
    desk.arrive(a_mail(new_text=OPENING))
    bodies = [
        part.get_payload(decode=True) for part in desk.mail_of("acknowledgement").walk() if not part.is_multipart()
    ]
    assert len(bodies) == 2
    assert not [body for body in bodies if b"809" in bytes(body)]


def test_a_ticket_from_before_gathering_gets_its_sheet_with_the_next_mail(desk: Desk) -> None:
    desk.arrive(a_mail(new_text=OPENING))
    desk.store.transact(lambda connection: connection.exec_driver_sql("UPDATE tickets SET sheet = NULL").rowcount)
    desk.arrive(follow_up(desk.mail_of("acknowledgement"), new_text="It is a ThinkPad T14."))
    assert sheet_of(desk).missing == ("since when",)


def test_a_sheet_holds_what_no_database_can_keep(desk: Desk) -> None:
    desk.arrive(a_mail(new_text="Error: the key \0 \ud800 was not found there"))
    assert "error message" in kinds(sheet_of(desk))
