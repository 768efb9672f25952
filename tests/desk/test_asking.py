"""A client is asked for what is missing, once; then the work goes on with what there is."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from maild.mail.message import Address
from maild.process.category import Category
from maild.process.gathering.asking import is_asked, what_matters
from maild.process.gathering.sheet import Sheet
from maild.process.ticket import Event, Status
from maild.process.trust import TrustMethod
from maild.store.engine import Store
from tests.desk.test_clocks import BEA, events, live, status, words
from tests.support.desks import AUTOMATIC, UNSURE, Desk, follow_up
from tests.support.making import ANA, NOON, a_mail, a_policy, a_team, a_ticket, categories, some_rules, verdicts

DAY = timedelta(days=1)
VOUCHED = ("mx.acme.example; dmarc=pass header.from=acme.example",)
ANAS = ANA.addresses[0]
OPENING = "Das VPN geht nicht, Fehler 809.\n"


def demanding() -> Mapping[str, Category]:
    return {name: replace(each, required=("device", "since when")) for name, each in categories().items()}


@pytest.fixture
def desk(store: Store) -> Desk:
    rules = some_rules(
        team=a_team(people=(*a_team().people, ANA)),
        trust=TrustMethod(method="authserv_id", value="mx.acme.example"),
        policy=a_policy(ask_missing=True),
        categories=demanding(),
    )
    return Desk(store, rules)


def test_the_acknowledgement_asks_exactly_for_what_is_missing(desk: Desk) -> None:
    desk.arrive(a_mail(new_text="The VPN fails since Monday.", language="en"))
    text = words(desk.last_to(BEA))
    assert status(desk) == Status.GATHERING
    assert (
        "It would help us to know a little more: - Which device is it about? Make and model, if you know them. Please reply"
        in text
    )
    assert "since when" not in text


def test_it_asks_in_the_language_of_the_client(desk: Desk) -> None:
    desk.arrive(a_mail(new_text=OPENING, language="de"))
    text = words(desk.last_to(BEA))
    assert "wüssten wir gern noch etwas mehr: - Um welches Gerät geht es?" in text
    assert "- Falls etwas nicht funktioniert: seit wann, oder wann ist es Ihnen zuerst aufgefallen? Bitte" in text


def test_the_tsm_has_the_ticket_from_the_beginning(desk: Desk) -> None:
    desk.arrive(a_mail(new_text=OPENING))
    assert desk.written_to(ANAS) == ["assignment"]
    assert events(desk) == ["opened", "information_asked", "assigned"]
    assert list(live(desk)) == ["client_reminder"]


def test_a_mail_that_tells_all_is_worked_on_at_once(desk: Desk) -> None:
    desk.arrive(a_mail(new_text="Since Monday the VPN fails on my ThinkPad T14."))
    assert status(desk) == Status.OPEN
    assert "help us to know" not in words(desk.last_to(BEA))


def test_the_answer_fills_the_sheet_and_the_tsm_is_told(desk: Desk) -> None:
    desk.arrive(a_mail(new_text=OPENING))
    desk.arrive(follow_up(desk.last_to(BEA), new_text="A ThinkPad T14, since Monday."))
    assert status(desk) == Status.OPEN
    assert events(desk)[-2:] == ["client_replied", "gathered"]
    assert "the client has sent everything that was asked for" in words(desk.last_to(ANAS))
    assert "client_reminder" not in live(desk)
    assert "next_update" in live(desk)


def test_who_answers_in_part_is_not_asked_again(desk: Desk) -> None:
    desk.arrive(a_mail(new_text=OPENING))
    desk.arrive(follow_up(desk.last_to(BEA), new_text="Since Monday. I do not know what device this is."))
    assert status(desk) == Status.OPEN
    assert "still missing: device" in words(desk.last_to(ANAS))
    desk.pass_time(NOON + 9 * DAY)
    assert desk.written_to(BEA) == ["acknowledgement"]


def test_who_is_silent_is_reminded_once_and_then_helped_with_what_there_is(desk: Desk) -> None:
    desk.arrive(a_mail(new_text=OPENING, language="fr"))
    assert desk.pass_time(NOON + 2 * DAY) == [Event.CLIENT_REMINDED]
    assert "- De quel appareil" in words(desk.last_to(BEA))
    assert desk.pass_time(NOON + 4 * DAY) == [Event.GATHERING_ENDED]
    assert status(desk) == Status.OPEN
    assert desk.written_to(BEA) == ["acknowledgement", "client_reminder"]
    assert desk.written_to(ANAS) == ["assignment", "gathering_ended"]
    assert "Still unknown: - Device - Since when" in words(desk.last_to(ANAS))
    assert "next_update" in live(desk)


def test_a_tsm_who_writes_does_not_wait_for_the_client(desk: Desk) -> None:
    desk.arrive(a_mail(new_text=OPENING))
    answer = follow_up(
        desk.mail_of("assignment"),
        author=Address(address=ANAS, name=ANA.name),
        new_text="Please restart the router.",
        text="Please restart the router.",
        authentication=VOUCHED,
    )
    desk.arrive(answer)
    assert status(desk) == Status.OPEN
    assert desk.written_to(BEA) == ["acknowledgement", "answer"]


def test_an_automatic_reply_tells_nothing(desk: Desk) -> None:
    desk.arrive(a_mail(new_text=OPENING))
    desk.arrive(follow_up(desk.last_to(BEA), new_text="I am away."), AUTOMATIC)
    assert status(desk) == Status.GATHERING


def test_nobody_is_asked_about_what_nobody_has_decided(desk: Desk) -> None:
    desk.arrive(a_mail(new_text=OPENING), UNSURE)
    assert status(desk) == Status.NEW


def test_nobody_is_asked_whose_work_stands_still(desk: Desk) -> None:
    urgent = verdicts(kind="person", technical="yes", category="network", urgency="1", impact="1")
    desk.arrive(a_mail(new_text=OPENING), tuple(urgent.values()))
    assert status(desk) == Status.OPEN


def test_a_desk_may_ask_for_nothing(store: Store) -> None:
    desk = Desk(store, some_rules(policy=a_policy(ask_missing=False), categories=demanding()))
    desk.arrive(a_mail(new_text=OPENING))
    assert status(desk) == Status.OPEN


def test_who_has_a_question_is_asked_for_nothing_that_only_a_fault_has() -> None:
    required = ("version", "device", "error message", "since when", "path", "serial number")
    assert what_matters(required, 3) == ("path",)
    assert what_matters(required, 2) == what_matters(required, None) == required


def test_who_is_missing_nothing_is_asked_nothing() -> None:
    assert not is_asked(a_ticket(sheet=None))
    assert not is_asked(a_ticket(sheet=Sheet()))
    assert is_asked(a_ticket(sheet=Sheet(required=("device",))))
