"""What a TSM writes happens: relayed, obeyed, refused with a transcript, or held until they confirm it."""

from dataclasses import replace
from datetime import timedelta
from email.message import Message
from typing import Any

import pytest

from maild.classify.verdict import Verdict
from maild.history.forgetting import Wish, forget
from maild.mail.message import Address, Mail
from maild.process.decision import Decision
from maild.process.ticket import Event, Outcome
from maild.process.trust import TrustMethod
from maild.store.engine import Store
from tests.support.closings import tap as closing_tap
from tests.support.desks import TECHNICAL, UNSURE, Desk, follow_up, reply_to
from tests.support.making import EVA, NOON, a_mail, a_team, some_rules

LENA = Address(address="lena@acme.example", name="Lena Lead")
VOUCHED = ("mx.acme.example; dmarc=pass header.from=acme.example",)


@pytest.fixture
def desk(store: Store) -> Desk:
    """A desk whose server vouches for its people, with one ticket."""
    team = a_team(people=(*a_team().people, EVA))
    desk = Desk(store, some_rules(team=team, trust=TrustMethod(method="authserv_id", value="mx.acme.example")))
    desk.arrive(a_mail())
    return desk


@pytest.fixture
def unvouched(store: Store) -> Desk:
    """A desk whose server vouches for nobody, with one ticket."""
    desk = Desk(store, some_rules())
    desk.arrive(a_mail())
    return desk


def lenas(message: Message, text: str, number: int = 1, **differences: Any) -> Mail:
    fields: dict[str, object] = {
        "author": LENA,
        "message_id": f"<lena-{number}@acme.example>",
        "fingerprint": f"{number:064}",
        "new_text": text,
        "text": text,
        "authentication": VOUCHED,
    }
    return follow_up(message, **{**fields, **differences})


def says(desk: Desk, text: str, number: int = 1, **differences: Any) -> Decision:
    return desk.arrive(lenas(desk.mail_of("assignment"), text, number, **differences))


def tap(desk: Desk, kind: str, author: Address = LENA, number: int = 50) -> Decision:
    """Tap the first link of the mail of this kind, as a mail client would send it."""
    html = desk.mail_of(kind).get_payload()[1].get_payload(decode=True).decode()  # type: ignore[union-attr, index]
    address = html.partition("mailto:support+a")[2].partition("?")[0]
    mail = a_mail(
        author=author,
        message_id=f"<tap-{number}@acme.example>",
        fingerprint=f"{number:064}",
        to=(Address(address=f"support+a{address}"),),
        subject="T-1 release",
        new_text="",
        text="",
    )
    return desk.arrive(mail)


def status(desk: Desk) -> str:
    return str(desk.rows("SELECT status FROM tickets WHERE id = 1")[0].status)


def test_an_answer_reaches_the_client_in_their_own_thread(desk: Desk) -> None:
    decision = says(desk, "Dear Bea,\n\nplease restart the router.\n\nLena")
    relayed = desk.last_to("bea@client.example")
    assert (decision.outcome, desk.written()[-1]) == (Outcome.RELAY, ("answer", "bea@client.example"))
    assert relayed["In-Reply-To"] == "<question-1@client.example>"
    assert relayed["From"] == "Lena Lead via Acme Support <support@acme.example>"
    assert "please restart the router." in relayed.as_string()


def test_an_answer_renews_the_clock(desk: Desk) -> None:
    desk.arrive(lenas(desk.mail_of("assignment"), "We are on it."), now=NOON + timedelta(hours=20))
    assert desk.pass_time(NOON + timedelta(hours=30)) == []


def test_a_note_stays_in_the_house(desk: Desk) -> None:
    decision = says(desk, "/note\nThey have not paid.")
    assert decision.outcome is Outcome.COMMAND
    assert desk.written_to("bea@client.example") == ["acknowledgement"]


def test_commands_and_answer_happen_together(desk: Desk) -> None:
    says(desk, "/urgency 1\n/impact 1\n/waiting\nWhich router is it?")
    row = desk.rows("SELECT status, urgency, impact, priority FROM tickets")[0]
    assert tuple(row) == ("waiting", 1, 1, 1)
    assert desk.written_to("bea@client.example")[-1] == "answer"
    said = desk.rows("SELECT question, value, said_by FROM labels ORDER BY question")
    assert [tuple(row) for row in said] == [("impact", "1", "Lena Lead"), ("urgency", "1", "Lena Lead")]


def test_an_unknown_command_does_nothing_and_sends_a_transcript(desk: Desk) -> None:
    decision = says(desk, "/urgency 1\n/resolv\nIt works again.")
    assert (decision.outcome, decision.event) == (Outcome.COMMAND, Event.COMMAND_REFUSED)
    assert desk.written()[-1] == ("refused_commands", "lena@acme.example")
    assert "did you mean /resolve?" in desk.last_to("lena@acme.example").as_string()
    assert tuple(desk.rows("SELECT status, urgency FROM tickets")[0]) == ("open", 2)


def test_who_is_proven_hears_of_more_refusals_than_others_get_answers(desk: Desk) -> None:
    limits = desk.rules.policy.limits
    desk.rules = replace(desk.rules, policy=replace(desk.rules.policy, limits=replace(limits, refusals=20)))
    assert limits.per_address < 9
    for number in range(9):
        says(desk, f"/resolv\nIt works again ({number}).", number)
    assert desk.written_to("lena@acme.example").count("refused_commands") == 9


def test_commands_alone_that_are_refused_twice_are_no_machine_s(desk: Desk) -> None:
    text = "/cc remove carl@client.example\n/cc remove dora@client.example"
    outcomes = [says(desk, text, number).outcome for number in range(1, 4)]
    assert outcomes == [Outcome.COMMAND] * 3
    assert "carl@client.example is not in copy" in " ".join(desk.last_to("lena@acme.example").as_string().split())


def test_what_a_command_changed_is_kept_with_its_event(desk: Desk) -> None:
    says(desk, "/urgency 1")
    event = desk.rows("SELECT event, because, before FROM events ORDER BY id DESC LIMIT 1")[0]
    assert (event.event, event.because) == ("prioritized", "/urgency 1")
    assert "urgency" in str(event.before)


def test_a_word_decides_what_the_model_left_open(store: Store) -> None:
    desk = Desk(store, some_rules(trust=TrustMethod(method="authserv_id", value="mx.acme.example")))
    desk.arrive(a_mail(), UNSURE)
    says(desk, "/category network")
    assert tuple(desk.rows("SELECT status, technical, category FROM tickets")[0]) == ("open", 1, "network")


def test_a_hand_off_by_command_tells_the_client_and_the_team(desk: Desk) -> None:
    says(desk, "/handoff Finance")
    assert status(desk) == "handed_off"
    assert desk.written()[-2:] == [("handed_off_notice", "bea@client.example"), ("hand_off", "finance@acme.example")]


@pytest.mark.parametrize("verdicts", [TECHNICAL, UNSURE], ids=["open", "new"])
def test_words_that_go_with_a_hand_off_reach_the_client_and_do_not_take_it_back(
    store: Store, verdicts: tuple[Verdict, ...]
) -> None:
    desk = Desk(store, some_rules(trust=TrustMethod(method="authserv_id", value="mx.acme.example")))
    desk.arrive(a_mail(), verdicts)
    says(desk, "/handoff Finance\nOur colleagues of finance will answer you.")
    assert status(desk) == "handed_off"
    assert desk.written_to("finance@acme.example") == ["hand_off"]
    assert desk.written_to("bea@client.example")[1:] == ["answer", "handed_off_notice"]
    assert desk.rows("SELECT assignee, team FROM tickets") == [(None, "Finance")]


def test_spam_is_closed_without_a_word(desk: Desk) -> None:
    says(desk, "/spam")
    assert status(desk) == "closed"
    assert desk.written_to("bea@client.example") == ["acknowledgement"]
    assert desk.pass_time(NOON + timedelta(days=30)) == []


@pytest.mark.parametrize(
    ("what", "differences"),
    [
        ("unvouched", {"authentication": ()}),
        ("vouched by another server", {"authentication": ("mx.evil.example; dmarc=pass header.from=acme.example",)}),
        (
            "without a token",
            {"to": (Address(address="support@acme.example"),), "references": ("<question-1@client.example>",)},
        ),
    ],
)
def test_a_forged_tsm_is_held_and_the_real_one_is_asked(desk: Desk, what: str, differences: dict[str, Any]) -> None:
    decision = desk.arrive(lenas(desk.mail_of("assignment"), "/close\nNever mind.", **differences))
    assert decision.outcome is Outcome.HELD, what
    assert status(desk) == "open"
    assert desk.written()[-1] == ("confirm", "lena@acme.example")


def test_the_real_tsm_lets_a_held_mail_through_with_one_tap(desk: Desk) -> None:
    says(desk, "It works again.", authentication=())
    assert tap(desk, "confirm").outcome is Outcome.COMMAND
    released = desk.rows("SELECT outcome, released_at FROM mails WHERE outcome IS NULL")
    assert len(released) == 1


def test_a_tap_works_once(desk: Desk) -> None:
    says(desk, "It works again.", authentication=())
    tap(desk, "confirm")
    again = tap(desk, "confirm", number=51)
    assert (again.outcome, again.event) == (Outcome.COMMAND, Event.COMMAND_REFUSED)


def test_a_tap_of_another_person_does_nothing(desk: Desk) -> None:
    says(desk, "It works again.", authentication=())
    decision = tap(desk, "confirm", author=Address(address="eva@acme.example"))
    assert decision.outcome is Outcome.HELD
    assert desk.rows("SELECT 1 FROM mails WHERE outcome IS NULL") == []


def test_where_nothing_vouches_an_answer_goes_through_and_a_command_is_confirmed(unvouched: Desk) -> None:
    assert says(unvouched, "It works again.", authentication=()).outcome is Outcome.RELAY
    assert says(unvouched, "/note\nOld contract.", 2, authentication=()).outcome is Outcome.COMMAND
    assert says(unvouched, "/resolve\nDone.", 3, authentication=()).outcome is Outcome.HELD
    assert unvouched.written()[-1] == ("confirm", "lena@acme.example")
    assert status(unvouched) == "open"


@pytest.mark.parametrize(("commands", "after"), [("/update", "open"), ("/waiting", "waiting"), ("/note", "open")])
def test_where_nothing_vouches_answers_that_ask_or_report_need_no_tap(
    unvouched: Desk, commands: str, after: str
) -> None:
    says(unvouched, f"{commands}\nWhich router is it?", authentication=())
    assert status(unvouched) == after
    assert "confirm" not in unvouched.written_to("lena@acme.example")


@pytest.mark.parametrize("more", ["/urgency 1", "/take", "/eta friday", "/spam", "/cc add mallory@evil.example"])
def test_where_nothing_vouches_no_other_command_hides_behind_them(unvouched: Desk, more: str) -> None:
    assert says(unvouched, f"/update\n{more}\nWe are on it.", authentication=()).outcome is not Outcome.RELAY
    assert unvouched.written_to("bea@client.example") == ["acknowledgement"]


def test_a_copy_of_the_clients_address_is_no_relay(desk: Desk) -> None:
    to = (Address(address="bea@client.example"), *reply_to(desk.mail_of("assignment")))
    decision = says(desk, "I have written to you directly.", to=to)
    assert decision.event is Event.ANSWERED_DIRECTLY
    assert desk.written_to("bea@client.example") == ["acknowledgement"]


def test_an_answer_to_a_handed_off_ticket_takes_it_back(desk: Desk) -> None:
    says(desk, "/handoff Finance")
    says(desk, "We look into it after all.", 2)
    assert tuple(desk.rows("SELECT status, team, assignee FROM tickets")[0]) == ("open", None, "Lena Lead")


def test_no_token_of_a_tsm_reaches_the_client(desk: Desk) -> None:
    says(desk, "Done.")
    inner = str(desk.mail_of("assignment")["Reply-To"])
    assert inner.partition("+")[2].partition("@")[0] not in desk.last_to("bea@client.example").as_string()


def test_a_desk_without_subaddresses_taps_by_subject(store: Store) -> None:
    rules = some_rules()
    desk = Desk(store, replace(rules, desk=replace(rules.desk, subaddress="")))
    desk.arrive(a_mail())
    tag = str(desk.mail_of("assignment")["Subject"])
    desk.arrive(lenas(desk.mail_of("assignment"), "/resolve\nDone.", subject=f"Re: {tag}", to=()))
    html = desk.mail_of("confirm").get_payload()[1].get_payload(decode=True).decode()  # type: ignore[union-attr, index]
    assert "mailto:support@acme.example?subject=%5BT-1%20a0." in html


def test_a_machine_that_answers_for_a_tsm_is_not_relayed_again_and_again(desk: Desk) -> None:
    outcomes = [says(desk, "I am out of the office.", number).outcome for number in range(1, 4)]
    assert outcomes == [Outcome.RELAY, Outcome.HELD, Outcome.HELD]
    assert desk.written_to("bea@client.example") == ["acknowledgement", "answer"]


def test_no_more_answers_of_an_hour_are_relayed_than_the_limit(desk: Desk) -> None:
    outcomes = [says(desk, f"Answer {number}", number).outcome for number in range(1, 23)]
    assert outcomes.count(Outcome.RELAY) == 20


def test_where_nothing_vouches_a_tap_on_the_clients_next_mail_resolves_without_a_question(unvouched: Desk) -> None:
    unvouched.arrive(follow_up(unvouched.mail_of("acknowledgement")))
    told = unvouched.mail_of("follow_up")
    words = "The gateway had lost its certificate."
    unvouched.arrive(replace(closing_tap(told, "resolve", author=LENA.address), new_text=words, text=words))
    assert (status(unvouched), unvouched.written()[-1]) == ("resolved", ("verification", "bea@client.example"))
    assert "confirm" not in [kind for kind, _ in unvouched.written()]
    assert "certificate" in str(unvouched.last_to("bea@client.example"))


def test_where_a_server_vouches_such_mails_stay_short(desk: Desk) -> None:
    desk.arrive(follow_up(desk.mail_of("acknowledgement")))
    assert "/resolve" not in str(desk.mail_of("follow_up"))


def test_nobody_who_was_forgotten_comes_back_by_undo(desk: Desk) -> None:
    for number, order in enumerate(("/cc add dora@elsewhere.example", "/cc remove dora@elsewhere.example"), start=1):
        says(desk, order, number)
    wish = Wish(address="dora@elsewhere.example", said_by="an operator", because=None, ours=frozenset())
    forget(desk.store, wish, now=NOON)
    decision = says(desk, "/undo", 3)
    assert decision.refusal is not None
    assert "has since been forgotten" in decision.refusal.because
    assert desk.rows("SELECT 1 FROM participants WHERE address LIKE '%erased%'") == []
