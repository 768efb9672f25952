"""Engineering is consulted in a thread that never reaches the client, and one level after the other is asked."""

from dataclasses import replace
from datetime import timedelta
from email.message import Message
from typing import Any

import pytest

from maild.mail.contents import File
from maild.mail.enclosing import Enclosed
from maild.mail.message import Address, Attachment
from maild.process.calendar import Span
from maild.process.people.escalation import Escalation, Level
from maild.process.ticket import Event, Outcome
from maild.process.trust import TrustMethod
from maild.store.engine import Store
from tests.desk.house_mails import BEA, OLAF, a_staffed_desk, an_answer_of, last_of, says
from tests.support.desks import UNSURE, Desk, follow_up, reply_to
from tests.support.making import ANA, EVA, NOON, a_mail, a_policy, verdicts

QUESTION = "/escalate\nDoes the gateway drop idle tunnels?"
LEVELS = Escalation(
    levels=(
        Level(who=("engineer",), within=Span(clock=timedelta(hours=2))),
        Level(who=("lead",), within=Span(clock=timedelta(hours=1))),
    )
)


@pytest.fixture
def desk(store: Store) -> Desk:
    return a_staffed_desk(store, policy=a_policy(escalation=LEVELS))


@pytest.fixture
def escalated(desk: Desk) -> Desk:
    says(desk, ANA, "assignment", QUESTION, 1)
    return desk


def ticket(desk: Desk, *columns: str) -> tuple[Any, ...]:
    return tuple(desk.rows(f"SELECT {', '.join(columns)} FROM tickets WHERE id = 1")[0])  # noqa: S608 - names of columns


def events(desk: Desk) -> list[str]:
    return [row.event for row in desk.rows("SELECT event FROM events WHERE ticket_id = 1 ORDER BY id")]


def text_of(message: Message) -> str:
    part = message.get_payload()[0] if message.is_multipart() else message  # type: ignore[index]
    return " ".join(part.get_payload(decode=True).decode().split())  # type: ignore[union-attr]


def internal_words(desk: Desk) -> str:
    return " ".join(row.new_text for row in desk.rows("SELECT new_text FROM outbox WHERE audience = 'client'"))


def test_engineering_gets_a_dossier_with_the_question(escalated: Desk) -> None:
    assert ticket(escalated, "status", "escalation_level") == ("escalated", 1)
    assert escalated.written()[-2:] == [("dossier", "eva@acme.example"), ("dossier", "olaf@acme.example")]
    dossier = text_of(escalated.newest("dossier", "eva@acme.example"))
    assert "Ana Ruiz needs your help" in dossier
    assert "The question: Does the gateway drop idle tunnels?" in dossier
    assert "The VPN does not connect." in dossier
    assert "opened" in dossier


def test_the_question_never_reaches_the_client(escalated: Desk) -> None:
    assert escalated.written_to(BEA) == ["acknowledgement"]


def test_one_engineer_is_asked_by_name(desk: Desk) -> None:
    says(desk, ANA, "assignment", "/escalate olaf\nWhy?", 1)
    assert [to for kind, to in desk.written() if kind == "dossier"] == ["olaf@acme.example"]


def test_the_dossier_tells_what_was_tried(desk: Desk) -> None:
    says(desk, ANA, "assignment", "Please restart the router.", 1)
    says(desk, ANA, "assignment", "/note\nThey have the old firmware.", 2)
    says(desk, ANA, "assignment", "/escalate", 3)
    dossier = text_of(desk.newest("dossier", "eva@acme.example"))
    assert "Please restart the router." in dossier
    assert "(internal): > They have the old firmware." in dossier


def test_the_dossier_tells_nothing_that_was_refused_or_was_but_an_order(store: Store) -> None:
    desk = a_staffed_desk(store, policy=a_policy(escalation=LEVELS))
    desk.arrive(a_mail(author=Address(address="carl@x.example"), message_id="<c@x>", fingerprint="c" * 64), UNSURE)
    says(desk, ANA, "assignment", "network", 1)
    says(desk, ANA, "assignment", "/resolv\nWe have renewed it.", 2)
    says(desk, ANA, "assignment", "/category network\nPlease wait a moment.", 3)
    says(desk, ANA, "assignment", "/escalate", 4)
    dossier = text_of(desk.newest("dossier", "eva@acme.example"))
    written = dossier.partition("What was written and tried:")[2].partition("What has happened:")[0]
    assert "Please wait a moment." in written
    assert [word for word in ("renewed", "> network") if word in written] == []


def test_a_report_to_the_client_and_an_escalation_go_together(desk: Desk) -> None:
    says(desk, ANA, "assignment", "/escalate\n/update\nWe have asked our engineers.", 1)
    assert desk.written_to(BEA) == ["acknowledgement", "answer"]
    assert "We have asked" not in text_of(desk.newest("dossier", "eva@acme.example"))


def test_an_engineers_answer_reaches_the_tsm_and_the_other_engineers(escalated: Desk) -> None:
    decision = says(escalated, EVA, "dossier", "Yes, after 30 minutes.", 2)
    assert decision.outcome is Outcome.COMMAND
    assert sorted(escalated.written()[-2:]) == [
        ("internal_words", "ana@acme.example"),
        ("internal_words", "olaf@acme.example"),
    ]
    assert "Yes, after 30 minutes." in text_of(escalated.newest("internal_words", "ana@acme.example"))
    assert "Yes, after" not in internal_words(escalated)


def test_a_tsms_answer_to_an_engineer_stays_in_the_house(escalated: Desk) -> None:
    says(escalated, EVA, "dossier", "Which version?", 2)
    says(escalated, ANA, "internal_words", "It is 4.2, and they have not paid.", 3)
    assert events(escalated)[-1] == "consulted"
    assert escalated.written_to(BEA) == ["acknowledgement"]
    assert escalated.written()[-2:] == [("internal_words", "eva@acme.example"), ("internal_words", "olaf@acme.example")]


def test_the_internal_thread_is_a_thread_of_its_own(escalated: Desk) -> None:
    says(escalated, EVA, "dossier", "Which version?", 2)
    inner = escalated.newest("internal_words", "ana@acme.example")
    assert inner["In-Reply-To"] is None
    assert inner["From"] == "Eva Engineer via Acme Support <support@acme.example>"
    says(escalated, EVA, "dossier", "And which firmware?", 3)
    assert escalated.newest("internal_words", "ana@acme.example")["In-Reply-To"] == inner["Message-ID"]


@pytest.mark.parametrize("command", ["/resolve", "/update", "/waiting"])
def test_words_for_the_client_are_refused_in_the_internal_thread(escalated: Desk, command: str) -> None:
    says(escalated, EVA, "dossier", "It is the firmware, and our fault.", 2)
    decision = says(escalated, ANA, "internal_words", f"{command}\nIt was the firmware.", 3)
    assert decision.event is Event.COMMAND_REFUSED
    assert escalated.written_to(BEA) == ["acknowledgement"]


def test_communication_with_the_client_goes_on_meanwhile(escalated: Desk) -> None:
    says(escalated, ANA, "assignment", "We are looking into it.", 2)
    escalated.arrive(follow_up(escalated.newest("answer", BEA), new_text="Thank you."))
    assert ticket(escalated, "status") == ("escalated",)
    assert escalated.written_to(BEA) == ["acknowledgement", "answer"]
    assert escalated.written_to("ana@acme.example")[-1] == "follow_up"


@pytest.mark.parametrize("field", ["to", "cc"])
def test_an_engineer_who_copies_the_client_is_seen_and_never_relayed(escalated: Desk, field: str) -> None:
    dossier = last_of(escalated, "dossier", EVA)
    there = {"to": reply_to(dossier), field: (*(reply_to(dossier) if field == "to" else ()), Address(address=BEA))}
    escalated.arrive(an_answer_of(EVA, dossier, "Your firewall is broken by us.", 2, **there))
    assert events(escalated)[-2:] == ["engineering_answered", "client_in_copy"]
    assert escalated.written_to(BEA) == ["acknowledgement"]
    told = {to for kind, to in escalated.written() if kind == "client_in_copy"}
    assert told == {"eva@acme.example", "ana@acme.example", "lena@acme.example"}
    assert BEA in text_of(escalated.newest("client_in_copy", "lena@acme.example"))


def test_a_tsm_who_copies_the_client_into_the_internal_thread_is_seen_too(escalated: Desk) -> None:
    says(escalated, EVA, "dossier", "Which version?", 2)
    to = (*reply_to(last_of(escalated, "internal_words", ANA)), Address(address=BEA))
    says(escalated, ANA, "internal_words", "It is 4.2.", 3, to=to)
    assert events(escalated)[-2:] == ["consulted", "client_in_copy"]
    assert escalated.written_to(BEA) == ["acknowledgement"]


def test_a_client_who_answers_the_copied_mail_is_heard_as_a_client(escalated: Desk) -> None:
    dossier = last_of(escalated, "dossier", EVA)
    decision = escalated.arrive(follow_up(dossier, new_text="/resolve\nAll fine, close it."))
    assert decision.outcome is Outcome.FOLLOW_UP
    assert ticket(escalated, "status") == ("escalated",)
    assert "lena@acme.example" not in [to for _, to in escalated.written()[-1:]]


def test_a_forged_engineer_is_held_and_the_real_one_is_asked(escalated: Desk) -> None:
    decision = says(escalated, EVA, "dossier", "Send them the password.", 2, authentication=())
    assert decision.outcome is Outcome.HELD
    assert escalated.written()[-1] == ("confirm", "eva@acme.example")
    assert "internal_words" not in [kind for kind, _ in escalated.written()]


def test_an_engineer_gives_no_commands_of_a_tsm(escalated: Desk) -> None:
    assert says(escalated, EVA, "dossier", "/close\nDone.", 2).event is Event.COMMAND_REFUSED
    assert ticket(escalated, "status") == ("escalated",)


def test_where_nothing_vouches_an_engineers_answer_goes_through(store: Store) -> None:
    desk = a_staffed_desk(store, trust=TrustMethod())
    says(desk, ANA, "assignment", "/escalate", 1)
    assert [kind for kind, _ in desk.written()][-1] == "confirm"


def test_the_next_level_is_asked_until_somebody_answers(escalated: Desk) -> None:
    assert escalated.pass_time(NOON + timedelta(hours=2)) == [Event.ESCALATION_RAISED]
    assert escalated.written()[-2:] == [("dossier", "lena@acme.example"), ("escalation_raised", "ana@acme.example")]
    assert ticket(escalated, "escalation_level") == (2,)
    later = NOON + timedelta(hours=2, minutes=30)
    says(escalated, EVA, "dossier", "Sorry, I was away. Yes.", 2, now=later)
    assert escalated.pass_time(NOON + timedelta(hours=3)) == []


def test_a_new_question_starts_the_time_to_answer_anew(escalated: Desk) -> None:
    says(escalated, EVA, "dossier", "Which version?", 2, now=NOON + timedelta(hours=1))
    says(escalated, ANA, "internal_words", "It is 4.2.", 3, now=NOON + timedelta(minutes=90))
    assert escalated.pass_time(NOON + timedelta(hours=3)) == []
    assert escalated.pass_time(NOON + timedelta(hours=3, minutes=30)) == [Event.ESCALATION_RAISED]


def test_deescalation_ends_it_and_tells_engineering(escalated: Desk) -> None:
    says(escalated, ANA, "assignment", "/deescalate", 2)
    assert ticket(escalated, "status", "escalation_level") == ("open", None)
    assert escalated.written()[-2:] == [("deescalated", "eva@acme.example"), ("deescalated", "olaf@acme.example")]
    assert Event.ESCALATION_RAISED not in escalated.pass_time(NOON + timedelta(hours=4))


def test_a_resolved_ticket_asks_nobody_any_more(escalated: Desk) -> None:
    says(escalated, ANA, "assignment", "/resolve\nNew firmware.", 2)
    assert ticket(escalated, "status", "escalation_level") == ("resolved", None)
    assert Event.ESCALATION_RAISED not in escalated.pass_time(NOON + timedelta(days=1))


def test_an_engineer_who_left_the_house_is_told_nothing_more(escalated: Desk) -> None:
    team = escalated.rules.team
    people = tuple(person for person in team.people if person != OLAF)
    left = a_policy(escalation=LEVELS)
    escalated.rules = type(escalated.rules)(
        **{
            **{name: getattr(escalated.rules, name) for name in escalated.rules.__slots__},
            "policy": left,
            "team": type(team)(people=people, others=team.others),
        }
    )
    says(escalated, EVA, "dossier", "Which version?", 2)
    assert [to for kind, to in escalated.written() if kind == "internal_words"] == ["ana@acme.example"]


def test_an_update_that_is_overdue_for_long_escalates_by_itself(store: Store) -> None:
    levels = Escalation(levels=LEVELS.levels, overdue_for=Span(clock=timedelta(hours=4)))
    desk = a_staffed_desk(store, policy=a_policy(escalation=levels, remind_before=0.0))
    assert desk.pass_time(NOON + timedelta(days=1)) == [Event.UPDATE_OVERDUE]
    assert ticket(desk, "status") == ("open",)
    desk.pass_time(NOON + timedelta(days=2))
    assert ticket(desk, "status", "escalation_level") == ("escalated", 1)
    assert ("dossier", "eva@acme.example") in desk.written()
    assert ("escalation_raised", "ana@acme.example") in desk.written()


@pytest.mark.parametrize(
    ("category", "asked"),
    [("billing", {"lena@acme.example"}), (None, {"eva@acme.example", "olaf@acme.example"})],
)
def test_what_is_not_technical_is_the_leads_and_not_engineerings_where_it_is_overdue(
    store: Store, category: str | None, asked: set[str]
) -> None:
    levels = Escalation(levels=LEVELS.levels, overdue_for=Span(clock=timedelta(hours=4)))
    desk = a_staffed_desk(store, policy=a_policy(escalation=levels, remind_before=0.0))
    said = tuple(verdicts(kind="person", technical=None, category=category, urgency="2", impact="3").values())
    desk.arrive(a_mail(author=Address(address="carl@x.example"), message_id="<c@x>", fingerprint="c" * 64), said)
    for day in (1, 2, 3):
        desk.pass_time(NOON + timedelta(days=day))
    dossiers = [
        str(row.recipient) for row in desk.rows("SELECT recipient FROM outbox WHERE ticket_id = 2 AND kind = 'dossier'")
    ]
    assert dossiers
    assert set(dossiers) == asked


LOG = Attachment(name="vpn.log", media_type="text/plain", size=12, digest="a" * 64)


def originals_of(message: Message) -> list[tuple[str | None, object]]:
    parts = [part for part in message.walk() if part.get_content_disposition() == "attachment"]
    return [(part.get_filename(), part.get_payload(0).as_string().strip()) for part in parts]  # type: ignore[union-attr]


def test_engineering_gets_the_clients_files_in_the_mails_in_which_they_came(desk: Desk) -> None:
    told = desk.newest("acknowledgement", BEA)
    desk.arrive(follow_up(told, digest="l" * 64, attachments=(LOG,)))
    says(desk, ANA, "assignment", "/escalate", 1)
    dossier = desk.newest("dossier", "eva@acme.example")
    assert "- vpn.log They are attached, each inside the client" in text_of(dossier.get_payload()[0])  # type: ignore[arg-type, index]
    assert originals_of(dossier) == [("original.eml", f"source {'l' * 64}")]


def test_files_that_the_mail_server_would_refuse_stay_with_the_ticket(desk: Desk) -> None:
    desk.rules = replace(desk.rules, relay_bytes=len(f"source {'l' * 64}") - 1)
    told = desk.newest("acknowledgement", BEA)
    desk.arrive(follow_up(told, digest="l" * 64, attachments=(LOG,)))
    says(desk, ANA, "assignment", "/escalate", 1)
    assert originals_of(desk.newest("dossier", "eva@acme.example")) == []


@pytest.mark.parametrize(
    ("order", "kind", "reader"),
    [("/escalate", "dossier", "eva@acme.example"), ("/assign Lena", "assignment", "lena@acme.example")],
)
def test_a_mail_that_the_scanner_could_not_check_goes_along_with_nothing_that_would_bounce(
    desk: Desk, order: str, kind: str, reader: str
) -> None:
    told = desk.newest("acknowledgement", BEA)
    desk.enclosed = Enclosed(files=(File(attachment=LOG, content=b"unseen"),), unscanned=(LOG,))
    desk.arrive(follow_up(told, digest="l" * 64, attachments=(LOG,)))
    desk.enclosed = Enclosed()
    says(desk, ANA, "assignment", order, 1)
    written = desk.newest(kind, reader)
    assert originals_of(written) == []
    assert "vpn.log, not passed on: the virus scanner could not check it; it is kept with the ticket" in text_of(
        written
    )


def test_whoever_takes_a_ticket_over_reads_what_was_written_since_it_began(desk: Desk) -> None:
    says(desk, ANA, "assignment", "Please restart the router.", 1)
    told = desk.newest("answer", BEA)
    desk.arrive(follow_up(told, new_text="That did not help.", digest="l" * 64, attachments=(LOG,)))
    says(desk, ANA, "assignment", "/assign Lena\n/note\nThey are on the old firmware.", 2)
    assignment = desk.newest("assignment", "lena@acme.example")
    read = text_of(assignment.get_payload()[0])  # type: ignore[arg-type, index]
    assert read.count("The VPN does not connect.") == 1
    since = read.partition("What has been written since:")[2]
    words = ("Please restart the router.", "That did not help.", "(internal): > They are on the old firmware.")
    assert [word for word in words if word not in since] == []
    assert originals_of(assignment) == [("original.eml", f"source {'l' * 64}")]


def test_what_came_after_a_first_mail_without_words_is_read_too_by_whoever_takes_the_ticket_over(store: Store) -> None:
    desk = a_staffed_desk(store, policy=a_policy(escalation=LEVELS), first=a_mail(new_text="", attachments=(LOG,)))
    told = desk.newest("acknowledgement", BEA)
    desk.arrive(follow_up(told, new_text="It says error 809.", digest="l" * 64))
    says(desk, ANA, "assignment", "/assign Lena", 1)
    read = text_of(desk.newest("assignment", "lena@acme.example").get_payload()[0])  # type: ignore[arg-type, index]
    assert "It says error 809." in read
