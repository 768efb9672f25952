"""What answers a question or a notice of maild is for the desk: no client reads it, and a bare yes is the tap."""

import re
from datetime import timedelta
from typing import Any

import pytest

from maild import shipped
from maild.desk.finding.tapping import TAP_OF
from maild.mail.message import Address
from maild.process.decision import Decision
from maild.process.ticket import Event, Outcome
from maild.process.trust import TrustMethod
from maild.replies.kinds import INTERNAL, KINDS
from maild.store import keys
from maild.store.engine import Store
from tests.desk.test_triage import VOUCHED, text_of
from tests.support.desks import Desk, follow_up
from tests.support.making import ANA, NOON, a_mail, a_team, some_rules

BEA, ANAS = "bea@client.example", "ana@acme.example"
PROMISE = re.compile(
    r"reply (?:to this message )?goes (?:to the client|to every client|out in their own thread)"
    r"|[Rr]eply to this message to write to the client|one answer reaches all of these clients"
)
SECRET = "The password: Summer2026"


@pytest.fixture
def desk(store: Store) -> Desk:
    """A desk whose server vouches for its people, with a ticket of Ana's."""
    team = a_team(people=(*a_team().people, ANA))
    desk = Desk(store, some_rules(team=team, trust=TrustMethod(method="authserv_id", value="mx.acme.example")))
    desk.arrive(a_mail())
    return desk


def says(desk: Desk, text: str, kind: str = "assignment", number: int = 1, **differences: Any) -> Decision:
    """Ana answers the newest mail of this kind that she got."""
    fields: dict[str, Any] = {
        "author": Address(address=ANAS, name="Ana Ruiz"),
        "message_id": f"<ana-{number}@acme.example>",
        "fingerprint": f"{number:064}",
        "new_text": text,
        "text": text,
        "authentication": VOUCHED,
    }
    answer = follow_up(desk.newest(kind, ANAS), **{**fields, **differences})
    return desk.arrive(answer, now=NOON + timedelta(minutes=number))


def released(desk: Desk) -> int:
    return len(desk.rows("SELECT 1 FROM mails WHERE outcome IS NULL AND released_at IS NOT NULL"))


def test_words_in_answer_to_a_confirmation_reach_no_client(desk: Desk) -> None:
    says(desk, "/close\nBye.", authentication=())
    decision = says(desk, "I have no idea who wrote this. Is the client crazy?", "confirm", 2)
    assert decision.event is Event.COMMAND_REFUSED
    assert desk.written_to(BEA) == ["acknowledgement"]
    told = text_of(desk.newest("refused_commands", ANAS))
    assert "never go to the client" in told
    assert "Is the client crazy?" in told
    assert released(desk) == 0


def test_words_in_answer_to_a_leak_question_reach_no_client(desk: Desk) -> None:
    assert says(desk, SECRET).event is Event.RELAY_HELD
    says(desk, "Oh no, thank you for noticing this!", "leak", 2)
    assert "answer" not in desk.written_to(BEA)
    assert released(desk) == 0


@pytest.mark.parametrize("commands", ["/resolve", "/update", "/waiting", "/eta friday"])
def test_no_command_makes_them_words_for_the_client(desk: Desk, commands: str) -> None:
    says(desk, SECRET)
    assert says(desk, f"{commands}\nWhat was wrong here?", "leak", 2).event is Event.COMMAND_REFUSED
    assert desk.written_to(BEA) == ["acknowledgement"]


def test_a_note_and_a_command_without_words_may_answer_anything(desk: Desk) -> None:
    says(desk, SECRET)
    assert says(desk, "/note\nI must not do that again.", "leak", 2).event is None
    assert says(desk, "/urgency 1", "leak", 3).outcome is Outcome.COMMAND
    assert desk.written_to(BEA) == ["acknowledgement"]


@pytest.mark.parametrize(
    "text", ["yes", "Ja!", "OUI.", "Sí", "Yes\n\nThanks\nAna", "yes\n\n-- \nAna Ruiz\nThird floor"]
)
def test_a_bare_yes_is_the_tap_of_a_leak_question(desk: Desk, text: str) -> None:
    says(desk, SECRET)
    assert says(desk, text, "leak", 2).because == "Ana Ruiz released mail 2"
    assert released(desk) == 1


def test_a_bare_yes_confirms_the_mail_that_was_asked_about_and_once(desk: Desk) -> None:
    says(desk, "/close\nBye.", authentication=())
    says(desk, "/spam", number=2, authentication=())
    assert says(desk, "Yes", "confirm", 3).because == "Ana Ruiz released mail 3"
    assert says(desk, "Yes", "confirm", 4).event is Event.COMMAND_REFUSED
    assert released(desk) == 1


def test_a_bare_yes_outlives_the_key_that_signed_the_question(desk: Desk) -> None:
    says(desk, SECRET)
    desk.store.transact(lambda connection: keys.rotate(connection, now=NOON))
    says(desk, "yes", "leak", 2)
    assert released(desk) == 1


@pytest.mark.parametrize(
    "differences",
    [
        {"authentication": ()},
        {"author": Address(address="lena@acme.example")},
        {"author": Address(address="mallory@evil.example")},
        {"author": Address(address=BEA)},
    ],
)
def test_a_yes_of_somebody_else_or_without_proof_releases_nothing(desk: Desk, differences: dict[str, Any]) -> None:
    says(desk, "/close\nBye.", authentication=())
    says(desk, "Yes", "confirm", 2, **differences)
    assert released(desk) == 0
    assert [kind for kind in desk.written_to(BEA) if kind == "answer"] == []


def test_where_nothing_vouches_a_yes_is_as_good_as_a_tap(store: Store) -> None:
    desk = Desk(store, some_rules(team=a_team(people=(*a_team().people, ANA))))
    desk.arrive(a_mail())
    says(desk, "/close\nBye.")
    says(desk, "yes", "confirm", 2)
    assert released(desk) == 1


def test_no_other_mail_tells_what_would_answer_the_question(desk: Desk) -> None:
    """Whoever is put in copy of a later answer reads its References."""
    says(desk, "/close\nBye.", authentication=())
    question = str(desk.newest("confirm", ANAS)["Message-ID"])
    desk.arrive(follow_up(desk.last_to(BEA), new_text="Any news?", text="Any news?"))
    assert question not in str(desk.newest("follow_up", ANAS)["References"])


def test_yes_to_a_client_is_an_answer(desk: Desk) -> None:
    assert says(desk, "Yes").outcome is Outcome.RELAY
    assert "answer" in desk.written_to(BEA)


def test_short_thanks_may_be_said_again_and_longer_words_wait(desk: Desk) -> None:
    for number in (1, 2, 3):
        assert says(desk, "Thanks, Bea!", number=number).outcome is Outcome.RELAY
    assert says(desk, "Thanks to you, Bea!", number=4).outcome is Outcome.RELAY
    assert says(desk, "Thanks to you, Bea!", number=5).outcome is Outcome.HELD


def test_a_machine_that_answers_the_refusal_with_the_same_again_writes_to_nobody(desk: Desk) -> None:
    away = "I am on holiday and read no mail."
    says(desk, SECRET)
    assert says(desk, away, "leak", 2).event is Event.COMMAND_REFUSED
    assert says(desk, away, "refused_commands", 3).event is Event.CONFIRMATION_ASKED
    assert "answer" not in desk.written_to(BEA)


def test_a_corrected_answer_to_the_refusal_goes_to_the_client(desk: Desk) -> None:
    says(desk, "/resovle\nPlease restart the router.")
    assert says(desk, "/resolve\nPlease restart the router.", "refused_commands", 2).outcome is Outcome.COMMAND
    assert "verification" in desk.written_to(BEA)


def test_answers_to_notices_go_nowhere_unless_the_notice_asks_for_words_to_the_client() -> None:
    """The mails of which the template says that a reply goes to the client, and no others."""
    folder = shipped.PACKAGE / "replies" / "templates" / "en"
    says_so = {path.stem for path in folder.glob("*.txt") if PROMISE.search(path.read_text(encoding="utf-8"))}
    reaching = {name for name, kind in KINDS.items() if kind.answers_reach_client}
    assert reaching == says_so
    assert {KINDS[name].audience for name in reaching} == {INTERNAL}
    assert not {name for name in reaching if KINDS[name].is_about_held or KINDS[name].is_internal_thread}
    assert {name for name, kind in KINDS.items() if kind.is_about_held} == set(TAP_OF)
