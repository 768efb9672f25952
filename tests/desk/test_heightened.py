"""A client's further mail that reads more urgent than the ticket: its TSM is told why, and raises it by one tap."""

import json
from dataclasses import replace

import pytest

from maild.classify.verdict import Verdict
from maild.mail.message import Address
from maild.process.token import action_tag
from maild.process.trust import TrustMethod
from maild.store.engine import Store
from tests.desk.test_clocks import words
from tests.desk.test_triage import VOUCHED
from tests.support.desks import Desk, follow_up
from tests.support.making import ANA, NOON, a_mail, a_team, some_rules, verdicts

TSM, BEA = "ana@acme.example", "bea@client.example"
ANAS = {"author": Address(address=TSM, name="Ana Ruiz"), "authentication": VOUCHED}


@pytest.fixture
def desk(store: Store) -> Desk:
    trust = TrustMethod(method="authserv_id", value="mx.acme.example")
    return Desk(store, some_rules(team=a_team(people=(*a_team().people, ANA)), trust=trust))


def read_as(urgency: str, impact: str, beside: str = "", **more: str) -> tuple[Verdict, ...]:
    said = verdicts(kind="person", technical="yes", category="network", urgency=urgency, impact=impact, **more)
    return tuple(replace(one, beside=beside or None) for one in said.values())


def writes_again(desk: Desk, urgency: str, impact: str, number: int, **more: str) -> str:
    """The client's further mail, and what its TSM gets of it."""
    mail = follow_up(
        desk.last_to(BEA), new_text="Now nobody can work.", message_id=f"<{number}@c>", fingerprint=f"{number:064}"
    )
    desk.arrive(mail, read_as(urgency, impact, **more))
    return words(desk.newest("follow_up", TSM))


def test_a_further_mail_that_is_more_urgent_is_one_tap_from_the_higher_priority(desk: Desk) -> None:
    desk.arrive(a_mail(), read_as("3", "3"))
    assert "more urgent" not in writes_again(desk, "2", "2", 2)
    assert "more urgent" not in writes_again(desk, "1", "1", 3, reply_intent="thanks")
    told = writes_again(desk, "1", "1", 4, reply_intent="thanks", beside="now nobody can work")
    assert "it reads more urgent than the ticket (/urgency 1): the test says so" in told
    assert "Raise the priority: critical" in told
    (token,) = json.loads(desk.rows("SELECT orders FROM offers ORDER BY id")[-1].orders)
    tap = {
        "subject": f"{action_tag('T', 1, token)} raise critical",
        "new_text": "",
        "text": "",
        "message_id": "<tap@a>",
    }
    desk.arrive(a_mail(**tap, **ANAS, fingerprint="9" * 64))
    assert tuple(desk.rows("SELECT urgency, impact, priority FROM tickets")[0]) == (1, 1, 1)


def test_what_a_tsm_has_judged_is_not_asked_again(desk: Desk) -> None:
    desk.arrive(a_mail(), read_as("1", "2"))
    answer = follow_up(
        desk.newest("assignment", TSM), new_text="/urgency 3", text="/urgency 3", written_at=NOON, **ANAS
    )
    desk.arrive(answer)
    assert desk.rows("SELECT urgency FROM tickets")[0].urgency == 3
    assert "more urgent" not in writes_again(desk, "1", "2", 3)
