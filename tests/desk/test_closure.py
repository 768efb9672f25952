"""Closing: what a client's word does to a ticket that we say is solved, or that is closed; and whose word decides."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import Message

import pytest

from maild.classify.intent.intents import read_intents
from maild.classify.intent.reply_intent import TROUBLE, below_tap, intent_of
from maild.mail.message import Address, Mail
from maild.process.ticket import Event, Outcome, Role
from maild.process.trust import TrustMethod
from maild.shipped import folder
from maild.store.desk.closures import count_wrong_closures
from maild.store.engine import Store
from tests.support.closings import CLIENT, TEAM, TSM, events, reply, resolve, said, say_solved, status, tap, the_reply
from tests.support.desks import AUTOMATIC, TECHNICAL, UNSURE, Desk
from tests.support.making import NOON, a_mail, a_policy, some_rules

TABLE = read_intents(folder("models") / "reply_intent.json")
VOUCHED = TrustMethod(method="authserv_id", value="mx.acme.example")
COLLEAGUE = "carl@client.example"
LATER = NOON + timedelta(days=3)
TOO_LATE = NOON + timedelta(days=40)


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store, some_rules(team=TEAM, trust=VOUCHED, policy=a_policy()))


def order(desk: Desk, told: Message, words: str, *, number: int) -> None:
    """Their TSM answers with a command, and it is proven that they wrote it."""
    vouched = ("mx.acme.example; dmarc=pass header.from=acme.example",)
    fields = {"message_id": f"<order-{number}@acme.example>", "author": Address(address=TSM), "authentication": vouched}
    desk.arrive(the_reply(told, f"{words}\n", **fields), now=LATER)


def close(desk: Desk) -> None:
    resolve(desk)
    reply(desk, "Works, thank you!", "resolved")


def test_resolving_asks_the_client_with_taps_and_wants_their_absence_notes(desk: Desk) -> None:
    asked = resolve(desk)
    assert status(desk) == "resolved"
    assert asked["Auto-Submitted"] == "auto-generated"
    assert "OOF" not in str(asked["X-Auto-Response-Suppress"])
    assert str(asked["From"]).startswith('"Ana Ruiz via Acme Support"') or "Ana Ruiz via" in str(asked["From"])
    assert "renewed it" in str(asked)
    (offered,) = desk.rows("SELECT orders FROM offers WHERE person = 'bea@client.example'")
    assert list(json.loads(offered.orders).values()) == ["works", "fails"]


@pytest.mark.parametrize(("intent", "if_asked"), [("resolved", None), (None, "resolved"), ("thanks", "resolved")])
def test_yes_closes_with_thanks(desk: Desk, intent: str | None, if_asked: str | None) -> None:
    resolve(desk)
    reply(desk, "Yes.", intent, if_asked=if_asked)
    assert status(desk) == "closed"
    assert desk.written()[-1] == ("closure_thanks", CLIENT)
    assert desk.rows("SELECT id FROM deadlines WHERE settled_at IS NULL") == []


def test_a_role_whose_template_is_empty_is_told_nothing(desk: Desk) -> None:
    told = {**desk.rules.policy.told, Event.CLIENT_CONFIRMED: ((Role.CLIENT, ""),)}
    desk.rules = replace(desk.rules, policy=replace(desk.rules.policy, told=told))
    resolve(desk)
    reply(desk, "Works!", "resolved")
    assert (status(desk), "closure_thanks" in desk.written_to(CLIENT)) == ("closed", False)


PROVEN = "mx.acme.example; dkim=pass header.d=client.example"
UNSIGNED_TO = (("dkim-signature", "d=client.example; h=from:subject:date"), ("to", "support@acme.example"))


@pytest.mark.parametrize(
    ("fields", "after"),
    [
        ({"to": (Address(address="mallory@evil.example"),)}, "resolved"),
        (
            {"to": (Address(address="mallory@evil.example"),), "cc": (Address(address="support@acme.example"),)},
            "closed",
        ),
        ({"headers": UNSIGNED_TO}, "closed"),
        ({"headers": UNSIGNED_TO, "subject": "Re: Lunch"}, "resolved"),
        ({"headers": UNSIGNED_TO, "subject": "Fwd: [T-1] VPN is down"}, "resolved"),
    ],
)
def test_it_works_closes_nothing_where_it_may_have_been_said_to_somebody_else(
    desk: Desk, fields: dict[str, object], after: str
) -> None:
    asked = resolve(desk)
    thread = {"references": (str(asked["Message-ID"]),), "authentication": (PROVEN,)}
    desk.arrive(the_reply(asked, "It works, thanks!", **thread, **fields), said("resolved"))
    assert status(desk) == after
    if after != "closed":
        assert desk.written()[-1] == ("closure_unclear", TSM)
        assert "may be an old message to somebody else" in " ".join(str(desk.last_to(TSM)).split())


def test_a_tap_whose_subject_is_not_its_links_closes_nothing_where_to_is_not_signed(desk: Desk) -> None:
    works = tap(resolve(desk), "works")
    astray = replace(works, subject="Thanks", authentication=(PROVEN,), headers=UNSIGNED_TO)
    desk.arrive(astray, said("thanks"))
    assert (status(desk), desk.written()[-1]) == ("resolved", ("closure_unclear", TSM))
    own = replace(works, authentication=(PROVEN,), headers=UNSIGNED_TO, message_id="<own@client.example>")
    desk.arrive(replace(own, fingerprint="9" * 64), said("thanks"))
    assert status(desk) == "closed"


def test_it_works_closes_nothing_without_the_proof_that_earlier_mails_had_and_it_fails_is_heard(desk: Desk) -> None:
    """Whoever was in copy of an answer has seen its token, and anybody can write From."""
    works = tap(resolve(desk), "works")
    reply(desk, "It works, thanks!", "resolved", authentication=())
    desk.arrive(replace(works, authentication=()), said("thanks"))
    assert (status(desk), desk.written()[-1]) == ("resolved", ("closure_unclear", TSM))
    assert "does not vouch for this" in " ".join(str(desk.last_to(TSM)).split())
    reply(desk, "It fails.", "not_resolved", authentication=())
    assert status(desk) == "open"


def test_it_works_closes_once_under_whatever_message_id_it_is_sent_again(desk: Desk) -> None:
    proof: dict[str, object] = {"authentication": (PROVEN,), "headers": (*UNSIGNED_TO, ("message-id", ""))}
    works = the_reply(resolve(desk), "It works, thanks!", **proof)
    desk.arrive(works, said("resolved"))
    reply(desk, "It fails again.", "not_resolved")
    say_solved(desk, 2)
    # A blank at the end of a line, as most signatures allow: other octets, the same words.
    changed = replace(works, message_id="<other@client.example>", new_text=f"{works.new_text} ", fingerprint="9" * 64)
    again = desk.arrive(changed, said("resolved"))
    assert (again.outcome, status(desk)) == (Outcome.DUPLICATE, "resolved")


@pytest.mark.parametrize("intent", ["not_resolved", "partly"])
def test_no_reopens_with_its_clocks_and_tells_the_tsm_in_the_clients_words(desk: Desk, intent: str) -> None:
    resolve(desk)
    reply(desk, "It fails with error 809 still.", intent)
    assert status(desk) == "open"
    assert desk.written()[-1] == ("client_denied", TSM)
    assert "error 809 still" in str(desk.last_to(TSM))
    assert [row.kind for row in desk.rows("SELECT kind FROM deadlines WHERE settled_at IS NULL")] == ["next_update"]


@pytest.mark.parametrize("intent", ["question", "information"])
def test_a_question_goes_to_the_tsm(desk: Desk, intent: str) -> None:
    resolve(desk)
    reply(desk, "Which gateway was it?", intent)
    assert (status(desk), desk.written()[-1]) == ("open", ("follow_up", TSM))


def test_a_new_problem_is_a_ticket_of_its_own_and_both_say_so(desk: Desk) -> None:
    resolve(desk)
    reply(desk, "Another thing: the printer does not print.", "new_problem")
    assert (status(desk), status(desk, 2)) == ("resolved", "open")
    assert "branched_off" in events(desk)
    assert {(row.ticket_id, row.kind) for row in desk.rows("SELECT ticket_id, kind FROM links")} == {
        (1, "branched_off"),
        (2, "branched_off"),
    }
    assert desk.written_to(CLIENT)[-1] == "acknowledgement"
    assert "new problem" in desk.rows("SELECT because FROM events WHERE ticket_id = 2")[0].because
    assert desk.rows("SELECT subject FROM tickets WHERE id = 2")[0].subject == "VPN is down"


def test_an_absence_note_answers_nothing(desk: Desk) -> None:
    asked = resolve(desk)
    desk.arrive(the_reply(asked, "I am away."), AUTOMATIC)
    reply(desk, "I am away until Monday.", "automatic")
    assert status(desk) == "resolved"


def test_an_absence_note_long_after_the_end_opens_nothing(desk: Desk) -> None:
    close(desk)
    reply(desk, "I am away until Monday.", "automatic", now=TOO_LATE)
    assert (status(desk), len(desk.rows("SELECT id FROM tickets"))) == ("closed", 1)


@pytest.mark.parametrize(
    ("word", "after", "label"),
    [("solved", "closed", "resolved"), ("unsolved", "open", "not_resolved"), ("other", "resolved", "new_problem")],
)
def test_what_nobody_can_be_sure_of_a_tap_of_the_tsm_decides(desk: Desk, word: str, after: str, label: str) -> None:
    resolve(desk)
    reply(desk, "Hm, hard to say.", None)
    assert (status(desk), desk.written()[-1]) == ("open", ("closure_unclear", TSM))
    desk.arrive(tap(desk.last_to(TSM), word, author=TSM))
    assert status(desk) == after
    (given,) = desk.rows(
        "SELECT value, new_text FROM labels JOIN mails ON mails.id = mail_id WHERE question = 'reply_intent'"
    )
    assert (given.value, given.new_text) == (
        label,
        "Hm, hard to say.",
    )
    assert len(desk.rows("SELECT id FROM tickets")) == (2 if word == "other" else 1)


def say_other(desk: Desk) -> None:
    desk.arrive(tap(desk.newest("closure_unclear", TSM), "other", author=TSM))


def test_what_is_split_off_leaves_the_ticket_as_that_mail_found_it(desk: Desk) -> None:
    resolve(desk)
    reply(desk, "Hm, hard to say.", None)
    say_other(desk)
    assert [row.kind for row in desk.rows("SELECT kind FROM deadlines WHERE ticket_id = 1 AND settled_at IS NULL")] == [
        "client_reminder"
    ]
    reply(desk, "Works, thank you!", "resolved")
    written = desk.written_to(CLIENT)
    reply(desk, "Hm, hard to say again.", None, now=LATER)
    assert status(desk) == "open"
    say_other(desk)
    assert (status(desk), status(desk, 3)) == ("closed", "open")
    assert "closed_rightly" not in events(desk), "nobody has said that it was closed wrongly"
    assert desk.rows("SELECT id FROM deadlines WHERE ticket_id = 1 AND settled_at IS NULL") == []
    assert desk.written_to(CLIENT) == [*written, "acknowledgement"]


def test_what_somebody_has_worked_on_since_stays_open_when_a_mail_is_split_off(desk: Desk) -> None:
    resolve(desk)
    reply(desk, "Hm, hard to say.", None)
    unclear = desk.newest("closure_unclear", TSM)
    vouched = ("mx.acme.example; dmarc=pass header.from=acme.example",)
    desk.arrive(the_reply(unclear, "What do you mean?", author=Address(address=TSM), authentication=vouched))
    say_other(desk)
    assert (status(desk), status(desk, 2)) == ("open", "open")


@pytest.mark.parametrize("intent", ["resolved", "information", None])
def test_it_is_back_is_unsure_of_what_is_resolved_and_a_denial_of_what_is_closed(
    desk: Desk, intent: str | None
) -> None:
    resolve(desk)
    reply(desk, "It is back.", "resolved")
    assert (status(desk), desk.written()[-1][0]) == ("open", "closure_unclear")
    desk.arrive(tap(desk.last_to(TSM), "solved", author=TSM))
    reply(desk, "Sorry, it is back.", intent, now=LATER)
    assert (status(desk), events(desk)[-1]) == ("open", "closed_wrongly")


def test_it_is_back_takes_a_closed_ticket_up_whatever_else_is_not_understood(desk: Desk) -> None:
    """ "C'est revenu": the service, or the fault? Of what is closed nobody says the first."""
    resolve(desk)
    asked = desk.newest("verification", CLIENT)
    reply(desk, "It works.", "resolved")
    assert status(desk) == "closed"
    *others, last = said("resolved")
    desk.arrive(the_reply(asked, "C'est revenu."), (*others, replace(last, beside="C'est revenu")), now=LATER)
    assert (status(desk), events(desk)[-1]) == ("open", "closed_wrongly")


def test_a_fault_that_might_come_back_is_for_a_person_to_read_and_no_wrong_closure(desk: Desk) -> None:
    resolve(desk)
    asked = desk.newest("verification", CLIENT)
    reply(desk, "It works.", "resolved")
    words = "It works. I will tell you if it happens again."
    *others, last = said("resolved")
    desk.arrive(the_reply(asked, words), (*others, replace(last, beside="if it happens again")), now=LATER)
    assert (events(desk)[-1], "closed_wrongly" in events(desk)) == ("closure_unclear", False)


@pytest.mark.parametrize(
    ("intent", "kind"),
    [
        *((intent, "closure_unclear") for intent in (None, "resolved", "information")),
        *(("not_resolved", "client_denied"), ("question", "follow_up")),
    ],
)
def test_of_what_is_resolved_it_is_back_outweighs_only_what_does_not_say_so_too(
    desk: Desk, intent: str | None, kind: str
) -> None:
    resolve(desk)
    reply(desk, "Now it is back.", intent)
    assert desk.written()[-1] == (kind, TSM)


def test_a_bare_yes_answers_nothing_where_something_else_was_written_last(desk: Desk) -> None:
    resolve(desk)
    order(desk, desk.newest("assignment", TSM), "Have you got our letter, too?", number=1)
    reply(desk, "Yes", None, to=desk.newest("answer", CLIENT), if_asked="resolved", now=LATER)
    assert (status(desk), desk.written()[-1]) == ("open", ("closure_unclear", TSM))


def test_the_client_is_known_however_they_write_their_address(desk: Desk) -> None:
    desk.arrive(a_mail(author=Address(address="Bea@Client.example")))
    say_solved(desk)
    mail = the_reply(desk.mail_of("verification"), "Works!", author=Address(address="bea@client.EXAMPLE"))
    desk.arrive(mail, said("resolved"))
    assert status(desk) == "closed"


@pytest.mark.parametrize("intent", ["thanks", "resolved"])
@pytest.mark.parametrize("now", [LATER, TOO_LATE])
def test_a_later_thanks_reopens_nothing_and_is_not_answered(desk: Desk, intent: str, now: datetime) -> None:
    close(desk)
    written = desk.written()
    reply(desk, "Thanks again!", intent, now=now)
    assert (status(desk), events(desk)[-1], desk.written()) == ("closed", "client_thanked", written)


def test_what_comes_back_within_the_window_was_closed_wrongly_and_is_counted_once(desk: Desk) -> None:
    close(desk)
    reply(desk, "It fails again.", "not_resolved", now=LATER)
    reply(desk, "And it fails more and more.", "not_resolved", now=LATER)
    assert (status(desk), events(desk).count("closed_wrongly")) == ("open", 1)
    with desk.store.read() as connection:
        counted = count_wrong_closures(connection, since=NOON - timedelta(days=1))
    assert (counted.closings, counted.wrong, counted.rate) == (1, 1, 1.0)


def wrong(desk: Desk) -> int:
    with desk.store.read() as connection:
        return count_wrong_closures(connection, since=NOON - timedelta(days=1)).wrong


def test_what_was_misread_as_coming_back_counts_as_no_wrong_closing_until_it_really_comes_back(desk: Desk) -> None:
    close(desk)
    reply(desk, "It fails: the new printer, I mean.", "not_resolved", now=LATER)
    assert wrong(desk) == 1
    order(desk, desk.newest("client_denied", TSM), "/other", number=1)
    assert (status(desk), wrong(desk), events(desk).count("closed_rightly")) == ("closed", 0, 1)
    reply(desk, "It fails again.", "not_resolved", now=LATER + timedelta(days=1))
    assert (wrong(desk), events(desk).count("closed_wrongly")) == (1, 2)
    reply(desk, "Another thing: the printer.", "information", now=LATER + timedelta(days=2))
    order(desk, desk.newest("assignment", TSM), "/split", number=2)
    assert wrong(desk) == 1


def test_a_tsms_word_that_it_fails_counts_until_it_is_taken_back(desk: Desk) -> None:
    close(desk)
    reply(desk, "Hm, hard to say.", None, now=LATER)
    order(desk, desk.newest("closure_unclear", TSM), "/fails", number=1)
    assert wrong(desk) == 1
    order(desk, desk.newest("assignment", TSM), "/undo", number=2)
    assert (wrong(desk), events(desk).count("closed_rightly")) == (0, 1)


def test_what_comes_back_after_the_window_is_a_new_ticket(desk: Desk) -> None:
    close(desk)
    reply(desk, "It fails again.", "not_resolved", now=TOO_LATE)
    assert (status(desk), status(desk, 2)) == ("closed", "open")
    assert "closed_wrongly" not in events(desk)
    assert "closed on 2026-11-23" in desk.rows("SELECT because FROM events WHERE ticket_id = 2")[0].because


ELSE = (
    "Could somebody order four monitors, docking stations, headsets and keyboards? Trainees begin in January on the "
    "third floor; their badges, lockers and parking permits must be prepared likewise."
)


def test_something_else_in_a_closed_thread_is_a_new_ticket(desk: Desk) -> None:
    close(desk)
    reply(desk, ELSE, None, now=NOON + timedelta(days=5))
    assert (status(desk), status(desk, 2)) == ("closed", "open")
    assert "something else" in desk.rows("SELECT because FROM events WHERE ticket_id = 2")[0].because


@pytest.mark.parametrize("words", ["FYI", ""])
@pytest.mark.parametrize("theirs", ["Hello Bea, the problem is back since this morning.", ELSE])
def test_what_somebody_else_writes_in_an_attached_mail_is_not_taken_for_the_answer(
    desk: Desk, theirs: str, words: str
) -> None:
    close(desk)
    handed_on = f"From: Joe <joe@third.example>\nSubject: Re: server\n\n{theirs}"
    reply(desk, words, "information", handed_on=handed_on, now=NOON + timedelta(days=5))
    assert (len(desk.rows("SELECT id FROM tickets")), events(desk)[-1]) == (1, "client_replied")
    assert theirs.rpartition(" ")[2] in str(desk.newest("follow_up", TSM))


def test_a_mail_that_is_attached_below_a_tap_is_read_by_a_person(desk: Desk) -> None:
    asked = resolve(desk)
    handed_on = "From: Joe <joe@third.example>\nSubject: Re: server\n\n" + "The server fails. " * 9
    desk.arrive(replace(tap(asked, "works"), handed_on=handed_on))
    assert (status(desk), events(desk)[-1]) == ("open", "closure_unclear")


@pytest.mark.parametrize(
    ("words", "label"), [("It works, thanks. See attached.", "resolved"), ("Thanks, see attached.", "thanks")]
)
def test_a_mail_that_is_attached_to_words_that_close_is_read_by_a_person(desk: Desk, words: str, label: str) -> None:
    resolve(desk)
    handed_on = "From: Joe <joe@third.example>\nSubject: Re: server\n\nMine still fails."
    reply(desk, words, label, handed_on=handed_on)
    assert (status(desk), events(desk)[-1]) == ("open", "closure_unclear")
    assert "Mine still fails." in str(desk.newest("closure_unclear", TSM))


@pytest.mark.parametrize("question", ["reply_intent", "reply_intent_if_asked"])
def test_words_beside_it_that_nobody_has_understood_are_read_by_a_person_before_it_closes(
    desk: Desk, question: str
) -> None:
    asked = resolve(desk)
    *others, last = said("resolved") if question == "reply_intent" else said(None, if_asked="resolved")
    words = "It works. I see somebody else's data."
    desk.arrive(the_reply(asked, words), (*others, replace(last, beside="I see somebody else's data")))
    assert (status(desk), events(desk)[-1]) == ("open", "closure_unclear")
    because = desk.rows("SELECT because FROM events ORDER BY id")[-1].because
    assert "not understood beside it: “I see somebody else's data”" in because
    desk.arrive(tap(desk.last_to(TSM), "solved", author=TSM))
    assert status(desk) == "closed"


@pytest.mark.parametrize(("days", "tickets"), [(2, 1), (40, 2)])
def test_something_else_in_a_thread_that_is_in_work_is_a_new_ticket_only_after_long_rest(
    desk: Desk, days: int, tickets: int
) -> None:
    desk.arrive(a_mail())
    reply(desk, ELSE, "question", to=desk.mail_of("acknowledgement"), now=NOON + timedelta(days=days))
    assert len(desk.rows("SELECT id FROM tickets")) == tickets


def test_the_answer_that_we_wait_for_is_never_torn_away(desk: Desk) -> None:
    resolve(desk)
    reply(desk, "Which gateway was it?", "question")
    asking = the_reply(
        desk.newest("assignment", TSM),
        "/waiting\nWhat else is there to do?",
        author=Address(address=TSM),
        authentication=("mx.acme.example; dmarc=pass header.from=acme.example",),
    )
    desk.arrive(asking)
    assert status(desk) == "waiting"
    reply(desk, ELSE, None, to=desk.newest("answer", CLIENT), now=TOO_LATE)
    assert len(desk.rows("SELECT id FROM tickets")) == 1


def test_silence_is_reminded_then_closed_with_the_door_open(desk: Desk) -> None:
    resolve(desk)
    happened = [event for day in range(1, 40) for event in desk.pass_time(NOON + timedelta(days=day))]
    assert happened == ["client_reminded", "client_reminded", "closed_by_silence"]
    assert desk.written_to(CLIENT)[-3:] == ["client_reminder", "client_reminder", "closed_notice"]
    assert "works" in str(tap(desk.newest("client_reminder", CLIENT), "works").subject)
    assert status(desk) == "closed"


@pytest.mark.parametrize("intent", ["resolved", "not_resolved", "question", None])
def test_another_participant_is_heard_and_decides_nothing(desk: Desk, intent: str | None) -> None:
    resolve(desk, copied=COLLEAGUE)
    asked = desk.newest("verification", COLLEAGUE)
    assert (COLLEAGUE,) not in desk.rows("SELECT person FROM offers UNION SELECT person FROM actions")
    assert "A yes closes" not in str(asked)
    reply(desk, "Works for me!", intent, to=asked, author=Address(address=COLLEAGUE))
    assert (status(desk), desk.written()[-1]) == ("resolved", ("closure_unclear", TSM))
    assert f"{COLLEAGUE} takes part" in str(desk.last_to(TSM)).replace("=\n", "").replace("\n", " ")


def from_own_mail(desk: Desk, intent: str) -> None:
    """An answer to the client's own mail: it shows nothing that only they can know."""
    own: dict[str, object] = {
        "to": (Address(address="support@acme.example"),),
        "in_reply_to": ("<question-1@client.example>",),
    }
    own["authentication"] = ()
    answer = the_reply(desk.newest("verification", CLIENT), "As I said.", subject="Re: VPN is down", **own)
    desk.arrive(answer, said(intent), now=LATER)


def test_a_claimed_author_closes_nothing(desk: Desk) -> None:
    resolve(desk)
    from_own_mail(desk, "resolved")
    assert (status(desk), desk.written()[-1]) == ("resolved", ("closure_unclear", TSM))
    assert "nothing proves" in desk.rows("SELECT because FROM events ORDER BY id DESC")[0].because


def test_thanks_that_nothing_proves_open_nothing(desk: Desk) -> None:
    close(desk)
    from_own_mail(desk, "thanks")
    assert (status(desk), events(desk)[-1], len(desk.rows("SELECT id FROM tickets"))) == ("closed", "client_thanked", 1)


def test_a_claimed_author_reopens_nothing_and_gets_a_ticket_of_their_own(desk: Desk) -> None:
    close(desk)
    from_own_mail(desk, "not_resolved")
    assert (status(desk), status(desk, 2)) == ("closed", "open")
    assert "stays closed" in desk.rows("SELECT because FROM events WHERE ticket_id = 2")[0].because


def test_a_tap_works_once(desk: Desk) -> None:
    asked = resolve(desk)
    desk.arrive(tap(asked, "works"))
    assert (status(desk), desk.written()[-1][0]) == ("closed", "closure_thanks")
    desk.arrive(tap(asked, "fails", text="It fails again since noon"), now=LATER)
    say_solved(desk, 2)
    written = desk.written()
    desk.arrive(tap(asked, "works", text=" "), now=LATER)
    assert (status(desk), desk.written()) == ("resolved", written)


def test_what_follows_a_tap_stays_in_the_clients_thread(desk: Desk) -> None:
    desk.arrive(tap(resolve(desk), "fails"))
    say_solved(desk, 2)
    again = desk.newest("verification", CLIENT)
    desk.arrive(tap(again, "works"), now=LATER)
    thanks = desk.newest("closure_thanks", CLIENT)
    for mail in (again, thanks):
        assert str(mail["Subject"]) == "[T-1] Re: VPN is down"
        assert "<question-1@client.example>" in str(mail["References"])


def test_words_below_a_tap_that_was_used_before_are_read_as_words(desk: Desk) -> None:
    asked = resolve(desk)
    desk.arrive(tap(asked, "works"))
    desk.arrive(tap(asked, "works", text="It fails again since noon"), said("not_resolved"), now=LATER)
    assert (status(desk), events(desk)[-1]) == ("open", "closed_wrongly")


def test_a_tap_about_what_is_in_work_again_is_told_to_the_tsm(desk: Desk) -> None:
    asked = resolve(desk)
    reply(desk, "It fails with error 809 still.", "not_resolved")
    desk.arrive(tap(asked, "works"))
    assert (status(desk), desk.written()[-1]) == ("open", ("follow_up", TSM))
    assert "one tap says that it works" in str(desk.last_to(TSM))


@pytest.mark.parametrize("text", ["", "Sent from my phone"])
def test_a_tap_that_says_too_late_that_it_fails_is_a_new_ticket_about_the_same(desk: Desk, text: str) -> None:
    asked = resolve(desk)
    reply(desk, "Works, thank you!", "resolved")
    desk.arrive(tap(asked, "fails", text=text), UNSURE, now=TOO_LATE)
    desk.arrive(tap(asked, "fails", text=" "), UNSURE, now=TOO_LATE)
    assert (status(desk), status(desk, 2)) == ("closed", "open")
    (opened,) = desk.rows("SELECT subject, category, technical, client FROM tickets WHERE id = 2")
    (before,) = desk.rows("SELECT subject, category, technical, client FROM tickets WHERE id = 1")
    assert tuple(opened) == tuple(before)
    assert "closed on 2026-11-23" in desk.rows("SELECT because FROM events WHERE ticket_id = 2")[0].because
    assert {row.kind for row in desk.rows("SELECT kind FROM links")} == {"branched_off"}
    assert (desk.written_to(CLIENT)[-1], "closed_wrongly" in events(desk)) == ("acknowledgement", False)
    assert len(desk.rows("SELECT id FROM tickets")) == 2


@pytest.mark.parametrize("author", [COLLEAGUE, "mallory@evil.example"])
def test_a_tap_of_somebody_else_opens_nothing_either_however_late(desk: Desk, author: str) -> None:
    asked = resolve(desk, copied=COLLEAGUE)
    reply(desk, "Works, thank you!", "resolved")
    desk.arrive(tap(asked, "fails", author=author), UNSURE, now=TOO_LATE)
    assert (status(desk), len(desk.rows("SELECT id FROM tickets"))) == ("closed", 1)


def test_a_tap_about_what_nobody_had_decided_leaves_it_to_be_decided(desk: Desk) -> None:
    desk.arrive(a_mail(), UNSURE)
    say_solved(desk)
    asked = desk.newest("verification", CLIENT)
    reply(desk, "Works, thank you!", "resolved")
    (before,) = desk.rows("SELECT technical FROM tickets")
    desk.arrive(tap(asked, "fails"), UNSURE, now=TOO_LATE)
    assert (before.technical, status(desk, 2)) == (None, "new")


def test_a_strangers_tap_about_what_is_in_work_again_says_nothing(desk: Desk) -> None:
    asked = resolve(desk)
    reply(desk, "It fails with error 809 still.", "not_resolved")
    written = desk.written()
    desk.arrive(tap(asked, "works", author="mallory@evil.example"))
    assert (status(desk), desk.written()) == ("open", written)


def with_words_for(tapped: Mail, other: str) -> Mail:
    """The mail as somebody writes it who is proven, and who names somebody beside the desk."""
    domain = tapped.author.domain if tapped.author else ""
    vouched = (f"mx.acme.example; dmarc=pass header.from={domain}",)
    return replace(tapped, cc=(Address(address=other),), authentication=vouched)


@pytest.mark.parametrize("used", [False, True])
def test_a_stranger_who_writes_below_a_tap_that_was_handed_on_neither_joins_nor_brings_others_along(
    desk: Desk, used: bool
) -> None:
    asked = resolve(desk)
    desk.arrive(tap(asked, "fails")) if used else reply(desk, "It fails with error 809 still.", "not_resolved")
    stranger = tap(asked, "fails", author="mallory@evil.example", text="What is the state of it?")
    desk.arrive(with_words_for(stranger, "eve@evil.example"), said("question"))
    assert (status(desk), "client_replied" in events(desk), events(desk)[-1]) == ("open", False, "stranger_linked")
    taking_part = desk.rows("SELECT address FROM participants WHERE ticket_id = 1 AND role = 'client'")
    assert [row.address for row in taking_part] == [CLIENT]


def test_who_takes_part_joins_with_words_below_a_tap_that_was_handed_on(desk: Desk) -> None:
    asked = resolve(desk, copied=COLLEAGUE)
    reply(desk, "It fails with error 809 still.", "not_resolved")
    desk.arrive(tap(asked, "fails", author=COLLEAGUE, text="Here, too."), said("information"))
    assert (events(desk)[-1], desk.written()[-1]) == ("client_replied", ("follow_up", TSM))


def test_a_tap_in_time_that_it_fails_begins_the_ticket_again(desk: Desk) -> None:
    asked = resolve(desk)
    reply(desk, "Works, thank you!", "resolved")
    desk.arrive(tap(asked, "fails"), UNSURE, now=LATER)
    assert (status(desk), len(desk.rows("SELECT id FROM tickets"))) == ("open", 1)


def test_thanks_alone_leave_the_question_open_and_trouble_nobody(desk: Desk) -> None:
    resolve(desk)
    written = desk.written()
    reply(desk, "Thank you so much!", "thanks")
    assert (status(desk), desk.written(), events(desk)[-1]) == ("resolved", written, "client_thanked")


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("Why did it happen at all?", "open"),
        ("Sent from my phone", "closed"),
        ("Many thanks for your help, it works perfectly now and I can print again. Have a nice weekend!", "closed"),
        ("My photos went with it.", "open"),
        ("It fails on my laptop still.", "open"),
        ("Partly, the laptop excepted.", "open"),
        ("The printer is dead, too.", "open"),
        ("It works, thanks!\n\nBest,\nJo", "closed"),
        ("Thank you!", "closed"),
    ],
)
def test_a_tap_with_more_to_say_is_read_by_a_person(desk: Desk, text: str, after: str) -> None:
    asked = resolve(desk)
    mail = tap(asked, "works", text=text)
    read = intent_of(mail, TABLE)
    desk.arrive(mail, (*TECHNICAL, *([read] if read.label in TROUBLE else []), below_tap(read)))
    assert status(desk) == after
    assert (("closure_unclear", TSM) in desk.written()) == (after == "open")


@pytest.mark.parametrize("author", [COLLEAGUE, "mallory@evil.example"])
def test_a_tap_of_somebody_else_decides_nothing(desk: Desk, author: str) -> None:
    asked = resolve(desk, copied=COLLEAGUE)
    desk.arrive(tap(asked, "works", author=author))
    assert (status(desk), desk.written()[-1]) == ("resolved", ("closure_unclear", TSM))
    desk.arrive(tap(asked, "works"))
    assert status(desk) == "closed"


def test_a_stranger_with_the_number_gets_a_ticket_of_their_own(desk: Desk) -> None:
    resolve(desk)
    forged = the_reply(
        desk.newest("verification", CLIENT), "Yes, it works.", author=Address(address="eve@evil.example")
    )
    desk.arrive(replace(forged, to=(Address(address="support@acme.example"),), in_reply_to=()), said("resolved"))
    assert (status(desk), status(desk, 2)) == ("resolved", "open")


def test_what_the_house_says_or_quotes_closes_nothing(desk: Desk) -> None:
    resolve(desk)
    quoted = "Bea wrote: yes, it works!\n\n> Yes, it works, thanks"
    answer = the_reply(
        desk.newest("assignment", TSM),
        quoted,
        author=Address(address=TSM),
        authentication=("mx.acme.example; dmarc=pass header.from=acme.example",),
    )
    desk.arrive(answer, said("resolved"))
    assert (status(desk), desk.written()[-1]) == ("resolved", ("answer", CLIENT))
