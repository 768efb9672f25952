"""What the desk decides about a mail, rule by rule."""

from dataclasses import replace

import pytest

from maild.mail.message import BounceReport
from maild.process.deciding import decide
from maild.process.decision import SentMail
from maild.process.thread import Thread
from maild.process.ticket import Event, Outcome, Trust
from tests.support.making import a_desk, a_mail, a_team, some_findings, some_rules, verdicts

JOINED = Thread(ticket=9, joins=True, trust=Trust.TOKEN, because="a valid token in the reply address")
SPOKEN_OF = Thread(ticket=9, joins=False, trust=Trust.CLAIMED, because="the ticket's number in the subject")


def test_a_technical_mail_becomes_an_open_ticket() -> None:
    decision = decide(some_findings(), some_rules())
    assert (decision.outcome, decision.event) == (Outcome.TICKET, Event.OPENED)


def test_an_unsure_verdict_leaves_the_decision_to_a_tsm() -> None:
    decision = decide(some_findings(verdicts=verdicts(kind="person", technical=None)), some_rules())
    assert (decision.outcome, decision.event) == (Outcome.TICKET, Event.LEFT_UNDECIDED)


@pytest.mark.parametrize(
    ("category", "likely", "event"),
    [
        ("billing", ("no", "yes"), Event.HANDED_OFF),
        ("network", ("yes", "no"), Event.OPENED),
        ("billing", ("yes", "no"), Event.LEFT_UNDECIDED),
        ("network", ("no", "yes"), Event.LEFT_UNDECIDED),
        ("billing", (), Event.LEFT_UNDECIDED),
        (None, ("no", "yes"), Event.LEFT_UNDECIDED),
    ],
)
def test_a_sure_category_decides_where_the_verdict_leans_its_way(
    category: str | None, likely: tuple[str, ...], event: Event
) -> None:
    said = verdicts(kind="person", technical=None, category=category)
    said = {**said, "technical": replace(said["technical"], likely=likely)}
    decision = decide(some_findings(verdicts=said), some_rules())
    assert decision.event is event
    assert (event is Event.LEFT_UNDECIDED) == ("for a TSM to say" in decision.because)


def test_an_invoice_goes_to_the_team_that_its_category_names() -> None:
    said = verdicts(kind="person", technical="no", category="billing")
    decision = decide(some_findings(verdicts=said), some_rules())
    assert (decision.outcome, decision.team) == (Outcome.HAND_OFF, "Finance")


def test_a_non_technical_mail_of_unknown_category_goes_to_the_front_team() -> None:
    said = verdicts(kind="person", technical="no", category=None)
    assert decide(some_findings(verdicts=said), some_rules()).team == "Front Office"


def test_a_non_technical_mail_that_no_team_takes_is_left_to_a_tsm() -> None:
    said = verdicts(kind="person", technical="no", category=None)
    rules = some_rules(desk=a_desk(front_team=None), team=a_team(others=()))
    assert decide(some_findings(verdicts=said), rules).event is Event.LEFT_UNDECIDED


def test_the_same_mail_twice_is_one_mail() -> None:
    decision = decide(some_findings(duplicate_of=4), some_rules())
    assert (decision.outcome, decision.event) == (Outcome.DUPLICATE, None)


def test_a_copy_of_our_own_mail_is_unrelated() -> None:
    assert decide(some_findings(is_our_own=True), some_rules()).outcome is Outcome.UNRELATED


def test_an_automatic_mail_joins_its_ticket_and_moves_nothing() -> None:
    decision = decide(some_findings(verdicts=verdicts(kind="automatic"), thread=JOINED), some_rules())
    assert (decision.outcome, decision.event, decision.ticket) == (Outcome.AUTOMATIC, Event.AUTOMATIC_REPLY_CAME, 9)


def test_a_final_bounce_of_our_mail_happens_to_its_ticket() -> None:
    report = BounceReport(
        is_final=True,
        recipients=("bea@client.example",),
        status="5.1.1",
        diagnostic="no such user",
        original_message_id="<t9.x@acme.example>",
    )
    sent = SentMail(id=3, ticket=9, kind="acknowledgement", recipient="bea@client.example")
    findings = some_findings(verdicts=verdicts(kind="bounce"), bounced=sent, mail=a_mail(bounce=report))
    decision = decide(findings, some_rules())
    assert (decision.event, decision.ticket) == (Event.BOUNCE_CAME, 9)
    assert "5.1.1 no such user" in decision.because


def test_a_delay_report_is_a_bounce_without_an_event() -> None:
    report = BounceReport(
        is_final=False, recipients=(), status="4.4.1", diagnostic="still trying", original_message_id=None
    )
    sent = SentMail(id=3, ticket=9, kind="acknowledgement", recipient="bea@client.example")
    findings = some_findings(verdicts=verdicts(kind="bounce"), bounced=sent, mail=a_mail(bounce=report))
    assert decide(findings, some_rules()).event is None


@pytest.mark.parametrize(("kind", "outcome"), [("bulk", Outcome.BULK), ("spam", Outcome.SPAM)])
def test_unwanted_mail_opens_no_ticket(kind: str, outcome: Outcome) -> None:
    decision = decide(some_findings(verdicts=verdicts(kind=kind)), some_rules())
    assert (decision.outcome, decision.event) == (outcome, None)


def test_a_participant_with_a_token_is_heard_through_a_mailing_list() -> None:
    findings = some_findings(verdicts=verdicts(kind="bulk"), thread=JOINED, trust=Trust.TOKEN)
    assert decide(findings, some_rules()).outcome is Outcome.FOLLOW_UP


def test_a_stranger_opens_a_ticket_that_is_linked() -> None:
    decision = decide(some_findings(thread=SPOKEN_OF), some_rules())
    assert (decision.event, decision.ticket, decision.link_to) == (Event.OPENED, None, 9)


def test_a_follow_up_happens_to_its_ticket() -> None:
    decision = decide(some_findings(thread=JOINED), some_rules())
    assert (decision.outcome, decision.event, decision.ticket) == (Outcome.FOLLOW_UP, Event.CLIENT_REPLIED, 9)


def test_a_mail_without_an_author_is_held() -> None:
    without = decide(some_findings(author=None), some_rules())
    empty = decide(some_findings(author=None, mail=a_mail(author=None, headers=(("from", "<>"),))), some_rules())
    assert without.outcome is empty.outcome is Outcome.HELD
    assert without.because.startswith("it has no From field; ")
    assert empty.because.startswith("its From field names nobody who could be answered; ")


def test_a_mail_that_claims_to_be_the_desk_is_held() -> None:
    author = a_mail().to[0]
    assert decide(some_findings(author=author), some_rules()).outcome is Outcome.HELD


def test_a_tsm_never_becomes_the_client() -> None:
    decision = decide(some_findings(staff="Ana Ruiz"), some_rules())
    assert (decision.outcome, decision.event) == (Outcome.HELD, None)


def test_the_words_of_a_tsm_stay_with_the_ticket_of_their_token() -> None:
    decision = decide(some_findings(staff="Ana Ruiz", thread=JOINED, trust=Trust.TOKEN), some_rules())
    assert (decision.event, decision.ticket) == (Event.STAFF_WROTE, 9)


def test_a_forged_tsm_without_a_token_touches_nothing() -> None:
    claimed = Thread(ticket=9, joins=True, trust=Trust.CLAIMED, because="it refers to a mail of that conversation")
    decision = decide(some_findings(staff="Ana Ruiz", thread=claimed), some_rules())
    assert (decision.event, decision.ticket) == (None, None)
