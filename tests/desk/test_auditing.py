"""The audit sample asks people, and their answers guard the error budget."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from maild.classify.linear import LinearModel
from maild.classify.models import read_model
from maild.classify.verdict import Verdict
from maild.desk.learning.auditing import watch_budget
from maild.desk.learning.correcting import correct
from maild.desk.transaction import begin
from maild.mail.message import Mail
from maild.process.category import Category
from maild.process.questions import questions_of
from maild.process.ticket import Event
from maild.process.trust import TrustMethod
from maild.store.engine import Connection, Store
from maild.store.models.audits import count_drawn, read_answers
from maild.store.models.thresholds import RaisedThreshold, list_raised, lower_threshold
from tests.desk.test_orders import lenas
from tests.desk.test_triage import text_of
from tests.support.desks import INVOICE, TECHNICAL, UNSURE, Desk
from tests.support.making import NOON, a_mail, categories, some_rules
from tests.support.model_making import CATEGORIES, NETWORK, a_card, some_content

MODEL = read_model(some_content({"network": NETWORK}, CATEGORIES), a_card(thresholds={"0.01": 0.6}), error_budget=0.05)
LEAD = "lena@acme.example"


def by_model(said: Sequence[Verdict]) -> tuple[Verdict, ...]:
    """Verdicts as a model gives them."""
    return tuple(
        replace(verdict, confidence=0.97, model=MODEL.digest)
        if verdict.question in ("technical", "category")
        else verdict
        for verdict in said
    )


@pytest.fixture
def desk(store: Store) -> Desk:
    """A desk that asks about every sure verdict."""
    return Desk(store, some_rules(audit=1.0))


def the_mail(number: int) -> Mail:
    return a_mail(message_id=f"<{number}@client.example>", fingerprint=f"{number:064x}", digest=f"{number:064x}")


def asked(desk: Desk) -> list[tuple[str, str]]:
    return [(row.question, row.label) for row in desk.rows("SELECT question, label FROM audits ORDER BY id")]


def watch(desk: Desk, *, model: LinearModel = MODEL, days: int = 1) -> list[RaisedThreshold]:
    now = NOON + timedelta(days=days)

    def work(connection: Connection) -> list[RaisedThreshold]:
        with begin(connection, rules=desk.rules, voice=desk.voice, now=now) as transaction:
            return watch_budget(transaction, [model], 0.05)

    return desk.store.transact(work, serial=True)


def say(desk: Desk, ticket: int, category: str, *, hours: int = 1) -> None:
    questions = questions_of(desk.rules.categories, desk.rules.priorities, desk.rules.team)
    now = NOON + timedelta(hours=hours)
    desk.store.transact(
        lambda c: correct(c, questions, question="category", value=category, said_by="Ana", now=now, ticket=ticket)
    )


def tickets_with(desk: Desk, answers: Sequence[str], *, first: int = 1) -> None:
    """A ticket for each answer, and what a person said about it."""
    for number, answer in enumerate(answers, start=first):
        now = NOON + timedelta(minutes=number)
        desk.arrive(the_mail(number), by_model(TECHNICAL), now=now)
        if answer:
            say(desk, number, answer, hours=number)


def test_a_sure_verdict_of_the_sample_is_put_to_the_lead(desk: Desk) -> None:
    desk.arrive(a_mail(), by_model(TECHNICAL))
    assert asked(desk) == [("technical", "yes"), ("category", "network")]
    mail = desk.mail_of("confirm_verdict")
    assert "Please confirm a decision" in str(mail["Subject"])
    assert "category network, 97% sure" in mail.get_payload(0).get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert [row.event for row in desk.rows("SELECT event FROM events WHERE event = 'verdict_audited'")]


def test_what_a_person_says_of_a_mail_of_the_sample_is_kept_as_an_answer_to_it(desk: Desk) -> None:
    desk.arrive(a_mail(), by_model(TECHNICAL))
    desk.arrive(the_mail(2), TECHNICAL, now=NOON + timedelta(minutes=1))
    say(desk, 1, "network")
    say(desk, 2, "network")
    assert [row.source for row in desk.rows("SELECT source FROM labels ORDER BY mail_id")] == ["audit", "admin"]


def test_a_hand_off_is_audited_too(desk: Desk) -> None:
    desk.arrive(a_mail(), by_model(INVOICE))
    assert ("technical", "no") in asked(desk)
    assert "confirm_verdict" in [kind for kind, _ in desk.written()]


@pytest.mark.parametrize(("said", "is_asked"), [(INVOICE, True), (TECHNICAL, False)])
def test_a_team_is_audited_where_it_got_the_mail(desk: Desk, said: Sequence[Verdict], *, is_asked: bool) -> None:
    team = Verdict(question="team", label="Front Office", confidence=0.97, because="march", model=MODEL.digest)
    desk.arrive(a_mail(), (*by_model(said), team))
    assert (("team", "Front Office") in asked(desk)) == is_asked
    assert ('team="Front Office"' in told_to_confirm(desk)) == is_asked


def told_to_confirm(desk: Desk) -> str:
    return " ".join(text_of(desk.mail_of("confirm_verdict")).split())


def test_what_was_left_to_a_person_is_not_asked_again(desk: Desk) -> None:
    desk.arrive(a_mail(), by_model(UNSURE))
    assert asked(desk) == []


def test_verdicts_of_rules_are_not_audited(desk: Desk) -> None:
    desk.arrive(a_mail(), TECHNICAL)
    assert asked(desk) == []


def test_without_a_sample_nobody_is_asked(store: Store) -> None:
    desk = Desk(store, some_rules())
    desk.arrive(a_mail(), by_model(TECHNICAL))
    assert asked(desk) == []
    assert "confirm_verdict" not in [kind for kind, _ in desk.written()]


def test_a_follow_up_is_not_asked_about(desk: Desk) -> None:
    desk.arrive(the_mail(1), by_model(TECHNICAL))
    further = replace(the_mail(2), in_reply_to=("<1@client.example>",), references=("<1@client.example>",))
    decision = desk.arrive(further, by_model(TECHNICAL))
    assert decision.event is Event.CLIENT_REPLIED
    assert len(asked(desk)) == 2


@pytest.mark.parametrize(("command", "is_wrong"), [("/category network", False), ("/category access", True)])
def test_a_reply_with_a_command_is_the_answer(store: Store, command: str, is_wrong: bool) -> None:
    access = Category(name="access", title="Access", technical=True, description="Passwords")
    rules = some_rules(
        audit=1.0,
        categories={**categories(), "access": access},
        trust=TrustMethod(method="authserv_id", value="mx.acme.example"),
    )
    desk = Desk(store, rules)
    desk.arrive(a_mail(), by_model(TECHNICAL))
    reply = lenas(desk.mail_of("confirm_verdict"), f"{command}\n")
    desk.arrive(reply, now=NOON + timedelta(hours=1))
    with store.read() as connection:
        answers = {answer.audit.question: answer.is_wrong for answer in read_answers(connection, MODEL.digest)}
    assert answers == {"category": is_wrong, "technical": False}
    assert {row.source for row in desk.rows("SELECT source FROM labels")} == {"audit"}


def test_silence_is_no_confirmation(desk: Desk) -> None:
    tickets_with(desk, ["network", "", ""])
    with desk.store.read() as connection:
        assert count_drawn(connection, MODEL.digest)["network"] == 3
        assert [answer.is_wrong for answer in read_answers(connection, MODEL.digest)] == [False]


def test_the_newest_answer_counts(desk: Desk) -> None:
    tickets_with(desk, ["billing"])
    say(desk, 1, "network", hours=5)
    with desk.store.read() as connection:
        assert [answer.is_wrong for answer in read_answers(connection, MODEL.digest)] == [False]


def test_right_answers_and_one_mistake_change_nothing(desk: Desk) -> None:
    tickets_with(desk, ["network"] * 6 + ["billing"])
    assert watch(desk) == []
    assert "threshold_raised" not in [kind for kind, _ in desk.written()]


def test_a_broken_budget_raises_the_threshold_and_the_lead_is_told_once(desk: Desk) -> None:
    tickets_with(desk, ["network", "billing", "billing", "billing"])
    (rise,) = watch(desk)
    assert (rise.label, rise.least) == ("network", 0.975)
    assert "3 of 4 audited verdicts category network were wrong, and the error budget is 5%" in rise.because
    assert watch(desk) == []
    assert [kind for kind, _ in desk.written()].count("threshold_raised") == 1
    told = desk.mail_of("threshold_raised")
    assert "Decisions have become more cautious" in str(told["Subject"])
    assert [row.ticket_id for row in desk.rows("SELECT ticket_id FROM events WHERE event = 'threshold_raised'")] == [4]
    with desk.store.read() as connection:
        assert [(each.label, each.least) for each in list_raised(connection)] == [("network", 0.975)]


def test_a_second_raise_needs_new_mistakes(desk: Desk) -> None:
    tickets_with(desk, ["billing", "billing", "billing"])
    assert [rise.least for rise in watch(desk)] == [0.975]
    say(desk, 1, "billing", hours=50)
    assert watch(desk, days=3) == []
    for number in (11, 12, 13):
        desk.arrive(the_mail(number), by_model(TECHNICAL), now=NOON + timedelta(days=4))
    for ticket in (4, 5, 6):
        say(desk, ticket, "billing", hours=120 + ticket)
    assert [rise.least for rise in watch(desk, days=6)] == [0.9875]
    assert [kind for kind, _ in desk.written()].count("threshold_raised") == 2


def test_another_model_begins_without_a_past(desk: Desk) -> None:
    tickets_with(desk, ["billing"] * 4)
    another = replace(MODEL, digest="f" * 64)
    assert watch(desk, model=another) == []


def test_an_admin_takes_a_raise_back(desk: Desk) -> None:
    tickets_with(desk, ["billing"] * 4)
    (rise,) = watch(desk)
    desk.store.transact(lambda c: lower_threshold(c, rise, actor="ada", now=NOON + timedelta(days=2)))
    with desk.store.read() as connection:
        assert list_raised(connection) == []
    assert watch(desk, days=3) == []


def test_two_labels_of_one_mail_are_told_in_one_mail(desk: Desk) -> None:
    technical = read_model(
        some_content({"yes": NETWORK}, ("no", "yes")),
        a_card(("no", "yes"), question="technical"),
        error_budget=0.05,
    )
    said = tuple(
        replace(verdict, model=technical.digest) if verdict.question == "technical" else verdict
        for verdict in by_model(TECHNICAL)
    )
    questions = questions_of(desk.rules.categories, desk.rules.priorities, desk.rules.team)
    for number in range(1, 5):
        desk.arrive(the_mail(number), said, now=NOON + timedelta(minutes=number))
        for question, value in (("category", "billing"), ("technical", "no")):
            desk.store.transact(
                lambda c, n=number, q=question, v=value: correct(  # type: ignore[misc]
                    c, questions, question=q, value=v, said_by="Ana", now=NOON + timedelta(hours=n), ticket=n
                )
            )

    def work(connection: Connection) -> list[RaisedThreshold]:
        with begin(connection, rules=desk.rules, voice=desk.voice, now=NOON + timedelta(days=1)) as transaction:
            return watch_budget(transaction, [technical, MODEL], 0.05)

    assert {rise.label for rise in desk.store.transact(work, serial=True)} == {"yes", "network"}
    assert [kind for kind, _ in desk.written()].count("threshold_raised") == 1
