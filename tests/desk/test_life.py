"""The life of tickets: merged, split, linked, estimated, given to another client, and all of it taken back."""

from datetime import timedelta
from typing import Any

import pytest

from maild.mail.message import Address, Mail
from maild.process.decision import Decision
from maild.process.ticket import Event, Outcome
from maild.store.engine import Store
from tests.desk.house_mails import BEA, a_staffed_desk, an_answer_of, says
from tests.desk.test_triage import text_of
from tests.support.desks import Desk, follow_up
from tests.support.making import ANA, EVA, NOON, a_mail

CARL = Address(address="carl@other.example", name="Carl")
LENA = "lena@acme.example"


@pytest.fixture
def desk(store: Store) -> Desk:
    """T-1 and T-2 of Bea, T-3 of Carl."""
    desk = a_staffed_desk(store)
    second = {"message_id": "<question-2@client.example>", "fingerprint": f"{2:064}", "subject": "VPN is down again"}
    desk.arrive(a_mail(**second, new_text="Still down."))
    third = {"message_id": "<question-3@other.example>", "fingerprint": f"{3:064}", "subject": "Printer"}
    desk.arrive(a_mail(**third, author=CARL, new_text="It does not print. My salary is 5."))
    return desk


def orders(desk: Desk, number: int, text: str, mail: int, **differences: Any) -> Decision:
    """Ana answers the assignment of this ticket."""
    now = differences.pop("now", NOON)
    return desk.arrive(an_answer_of(ANA, assignment(desk, number), text, mail, **differences), now=now)


def assignment(desk: Desk, number: int) -> Any:
    row = desk.rows(f"SELECT id FROM outbox WHERE ticket_id = {number} AND kind IN ('assignment') ORDER BY id")[0]  # noqa: S608
    return desk.sent(row.id)


def acknowledged(desk: Desk, number: int) -> Any:
    row = desk.rows(f"SELECT id FROM outbox WHERE once = 'acknowledgement of {number}'")[0]  # noqa: S608
    return desk.sent(row.id)


def from_client(
    desk: Desk, number: int, text: str, mail: int, author: Address | None = None, **differences: Any
) -> Decision:
    """The client of this ticket answers its acknowledgement."""
    fields: dict[str, Any] = {"message_id": f"<c{mail}@client.example>", "fingerprint": f"{mail:064}", **differences}
    if author:
        fields["author"] = author
    return desk.arrive(follow_up(acknowledged(desk, number), new_text=text, text=text, **fields))


def ticket(desk: Desk, number: int, *columns: str) -> tuple[Any, ...]:
    return tuple(desk.rows(f"SELECT {', '.join(columns)} FROM tickets WHERE id = {number}")[0])  # noqa: S608


def events(desk: Desk, number: int) -> list[str]:
    return [row.event for row in desk.rows(f"SELECT event FROM events WHERE ticket_id = {number} ORDER BY id")]  # noqa: S608


def links(desk: Desk) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in desk.rows("SELECT ticket_id, other_id, kind FROM links ORDER BY 1, 2, 3")]


def to_clients(desk: Desk) -> int:
    return len(desk.rows("SELECT 1 FROM outbox WHERE audience = 'client'"))


def clients(desk: Desk) -> list[tuple[Any, ...]]:
    rows = desk.rows("SELECT ticket_id, address FROM participants WHERE role = 'client' ORDER BY 1, 2")
    return [tuple(row) for row in rows]


def test_a_merged_ticket_is_closed_and_both_histories_say_so(desk: Desk) -> None:
    before = to_clients(desk)
    orders(desk, 2, "/merge T-1", 10)
    assert ticket(desk, 2, "status", "merged_into") == ("closed", 1)
    assert (events(desk, 2)[-1], events(desk, 1)[-1]) == ("merged", "took_in")
    assert links(desk) == [(1, 2, "merged"), (2, 1, "merged")]
    assert to_clients(desk) == before


def test_a_follow_up_of_a_merged_ticket_goes_to_the_target_and_says_whose_it_is(desk: Desk) -> None:
    orders(desk, 2, "/merge T-1", 10)
    decision = from_client(desk, 2, "It is back.", 11)
    assert (decision.outcome, decision.ticket) == (Outcome.FOLLOW_UP, 1)
    assert "Bea Kunde <bea@client.example> wrote to T-2, which goes on here" in decision.because
    assert ticket(desk, 2, "status") == ("closed",)
    assert desk.written()[-1] == ("follow_up", "ana@acme.example")


def test_an_answer_after_a_merge_goes_into_the_thread_that_the_client_wrote_in_last(desk: Desk) -> None:
    orders(desk, 2, "/merge T-1", 10)
    from_client(desk, 2, "It is back.", 11)
    orders(desk, 2, "Good to hear.", 12)
    answer = desk.newest("answer", BEA)
    assert answer["In-Reply-To"] == "<c11@client.example>"
    assert "[T-1]" in answer["Subject"]


def test_chains_of_merges_end_in_the_last_ticket(desk: Desk) -> None:
    fourth = {"message_id": "<question-4@client.example>", "fingerprint": f"{4:064}", "subject": "VPN a third time"}
    desk.arrive(a_mail(**fourth))
    orders(desk, 2, "/merge T-1", 10)
    orders(desk, 1, "/merge T-4", 11)
    assert from_client(desk, 2, "Hello?", 12).ticket == 4


def test_a_merge_into_a_merged_ticket_goes_to_where_that_goes_on(desk: Desk) -> None:
    fourth = {"message_id": "<question-4@client.example>", "fingerprint": f"{4:064}", "subject": "VPN a third time"}
    desk.arrive(a_mail(**fourth))
    orders(desk, 2, "/merge T-1", 10)
    orders(desk, 4, "/merge T-2", 11)
    assert ticket(desk, 4, "merged_into") == (1,)


def test_tickets_do_not_merge_in_a_circle(desk: Desk) -> None:
    orders(desk, 2, "/merge T-1", 10)
    decision = orders(desk, 1, "/merge T-2", 11)
    assert decision.event is Event.COMMAND_REFUSED
    assert "already goes on in this ticket" in decision.because


def test_tickets_of_different_clients_are_not_merged(desk: Desk) -> None:
    decision = orders(desk, 3, "/merge T-1", 10)
    assert decision.event is Event.COMMAND_REFUSED
    assert "/link T-1 connects them" in decision.because
    assert ticket(desk, 3, "status") == ("open",)


def test_a_client_who_may_read_the_other_ticket_is_merged_and_participants_stay_apart(desk: Desk) -> None:
    orders(desk, 1, "/cc add carl@other.example", 10)
    orders(desk, 3, "/merge T-1", 11)
    assert ticket(desk, 3, "merged_into") == (1,)
    from_client(desk, 3, "And my salary is now 6.", 12, CARL)
    written = desk.rows("SELECT new_text FROM outbox WHERE recipient = 'bea@client.example'")
    assert "salary" not in str([row.new_text for row in written])


def test_the_client_of_a_merged_ticket_is_told_what_the_tsm_writes(desk: Desk) -> None:
    orders(desk, 2, "/merge T-1\nWe go on under your first number.", 10)
    answer = desk.newest("answer", BEA)
    assert "[T-2]" in answer["Subject"]
    assert "We go on under your first number." in answer.as_string()
    assert ticket(desk, 2, "status") == ("closed",)


def test_who_has_the_target_is_told(desk: Desk) -> None:
    orders(desk, 1, "/assign Lena Lead", 10)
    orders(desk, 2, "/merge T-1", 11)
    assert desk.written()[-1] == ("took_in", LENA)


def test_who_had_a_ticket_is_told_that_somebody_else_has_it_and_nobody_of_what_they_did_themselves(desk: Desk) -> None:
    lena = next(person for person in desk.rules.team.people if person.addresses[0] == LENA)
    orders(desk, 1, "/assign Lena Lead", 10)
    assert "reassigned" not in desk.written_to(ANA.addresses[0])
    orders(desk, 1, "/take", 11)
    told = desk.newest("reassigned", LENA)
    assert told["In-Reply-To"] == desk.newest("assignment", LENA)["Message-ID"]
    assert "Ana Ruiz is responsible for this ticket now" in text_of(told)
    says(desk, lena, "reassigned", "/take", 12)
    assert desk.written_to(LENA)[-1] == "reassigned", "she has taken it back herself"
    desk.all_are("sent")
    says(desk, lena, "reassigned", "/undo", 13)
    assert desk.written_to(ANA.addresses[0])[-2:] == ["reassigned", "assignment"]
    says(desk, lena, "reassigned", "/close", 14)
    orders(desk, 1, "/take", 15)
    assert "reassigned" not in desk.written_to(LENA)[-1:]


def test_who_had_a_ticket_is_told_that_a_colleague_closed_it_or_gave_it_to_another_team(desk: Desk) -> None:
    lena = next(person for person in desk.rules.team.people if person.addresses[0] == LENA)
    ana, reassigned = ANA.addresses[0], "reassigned"
    done = ((2, "/merge T-1", "took_in"), (3, "/spam", reassigned), (1, "/handoff Finance", reassigned))
    for number, order, kind in done:
        orders(desk, number, "/assign Lena Lead", 10 * number)
        says(desk, lena, "assignment", "/assign Ana Ruiz", 10 * number + 1)
        before = desk.written_to(ana)
        says(desk, lena, "assignment", order, 10 * number + 2)
        assert desk.written_to(ana)[len(before) :] == [kind]
        if kind == reassigned:
            told = "This ticket is closed." if order == "/spam" else "Finance has this ticket now."
            assert told in text_of(desk.newest(reassigned, ana))
            says(desk, lena, "assignment", "/undo", 10 * number + 3)
            assert desk.written_to(ana)[len(before) :] == [reassigned], "she never heard of it"


def test_who_ordered_what_a_colleague_takes_back_is_told(desk: Desk) -> None:
    lena = next(person for person in desk.rules.team.people if person.addresses[0] == LENA)
    orders(desk, 1, "/assign Lena Lead", 10)
    says(desk, lena, "assignment", "/assign Ana Ruiz", 11)
    orders(desk, 1, "/urgency 1", 12)
    says(desk, lena, "assignment", "/undo", 13)
    assert "Lena Lead has undone the last command" in text_of(desk.newest("undone", ANA.addresses[0]))
    orders(desk, 1, "/close\n/note\nThey phoned.", 14)
    says(desk, lena, "assignment", "/undo", 15)
    assert desk.written()[-2:] == [("undone", LENA), ("assignment", ANA.addresses[0])], "it is hers to work on again"


def test_a_colleague_who_closes_with_words_or_tells_a_date_is_told_of_by_one_mail(desk: Desk) -> None:
    lena = next(person for person in desk.rules.team.people if person.addresses[0] == LENA)
    orders(desk, 1, "/assign Lena Lead", 10)
    says(desk, lena, "assignment", "/assign Ana Ruiz", 11)
    for number, (order, told) in enumerate(
        (("/eta tomorrow", "is expected to be done"), ("/close\nDone.", "which is closed"))
    ):
        before = desk.written_to(ANA.addresses[0])
        says(desk, lena, "assignment", order, 12 + number)
        assert desk.written_to(ANA.addresses[0])[len(before) :] == ["colleague_answered"]
        assert told in text_of(desk.newest("colleague_answered", ANA.addresses[0]))


def test_a_merge_is_undone_and_follow_ups_stay_where_they_belong(desk: Desk) -> None:
    orders(desk, 2, "/merge T-1", 10)
    orders(desk, 2, "/undo", 11)
    assert ticket(desk, 2, "status", "merged_into") == ("open", None)
    assert (links(desk), events(desk, 1)[-1]) == ([], "undone")
    assert from_client(desk, 2, "Hello?", 12).ticket == 2
    assert desk.pass_time(NOON + timedelta(days=30))


def test_a_client_gives_no_commands(desk: Desk) -> None:
    decision = from_client(desk, 2, "/merge T-3\n/undo", 10)
    assert (decision.outcome, decision.ticket) == (Outcome.FOLLOW_UP, 2)
    assert ticket(desk, 2, "status", "merged_into") == ("open", None)


def test_the_clients_last_mail_becomes_a_ticket_of_its_own(desk: Desk) -> None:
    from_client(desk, 1, "And the coffee machine reports error 42.", 10)
    orders(desk, 1, "/split", 11)
    assert ticket(desk, 4, "status", "client", "technical") == ("open", BEA, True)
    assert links(desk) == [(1, 4, "split"), (4, 1, "split")]
    acknowledgement = acknowledged(desk, 4)
    assert acknowledgement["In-Reply-To"] == "<c10@client.example>"
    assert "coffee machine" in assignment(desk, 4).as_string()
    assert desk.rows("SELECT ticket_id FROM mails WHERE message_id = '<c10@client.example>'")[0].ticket_id == 4
    orders(desk, 4, "/assign Lena", 12)
    assert "coffee machine reports error 42" in desk.newest("assignment", LENA).as_string()
    assert desk.pass_time(NOON + timedelta(days=3))


@pytest.mark.parametrize(
    ("subject", "text", "own"),
    [
        (
            "Re: [T-1] VPN is down",
            "Hello,\n\nthe coffee machine reports error 42. It beeps.",
            "the coffee machine reports error 42.",
        ),
        ("Coffee machine", "It reports error 42.", "Coffee machine"),
        ("AW: [T-1] Coffee machine", "It reports error 42.", "Coffee machine"),
        ("", "It reports error 42 and " + "beeps " * 40, "It reports error 42 and beeps"),
    ],
)
def test_a_split_ticket_is_called_after_its_own_mail(desk: Desk, subject: str, text: str, own: str) -> None:
    assert ticket(desk, 1, "subject") == ("VPN is down",)
    from_client(desk, 1, text, 10, subject=subject)
    orders(desk, 1, "/split", 11)
    (called,) = ticket(desk, 4, "subject")
    assert called.startswith(own)
    assert len(called) <= max(len(own), 80)


def test_an_answer_to_a_split_ticket_belongs_to_it(desk: Desk) -> None:
    from_client(desk, 1, "And the coffee machine reports error 42.", 10)
    orders(desk, 1, "/split", 11)
    assert from_client(desk, 4, "Now it is 43.", 12).ticket == 4
    assert from_client(desk, 1, "The VPN is still down.", 13).ticket == 1


def test_a_ticket_of_one_mail_is_not_split(desk: Desk) -> None:
    assert orders(desk, 1, "/split", 10).event is Event.COMMAND_REFUSED


def test_a_split_is_undone_by_merging(desk: Desk) -> None:
    from_client(desk, 1, "And the coffee machine reports error 42.", 10)
    orders(desk, 1, "/split", 11)
    assert "/merge" in orders(desk, 1, "/undo", 12).because
    orders(desk, 4, "/merge T-1", 13)
    assert ticket(desk, 4, "merged_into") == (1,)


def test_an_estimate_is_told_in_the_clients_language(desk: Desk) -> None:
    orders(desk, 1, "/eta 2026-11-25 15:00", 10)
    assert desk.written_to(BEA)[-1] == "estimate"
    assert "Wednesday 25 November, 14:00 (UTC)" in " ".join(desk.newest("estimate", BEA).as_string().split())


@pytest.mark.parametrize(
    ("date", "told"),
    [
        ("Mon, 23 Nov 2026 07:00:00 -0500", "Wednesday 25 November, 09:00 (UTC-05:00)"),
        ("Mon, 23 Nov 2026 12:00:00 +0000", "Wednesday 25 November, 14:00 (UTC)"),
        ("Mon, 23 Nov 2026 12:00:00 +9999", "Wednesday 25 November, 14:00 (UTC)"),
        ("yesterday", "Wednesday 25 November, 14:00 (UTC)"),
    ],
)
def test_an_estimate_is_told_in_the_clients_time(store: Store, date: str, told: str) -> None:
    desk = a_staffed_desk(store)
    elsewhere = {"message_id": "<question-2@client.example>", "fingerprint": f"{2:064}", "subject": "Printer"}
    desk.arrive(a_mail(**elsewhere, headers=(("date", date),)))
    orders(desk, 2, "/eta 2026-11-25 15:00", 10)
    assert told in " ".join(desk.newest("estimate", BEA).as_string().split())


def test_an_estimate_with_words_is_one_mail(desk: Desk) -> None:
    orders(desk, 1, "/eta 2026-11-25 15:00\nThe new router comes on Tuesday.", 10)
    assert desk.written_to(BEA)[-1] == "answer"
    assert "estimate" not in desk.written_to(BEA)


def test_another_client_gets_the_further_answers_and_the_old_one_nothing(desk: Desk) -> None:
    before = desk.written_to(BEA)
    orders(desk, 1, "/client dora@client.example\nWelcome.", 10)
    orders(desk, 1, "It is the router.", 11)
    assert desk.written_to("dora@client.example") == ["answer", "answer"]
    assert desk.newest("answer", "dora@client.example")["References"] is None
    assert desk.written_to(BEA) == before
    assert from_client(desk, 1, "What about me?", 12).ticket != 1


@pytest.mark.parametrize(
    ("command", "columns"),
    [
        ("/urgency 1\n/impact 1", ("urgency", "impact", "priority")),
        ("/category network\n/urgency 3", ("category", "urgency")),
        ("/spam", ("status",)),
        ("/assign Lena Lead", ("assignee",)),
        ("/client dora@client.example", ("client", "client_name")),
        ("/escalate", ("status", "escalation_level")),
        ("/link T-3", ("status",)),
        ("/cc add dora@client.example", ("status",)),
    ],
)
def test_the_last_command_is_taken_back(desk: Desk, command: str, columns: tuple[str, ...]) -> None:
    before = (ticket(desk, 1, *columns), links(desk), clients(desk))
    orders(desk, 1, command, 10)
    decision = orders(desk, 1, "/undo", 11)
    after = (ticket(desk, 1, *columns), links(desk), clients(desk))
    assert sorted(map(str, after)) == sorted(map(str, before)), decision.because


def test_labels_of_a_command_are_taken_back_with_it(desk: Desk) -> None:
    orders(desk, 1, "/urgency 1", 10)
    orders(desk, 1, "/undo", 11)
    assert desk.rows("SELECT 1 FROM labels") == []
    assert desk.written()[-1] == ("undone", "ana@acme.example")


def test_commands_are_taken_back_one_after_the_other(desk: Desk) -> None:
    orders(desk, 1, "/urgency 1", 10)
    orders(desk, 1, "/urgency 3", 11)
    orders(desk, 1, "/undo", 12)
    assert ticket(desk, 1, "urgency") == (1,)
    orders(desk, 1, "/undo", 13)
    assert ticket(desk, 1, "urgency") == (2,)
    assert orders(desk, 1, "/Undo", 14).event is Event.COMMAND_REFUSED


def test_what_went_to_colleagues_alone_is_taken_back_in_words_that_do_not_deny_it(desk: Desk) -> None:
    orders(desk, 1, "/escalate", 10)
    desk.all_are("sent")
    decision = orders(desk, 1, "/undo", 11)
    assert decision.event is not Event.COMMAND_REFUSED, decision.because
    said = " ".join(text_of(desk.last_to("ana@acme.example")).split())
    assert "nothing of it has gone to the client or another team" in said


def test_what_was_sent_to_a_client_is_not_taken_back(desk: Desk) -> None:
    orders(desk, 1, "/waiting\nWhich router?", 10)
    desk.all_are("sent")
    decision = orders(desk, 1, "/undo", 11)
    assert decision.event is Event.COMMAND_REFUSED
    assert f"answer to {BEA} has been sent out" in decision.because
    assert ticket(desk, 1, "status") == ("waiting",)


def test_what_waits_to_be_sent_is_dropped(desk: Desk) -> None:
    orders(desk, 1, "/waiting\nWhich router?", 10)
    orders(desk, 1, "/undo", 11)
    assert ticket(desk, 1, "status") == ("open",)
    assert [row.state for row in desk.rows("SELECT state FROM outbox WHERE kind = 'answer'")] == ["dropped"]


def test_what_happened_since_is_not_undone_along_the_way(desk: Desk) -> None:
    orders(desk, 1, "/spam", 10)
    from_client(desk, 1, "Why do you not answer?", 11)
    orders(desk, 1, "/urgency 1", 12)
    orders(desk, 1, "/undo", 13)
    orders(desk, 1, "/undo", 14)
    assert ticket(desk, 1, "status", "urgency") == ("open", 2)


def test_two_tsms_who_answer_at_once_are_both_relayed_and_the_responsible_one_is_told(desk: Desk) -> None:
    lena = next(person for person in desk.rules.team.people if person.addresses[0] == LENA)
    orders(desk, 1, "/assign Lena Lead", 10)
    desk.arrive_together(
        [
            an_answer_of(ANA, assignment(desk, 1), "Restart it.", 11),
            an_answer_of(lena, desk.newest("assignment", LENA), "Do not restart it.", 12),
        ]
    )
    assert desk.written_to(BEA)[-2:] == ["answer", "answer"]
    assert desk.written_to(LENA)[-1] == "colleague_answered"


def test_a_tsm_and_the_client_who_write_at_once_are_both_heard(desk: Desk) -> None:
    mine = an_answer_of(ANA, assignment(desk, 1), "/waiting\nWhich router?", 10)
    theirs: Mail = follow_up(acknowledged(desk, 1), new_text="It works again.", message_id="<c11@client.example>")
    desk.arrive_together([mine, theirs])
    assert ticket(desk, 1, "status") == ("open",)
    assert desk.written_to(BEA)[-1] == "answer"
    assert desk.written_to("ana@acme.example")[-1] == "follow_up"


def test_an_internal_answer_stays_internal_after_a_merge(desk: Desk) -> None:
    orders(desk, 2, "/escalate\nWhy?", 10)
    says(desk, EVA, "dossier", "Our fault.", 11)
    orders(desk, 2, "/merge T-1", 12)
    before = to_clients(desk)
    says(desk, ANA, "internal_words", "Tell nobody.", 13)
    says(desk, EVA, "dossier", "Nobody.", 14)
    assert to_clients(desk) == before


def test_who_took_part_in_the_merged_ticket_alone_is_not_quoted_to_the_others(desk: Desk) -> None:
    dora = Address(address="dora@client.example", name="Dora")
    orders(desk, 2, "/cc add dora@client.example", 10)
    orders(desk, 2, "/merge T-1", 11)
    token = desk.newest("acknowledgement", BEA)
    fields: dict[str, Any] = {"message_id": "<d12@client.example>", "fingerprint": f"{12:064}", "author": dora}
    words = "The director wants to cancel the contract."
    said = desk.arrive(follow_up(token, new_text=words, text=words, **fields))
    assert (said.ticket, "answers here do not reach them" in said.because) == (1, True)
    answer = f"Dear Bea,\n\n> {words}\n\nwe have a new router.\n"
    desk.arrive(an_answer_of(ANA, assignment(desk, 1), answer, 13))
    assert "director" not in str(desk.newest("answer", BEA).get_payload()[0])  # type: ignore[index]
    assert "dora@client.example" not in [to for kind, to in desk.written() if kind == "answer"]


def test_whom_somebody_of_the_merged_ticket_alone_puts_in_copy_hears_nothing_of_the_other(desk: Desk) -> None:
    orders(desk, 2, "/cc add dora@client.example", 10)
    orders(desk, 2, "/merge T-1", 11)
    fields: dict[str, Any] = {"message_id": "<d12@client.example>", "fingerprint": f"{12:064}"}
    proven = ("mx.acme.example; dmarc=pass header.from=client.example",)
    dora, eve = Address(address="dora@client.example"), Address(address="eve@elsewhere.example")
    said = desk.arrive(
        follow_up(desk.newest("acknowledgement", BEA), **fields, author=dora, cc=(eve,), authentication=proven)
    )
    assert (said.ticket, said.event) == (1, Event.CLIENT_REPLIED)
    assert (1, eve.address) not in clients(desk)
    offered = "".join(str(row.orders) for row in desk.rows("SELECT orders FROM offers"))
    assert f"/cc add {eve.address}" in offered


def test_who_is_asked_what_a_ticket_teaches_hears_by_that_mail_that_a_colleague_closed_it(desk: Desk) -> None:
    lena = next(person for person in desk.rules.team.people if person.addresses[0] == LENA)
    orders(desk, 1, "/assign Lena Lead", 10)
    says(desk, lena, "assignment", "/assign Ana Ruiz", 11)
    for mail in (12, 13):
        from_client(desk, 1, f"It fails for the {mail}th time.", mail)
    before = desk.written_to(ANA.addresses[0])
    says(desk, lena, "assignment", "/close\n/note\nThey phoned.", 14)
    assert desk.written_to(ANA.addresses[0])[len(before) :] == ["post_mortem"]
    assert "Lena Lead has closed your ticket." in text_of(desk.newest("post_mortem", ANA.addresses[0]))
