"""Somebody of the house writes to the client themselves, with the desk in copy: believed like all that changes a ticket."""

from datetime import timedelta
from typing import Any

import pytest

from maild.mail.message import Address
from maild.process.decision import Decision
from maild.process.ticket import Event, Outcome
from maild.process.trust import TrustMethod
from maild.store.engine import Store
from maild.store.view.ticket import find_ticket
from tests.desk.test_triage import VOUCHED, tap, text_of
from tests.support.desks import Desk, follow_up, reply_to
from tests.support.making import ANA, NOON, a_mail, a_team, some_rules

ANAS, BEA = Address(address="ana@acme.example", name="Ana Ruiz"), Address(address="bea@client.example")
WORDS = "Dear Bea,\n\nplease restart the router."


@pytest.fixture
def desk(store: Store) -> Desk:
    team = a_team(people=(*a_team().people, ANA))
    desk = Desk(store, some_rules(team=team, trust=TrustMethod(method="authserv_id", value="mx.acme.example")))
    desk.arrive(a_mail())
    return desk


def copied(desk: Desk, text: str = WORDS, number: int = 1, **differences: Any) -> Any:
    ticket_address = reply_to(desk.mail_of("assignment"))
    fields: dict[str, Any] = {
        "author": ANAS,
        "message_id": f"<ana-{number}@acme.example>",
        "fingerprint": f"{number:064}",
        "to": (BEA,),
        "cc": ticket_address,
        "new_text": text,
        "text": text,
        "authentication": VOUCHED,
    }
    return follow_up(desk.mail_of("assignment"), **{**fields, **differences})


def at(desk: Desk, mail: Any, minutes: int = 1) -> Decision:
    return desk.arrive(mail, now=NOON + timedelta(minutes=minutes))


def to_client(desk: Desk) -> list[str]:
    return desk.written_to(BEA.address)


def test_a_vouched_answer_in_copy_counts_and_is_not_sent_again(desk: Desk) -> None:
    assert at(desk, copied(desk)).event is Event.ANSWERED_DIRECTLY
    assert to_client(desk) == ["acknowledgement"]
    with desk.store.read() as connection:
        last = find_ticket(connection, desk.rules.desk, 1).mails[-1]
    assert (last.direction, last.audience, last.author) == ("out", "client", ANAS.address)


def test_a_token_alone_does_not_renew_the_clock_where_the_server_vouches(desk: Desk) -> None:
    before = desk.rows("SELECT next_update_due_at FROM tickets")
    decision = at(desk, copied(desk, authentication=()))
    assert (decision.outcome, decision.event) == (Outcome.HELD, Event.CONFIRMATION_ASKED)
    assert desk.rows("SELECT next_update_due_at FROM tickets") == before
    assert desk.rows("SELECT 1 FROM events WHERE event = 'answered_directly'") == []


@pytest.mark.parametrize("method", ["authserv_id", "none"])
def test_what_was_confirmed_is_noted_and_not_sent_to_the_client_once_more(desk: Desk, method: str) -> None:
    desk.rules = some_rules(team=desk.rules.team, trust=TrustMethod(method=method, value="mx.acme.example"))
    question = str(desk.last_to(BEA.address)["In-Reply-To"])
    forged = copied(desk, authentication=(), cc=(Address(address="support@acme.example"),), in_reply_to=(question,))
    assert at(desk, forged).event is Event.CONFIRMATION_ASKED
    tap(desk, desk.mail_of("confirm"), "release", ANAS.address)
    assert desk.arrive_again(forged, now=NOON + timedelta(minutes=3)).event is Event.ANSWERED_DIRECTLY
    assert to_client(desk) == ["acknowledgement"]


def test_where_nothing_vouches_a_token_is_enough(store: Store) -> None:
    desk = Desk(store, some_rules(team=a_team(people=(*a_team().people, ANA))))
    desk.arrive(a_mail())
    assert at(desk, copied(desk, authentication=())).event is Event.ANSWERED_DIRECTLY


@pytest.mark.parametrize("commands", ["/resolve", "/note", "/close", "/spam\n/urgency 1"])
def test_commands_that_the_client_reads_are_refused(desk: Desk, commands: str) -> None:
    decision = at(desk, copied(desk, f"{commands}\n{WORDS}"))
    assert decision.event is Event.COMMAND_REFUSED
    assert to_client(desk) == ["acknowledgement"]
    assert desk.rows("SELECT status FROM tickets")[0].status == "open"
    assert "send them to the desk alone" in " ".join(text_of(desk.newest("refused_commands", ANAS.address)).split())


def test_they_are_refused_where_only_somebody_beside_the_client_reads_them(desk: Desk) -> None:
    carl = Address(address="carl@client.example")
    at(desk, copied(desk, f"/cc add {carl.address}", 1, to=reply_to(desk.mail_of("assignment")), cc=()))
    mail = copied(desk, f"/resolve\n{WORDS}", 2, to=reply_to(desk.mail_of("assignment")), cc=(carl,))
    assert at(desk, mail).event is Event.COMMAND_REFUSED
    assert to_client(desk) == ["acknowledgement"]


def test_a_stranger_who_writes_so_to_the_client_is_nobody_of_the_house(desk: Desk) -> None:
    mallory = Address(address="mallory@evil.example")
    decision = at(desk, copied(desk, author=mallory, authentication=()))
    assert decision.event is not Event.ANSWERED_DIRECTLY
    assert desk.rows("SELECT 1 FROM events WHERE event = 'answered_directly'") == []
