"""The desk applies mails, deadlines and deliveries to tickets, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from maild.desk.delivering import note_delivery
from maild.mail.message import Address, Attachment, BounceReport, Facts, Mail
from maild.process.policy import ReplyLimits
from maild.process.ticket import Event, Outcome
from maild.process.token import address_part
from maild.process.trust import TrustMethod
from maild.store.engine import Connection, Store
from tests.support.desks import AUTOMATIC, BOUNCE, INVOICE, TECHNICAL, UNSURE, Desk, follow_up, reply_to
from tests.support.making import NOON, a_mail, a_policy, some_rules, verdicts


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store, some_rules())


def test_a_technical_mail_is_acknowledged_and_the_lead_is_told(desk: Desk) -> None:
    decision = desk.arrive(a_mail())
    assert decision.outcome is Outcome.TICKET
    assert desk.written() == [("acknowledgement", "bea@client.example"), ("assignment", "lena@acme.example")]
    ticket = desk.rows("SELECT status, category, urgency, impact, priority, assignee FROM tickets")[0]
    assert tuple(ticket) == ("open", "network", 2, 2, 3, "Lena Lead")


def test_the_acknowledgement_stands_in_the_clients_own_thread(desk: Desk) -> None:
    desk.arrive(a_mail(references=("<older@client.example>",)))
    message = desk.mail_of("acknowledgement")
    assert message["In-Reply-To"] == "<question-1@client.example>"
    assert message["References"].split() == ["<older@client.example>", "<question-1@client.example>"]
    assert message["Auto-Submitted"] == "auto-replied"


def test_a_mail_that_asks_for_no_automatic_answer_gets_none_and_is_a_ticket(desk: Desk) -> None:
    decision = desk.arrive(a_mail(facts=Facts(suppress=("all",))))
    assert decision.outcome is Outcome.TICKET
    assert [kind for kind, _ in desk.written()] == ["assignment"]
    withheld = desk.rows("SELECT because FROM events WHERE event = 'acknowledgement_withheld'")
    assert "X-Auto-Response-Suppress" in withheld[0].because


def test_an_undecided_mail_is_a_assignment_that_is_acknowledged_without_a_category(desk: Desk) -> None:
    desk.arrive(a_mail(), UNSURE)
    assert tuple(desk.rows("SELECT status, technical, category FROM tickets")[0]) == ("new", None, None)
    assert [kind for kind, _ in desk.written()] == ["acknowledgement", "assignment"]


def test_an_invoice_is_handed_off_with_the_original_and_the_client_is_told(desk: Desk) -> None:
    desk.arrive(a_mail(subject="Invoice 4711"), INVOICE)
    assert desk.written() == [("handed_off_notice", "bea@client.example"), ("hand_off", "finance@acme.example")]
    assert tuple(desk.rows("SELECT status, team, assignee FROM tickets")[0]) == ("handed_off", "Finance", None)
    attached = [part for part in desk.mail_of("hand_off").walk() if part.get_content_type() == "message/rfc822"]
    assert len(attached) == 1


def test_every_open_ticket_has_a_live_deadline(desk: Desk) -> None:
    for number, said in enumerate((TECHNICAL, INVOICE, UNSURE)):
        desk.arrive(a_mail(message_id=f"<{number}@x.example>", fingerprint=str(number) * 64), said)
    live = desk.rows("SELECT ticket_id, kind FROM deadlines WHERE settled_at IS NULL ORDER BY ticket_id")
    assert [row.kind for row in live] == ["next_update", "hand_off_receipt", "next_update"]


def test_an_answer_with_the_token_joins_its_ticket_and_is_not_acknowledged_again(desk: Desk) -> None:
    desk.arrive(a_mail())
    decision = desk.arrive(follow_up(desk.mail_of("acknowledgement")))
    assert (decision.outcome, decision.ticket) == (Outcome.FOLLOW_UP, 1)
    assert [kind for kind, _ in desk.written()] == ["acknowledgement", "assignment", "follow_up"]
    assert desk.rows("SELECT trust FROM mails ORDER BY id")[1].trust == "token"


def test_the_leads_mails_of_one_ticket_are_one_thread(desk: Desk) -> None:
    desk.arrive(a_mail())
    desk.arrive(follow_up(desk.mail_of("acknowledgement")))
    assert desk.mail_of("follow_up")["In-Reply-To"] == desk.mail_of("assignment")["Message-ID"]


def test_a_stranger_with_the_token_gets_a_ticket_of_their_own_that_is_linked(desk: Desk) -> None:
    desk.arrive(a_mail())
    stranger = follow_up(desk.mail_of("acknowledgement"), author=Address(address="mallory@evil.example"))
    decision = desk.arrive(stranger)
    assert (decision.outcome, decision.link_to) == (Outcome.TICKET, 1)
    assert sorted(tuple(row) for row in desk.rows("SELECT ticket_id, other_id FROM links")) == [(1, 2), (2, 1)]
    assert "stranger_linked" in [row.event for row in desk.rows("SELECT event FROM events WHERE ticket_id = 1")]


def test_two_answers_to_a_mail_that_we_never_saw_are_one_ticket(desk: Desk) -> None:
    desk.arrive(a_mail(references=("<ghost@client.example>",)))
    decision = desk.arrive(
        a_mail(message_id="<second@client.example>", fingerprint="2" * 64, in_reply_to=("<ghost@client.example>",))
    )
    assert (decision.outcome, decision.ticket) == (Outcome.FOLLOW_UP, 1)


def test_an_answer_that_overtakes_its_question_is_joined_by_it(desk: Desk) -> None:
    desk.arrive(a_mail(message_id="<second@client.example>", in_reply_to=("<question-1@client.example>",)))
    decision = desk.arrive(a_mail(fingerprint="2" * 64))
    assert (decision.outcome, decision.ticket) == (Outcome.FOLLOW_UP, 1)


def test_the_same_mail_twice_is_one_ticket(desk: Desk) -> None:
    desk.arrive(a_mail())
    assert desk.arrive(a_mail(digest="9" * 64)).outcome is Outcome.DUPLICATE
    assert len(desk.written()) == 2


def test_the_same_bytes_are_one_mail_even_without_message_id_and_date(desk: Desk) -> None:
    desk.arrive(a_mail(message_id=None, written_at=None))
    again = desk.arrive(a_mail(message_id=None, written_at=None))
    assert again.outcome is Outcome.DUPLICATE


def test_the_same_words_at_another_time_are_two_mails_without_message_id_and_date(desk: Desk) -> None:
    desk.arrive(a_mail(message_id=None, written_at=None, digest="8" * 64))
    assert desk.arrive(a_mail(message_id=None, written_at=None, digest="9" * 64)).outcome is Outcome.TICKET


def test_a_held_mail_that_comes_again_is_held_once(desk: Desk) -> None:
    lead = a_mail(author=Address(address="lena@acme.example"))
    assert desk.arrive(lead).outcome is Outcome.HELD
    assert desk.arrive(lead).outcome is Outcome.DUPLICATE


def test_the_same_message_id_with_other_words_is_another_mail(desk: Desk) -> None:
    desk.arrive(a_mail())
    assert desk.arrive(a_mail(fingerprint="2" * 64, new_text="Other words.")).outcome is Outcome.TICKET


def test_an_automatic_answer_is_kept_with_its_ticket_and_not_answered(desk: Desk) -> None:
    desk.arrive(a_mail())
    decision = desk.arrive(follow_up(desk.mail_of("acknowledgement"), subject="Out of office"), AUTOMATIC)
    assert (decision.outcome, decision.ticket) == (Outcome.AUTOMATIC, 1)
    assert len(desk.written()) == 2


def test_a_bounce_finds_its_mail_its_contact_and_its_ticket(desk: Desk) -> None:
    desk.arrive(a_mail())
    desk.all_are("sent")
    report = BounceReport(
        is_final=True,
        recipients=("bea@client.example",),
        status="5.1.1",
        diagnostic="no such user",
        original_message_id=str(desk.mail_of("acknowledgement")["Message-ID"]),
    )
    daemon = Address(address="mailer-daemon@client.example")
    decision = desk.arrive(
        a_mail(author=daemon, bounce=report, message_id="<b@client.example>", facts=Facts(return_path="")), BOUNCE
    )
    assert (decision.outcome, decision.ticket) == (Outcome.BOUNCE, 1)
    assert desk.rows("SELECT state FROM outbox WHERE kind = 'acknowledgement'")[0].state == "bounced"
    assert desk.rows("SELECT address FROM people WHERE bounced_at IS NOT NULL")[0].address == "bea@client.example"
    assert desk.written()[-1] == ("delivery_failed", "lena@acme.example")


def test_the_leads_own_bounce_is_not_mailed_to_the_lead(desk: Desk) -> None:
    desk.arrive(a_mail())
    report = BounceReport(
        is_final=True,
        recipients=("lena@acme.example",),
        status="5.2.2",
        diagnostic="mailbox full",
        original_message_id=str(desk.mail_of("assignment")["Message-ID"]),
    )
    desk.arrive(a_mail(bounce=report, message_id="<b@acme.example>"), BOUNCE)
    assert len(desk.written()) == 2


def test_a_copy_of_our_own_mail_changes_nothing(desk: Desk) -> None:
    desk.arrive(a_mail())
    copy = a_mail(
        author=Address(address="support@acme.example"),
        message_id=str(desk.mail_of("acknowledgement")["Message-ID"]),
        fingerprint="3" * 64,
    )
    assert desk.arrive(copy).outcome is Outcome.UNRELATED


def test_a_direct_answer_with_the_desk_in_copy_renews_the_clock(desk: Desk) -> None:
    desk.arrive(a_mail())
    answer = follow_up(
        desk.mail_of("assignment"),
        author=Address(address="lena@acme.example"),
        to=(Address(address="Bea@client.example"),),
        cc=reply_to(desk.mail_of("assignment")),
    )
    decision = desk.arrive(answer, now=NOON + timedelta(hours=20))
    assert (decision.outcome, decision.event, decision.ticket) == (Outcome.RELAY, Event.ANSWERED_DIRECTLY, 1)
    assert len(desk.written()) == 2
    assert desk.pass_time(NOON + timedelta(hours=30)) == []
    assert desk.pass_time(NOON + timedelta(days=3)) == [Event.UPDATE_OVERDUE]


def test_a_forged_answer_in_copy_renews_nothing(desk: Desk) -> None:
    desk.arrive(a_mail())
    forged = a_mail(
        message_id="<forged@evil.example>",
        fingerprint="2" * 64,
        author=Address(address="lena@acme.example"),
        to=(Address(address="bea@client.example"),),
        references=("<question-1@client.example>",),
    )
    assert desk.arrive(forged).outcome is Outcome.HELD
    assert desk.pass_time(NOON + timedelta(days=2)) == [Event.UPDATE_OVERDUE]


def test_a_client_behind_our_own_list_is_the_author(store: Store) -> None:
    rules = some_rules()
    desk = Desk(store, replace(rules, desk=replace(rules.desk, own_lists=("help@acme.example",))))
    mail = a_mail(
        author=Address(address="help@acme.example", name="Bea via Help"),
        reply_to=(Address(address="bea@client.example", name="Bea Kunde"),),
    )
    desk.arrive(mail)
    assert desk.rows("SELECT client FROM tickets")[0].client == "bea@client.example"


def came_by_a_group(mail: Mail, **differences: object) -> Mail:
    """The same mail by way of a list: other octets, a mark in the subject, a footer below the signature."""
    text = f"{mail.text}\n\n-- \nYou get this as a member of help@acme.example."
    other = {"fingerprint": "9" * 64, "digest": "8" * 64, "subject": f"[Help] {mail.subject}", "text": text}
    return replace(mail, **{**other, **differences})  # type: ignore[arg-type]


def test_a_mail_that_comes_by_a_group_too_is_one_ticket(desk: Desk) -> None:
    file = Attachment(name="shot.png", media_type="image/png", size=9, digest="7" * 64)
    mail = a_mail(written_at=NOON, attachments=(file,))
    desk.arrive(mail)
    copy = came_by_a_group(mail, author=Address(address="Bea@client.example"), attachments=())
    assert desk.arrive(copy).outcome is Outcome.DUPLICATE
    assert [kind for kind, _ in desk.written()] == ["acknowledgement", "assignment"]


@pytest.mark.parametrize(
    "difference",
    [
        {"written_at": NOON + timedelta(days=8)},
        {"written_at": None},
        {"new_text": "The scanner, too."},
        {"author": Address(address="carl@client.example")},
        {"attachments": (Attachment(name="shot.png", media_type="image/png", size=9, digest="7" * 64),)},
    ],
)
def test_a_message_id_that_is_used_again_hides_no_mail(desk: Desk, difference: dict[str, object]) -> None:
    mail = a_mail(written_at=NOON)
    desk.arrive(mail)
    assert desk.arrive(came_by_a_group(mail, **difference)).outcome is Outcome.TICKET


def test_an_answer_of_a_tsm_that_comes_by_a_group_too_reaches_the_client_once(desk: Desk) -> None:
    desk.arrive(a_mail())
    lena = Address(address="lena@acme.example")
    answer = follow_up(
        desk.mail_of("assignment"), author=lena, new_text="Restart it.", text="Restart it.", written_at=NOON
    )
    assert desk.arrive(answer).outcome is Outcome.RELAY
    assert desk.arrive(came_by_a_group(answer)).outcome is Outcome.DUPLICATE
    assert [kind for kind, _ in desk.written()] == ["acknowledgement", "assignment", "answer"]


def test_an_answer_has_the_subject_under_which_its_client_wrote_last(desk: Desk) -> None:
    desk.arrive(a_mail(subject="VPN"))
    acknowledgement = desk.mail_of("acknowledgement")
    subject = f"RE: {acknowledgement['Subject']} [Ticket#20170523800002]"
    bea = Address(address="Bea@client.example")
    desk.arrive(follow_up(acknowledgement, subject=subject, author=bea, message_id="<second@client.example>"))
    lena = Address(address="lena@acme.example")
    answer = follow_up(
        desk.mail_of("assignment"), author=lena, new_text="Restart it.", message_id="<lena@acme.example>"
    )
    desk.arrive(replace(answer, fingerprint="3" * 64))
    told = desk.mail_of("answer")
    assert told["Subject"] == "[T-1] Re: VPN [Ticket#20170523800002]"
    assert told["In-Reply-To"] == "<second@client.example>"
    assert desk.mail_of("follow_up")["Subject"] == "[T-1] Re: VPN"


@pytest.mark.parametrize("unheard", ["automatic", "bulk", "spam"])
def test_a_mail_that_was_not_heard_by_one_way_is_heard_by_another(desk: Desk, unheard: str) -> None:
    mail = a_mail(written_at=NOON)
    desk.arrive(mail, tuple(verdicts(kind=unheard).values()))
    assert desk.arrive(replace(mail, digest="8" * 64)).outcome is Outcome.TICKET
    assert desk.written_to("bea@client.example") == ["acknowledgement"]


def test_a_mail_that_a_gateway_marked_as_a_machines_is_heard_where_it_comes_directly(desk: Desk) -> None:
    mail = a_mail(written_at=NOON)
    assert desk.arrive(mail, AUTOMATIC).outcome is Outcome.AUTOMATIC
    assert desk.arrive(came_by_a_group(mail)).outcome is Outcome.TICKET
    assert desk.arrive(came_by_a_group(mail), AUTOMATIC).outcome is Outcome.DUPLICATE
    assert desk.written_to("bea@client.example") == ["acknowledgement"]


@pytest.mark.parametrize("digest", ["8" * 64, a_mail().digest])
def test_a_machines_mail_that_comes_twice_is_on_its_ticket_once(desk: Desk, digest: str) -> None:
    desk.arrive(a_mail())
    note = follow_up(desk.mail_of("acknowledgement"), written_at=NOON, digest=digest)
    assert desk.arrive(note, AUTOMATIC).outcome is Outcome.AUTOMATIC
    for copy in (note, came_by_a_group(note)):
        assert desk.arrive(copy, AUTOMATIC).outcome is Outcome.DUPLICATE
    assert len(desk.rows("SELECT 1 FROM events WHERE event = 'automatic_reply_came'")) == 1
    # the very same octets, called a person's by a later version
    assert desk.arrive(note).outcome is Outcome.DUPLICATE


@pytest.mark.parametrize("writes", ["noreply@acme.example", "wordpress@www.acme.example", "support@acme.example"])
def test_the_client_behind_a_form_is_the_author(desk: Desk, writes: str) -> None:
    mail = a_mail(
        author=Address(address=writes, name="Website"),
        reply_to=(Address(address="bea@client.example", name="Bea Kunde"),),
        to=(Address(address="support@acme.example"),),
    )
    assert desk.arrive(mail).outcome is Outcome.TICKET
    assert desk.rows("SELECT client FROM tickets")[0].client == "bea@client.example"
    assert desk.written_to("bea@client.example") == ["acknowledgement"]
    assert desk.rows("SELECT trust FROM mails")[0].trust == "claimed"


@pytest.mark.parametrize(
    "writes", ["wordpress@evil.example", "kontakt@evil.example", "webmaster@acme.example.evil.example"]
)
def test_a_form_of_strangers_names_nobodys_client(desk: Desk, writes: str) -> None:
    strangers = Address(address=writes)
    mail = a_mail(
        author=strangers,
        reply_to=(Address(address="bea@client.example"),),
        to=(Address(address="support@acme.example"), Address(address="x@evil.example")),
        delivered_to=("x@evil.example",),
    )
    desk.arrive(mail)
    assert desk.rows("SELECT client FROM tickets")[0].client == writes
    assert desk.written_to("bea@client.example") == []


def test_a_website_at_a_domain_of_everybody_is_no_form_of_the_house(store: Store) -> None:
    rules = some_rules()
    desk = Desk(store, replace(rules, desk=replace(rules.desk, address="acme@gmail.com")))
    mail = a_mail(author=Address(address="web@gmail.com"), reply_to=(Address(address="bea@client.example"),))
    desk.arrive(mail)
    assert desk.rows("SELECT client FROM tickets")[0].client == "web@gmail.com"


OWN_SERVER = TrustMethod(method="authserv_id", value="mx.acme.example")
PASSED = "mx.acme.example; dmarc=pass header.from=acme.example"


@pytest.mark.parametrize("writes", ["noreply@acme.example", "support@acme.example"])
@pytest.mark.parametrize(
    "said",
    [
        "",
        "mx.acme.example; dmarc=fail header.from=acme.example",
        "mx.evil.example; dmarc=pass header.from=acme.example",
    ],
)
def test_where_our_server_judges_mail_it_must_vouch_for_a_form_of_the_house(
    store: Store, writes: str, said: str
) -> None:
    desk = Desk(store, some_rules(trust=OWN_SERVER))
    form = a_mail(
        author=Address(address=writes), reply_to=(Address(address="bea@client.example"),), authentication=(said,)
    )
    decision = desk.arrive(form)
    assert (decision.outcome, desk.written()) == (Outcome.HELD, [])
    assert "does not vouch" in decision.because
    proven = replace(form, message_id="<2@acme.example>", fingerprint="2" * 64, authentication=(PASSED,))
    assert desk.arrive(proven).outcome is Outcome.TICKET
    assert desk.rows("SELECT client FROM tickets")[0].client == "bea@client.example"
    assert [row.trust for row in desk.rows("SELECT trust FROM mails ORDER BY id")] == ["claimed", "claimed"]


@pytest.mark.parametrize("answered", ["support@acme.example", "ana@acme.example"])
def test_the_desks_own_address_does_not_become_a_client_by_its_reply_to(desk: Desk, answered: str) -> None:
    own = Address(address="support@acme.example")
    mail = a_mail(author=own, reply_to=(Address(address=answered),), to=(own,))
    assert desk.arrive(mail).outcome is Outcome.HELD
    assert desk.written() == []


def test_a_flood_of_one_domain_is_acknowledged_up_to_the_limit(store: Store) -> None:
    desk = Desk(store, some_rules(policy=a_policy(limits=ReplyLimits(per_address=2, per_domain=3))))
    for number in range(6):
        author = Address(address=f"victim{number % 2}@client.example")
        desk.arrive(a_mail(message_id=f"<{number}@x.example>", fingerprint=str(number) * 64, author=author))
    assert [kind for kind, _ in desk.written()].count("acknowledgement") == 3
    withheld = desk.rows("SELECT because FROM events WHERE event = 'acknowledgement_withheld'")
    assert len(withheld) == 3
    assert "the limit of 3 an hour for domain client.example is reached" in withheld[0].because


def test_the_window_of_the_limits_slides(store: Store) -> None:
    desk = Desk(store, some_rules(policy=a_policy(limits=ReplyLimits(per_address=1))))
    for number, minutes in enumerate((0, 30, 119)):
        mail = a_mail(message_id=f"<{number}@x.example>", fingerprint=str(number) * 64)
        desk.arrive(mail, now=NOON + timedelta(minutes=minutes))
    assert [kind for kind, _ in desk.written()].count("acknowledgement") == 2


def test_an_overdue_update_is_mailed_to_the_lead_again_and_again(desk: Desk) -> None:
    desk.arrive(a_mail())
    assert desk.pass_time(NOON + timedelta(hours=1)) == []
    assert desk.pass_time(NOON + timedelta(days=2)) == [Event.UPDATE_OVERDUE]
    assert desk.pass_time(NOON + timedelta(days=2)) == []
    assert desk.pass_time(NOON + timedelta(days=3)) == [Event.UPDATE_OVERDUE]
    assert desk.written()[-2:] == [("update_overdue", "lena@acme.example")] * 2


def test_an_unclaimed_hand_off_is_mailed_to_the_lead(desk: Desk) -> None:
    desk.arrive(a_mail(), INVOICE)
    assert desk.pass_time(NOON + timedelta(days=2)) == [Event.HAND_OFF_UNCLAIMED]
    assert ("hand_off_unclaimed", "lena@acme.example") in desk.written()


def test_the_teams_answer_is_its_receipt(desk: Desk) -> None:
    desk.arrive(a_mail(), INVOICE)
    answer = follow_up(desk.mail_of("hand_off"), author=Address(address="finance@acme.example"))
    decision = desk.arrive(answer, INVOICE)
    assert (decision.event, decision.ticket) == (Event.HAND_OFF_CONFIRMED, 1)
    assert tuple(desk.rows("SELECT status, next_update_due_at FROM tickets")[0]) == ("closed", None)
    assert desk.pass_time(NOON + timedelta(days=9)) == []


def test_an_automatic_answer_of_the_team_is_no_receipt(desk: Desk) -> None:
    desk.arrive(a_mail(), INVOICE)
    desk.arrive(follow_up(desk.mail_of("hand_off"), author=Address(address="finance@acme.example")), AUTOMATIC)
    assert desk.rows("SELECT status FROM tickets")[0].status == "handed_off"


def test_what_a_client_adds_to_what_a_team_has_taken_goes_to_that_team_with_receipt(desk: Desk) -> None:
    desk.arrive(a_mail(), INVOICE)
    desk.arrive(follow_up(desk.mail_of("hand_off"), author=Address(address="finance@acme.example")), INVOICE)
    again = follow_up(
        desk.mail_of("handed_off_notice"),
        message_id="<again@client.example>",
        fingerprint="4" * 64,
        new_text="The number is 4711, as I see now.",
    )
    desk.arrive(again, INVOICE)
    assert tuple(desk.rows("SELECT status, assignee, team FROM tickets")[0]) == ("handed_off", None, "Finance")
    assert set(desk.written()[-2:]) == {
        ("handed_off_notice", "bea@client.example"),
        ("hand_off", "finance@acme.example"),
    }
    assert "4711" in desk.newest("hand_off", "finance@acme.example").as_string()
    assert desk.pass_time(NOON + timedelta(days=9)) == [Event.HAND_OFF_UNCLAIMED]
    assert tuple(desk.rows("SELECT status, assignee, team FROM tickets")[0]) == ("new", "Lena Lead", None)


def test_thanks_for_what_a_team_has_done_hand_nothing_off_again(desk: Desk) -> None:
    desk.arrive(a_mail(), INVOICE)
    desk.arrive(follow_up(desk.mail_of("hand_off"), author=Address(address="finance@acme.example")), INVOICE)
    thanks = follow_up(desk.mail_of("handed_off_notice"), message_id="<thanks@client.example>", fingerprint="4" * 64)
    desk.arrive(thanks, tuple(verdicts(kind="person", reply_intent="thanks").values()))
    assert desk.rows("SELECT status FROM tickets")[0].status == "closed"
    assert desk.written_to("finance@acme.example") == ["hand_off"]


def test_a_refused_acknowledgement_shows_on_the_ticket_and_the_lead_is_told(desk: Desk) -> None:
    desk.arrive(a_mail())
    rules, voice = desk.rules, desk.voice
    desk.store.transact(
        lambda connection: note_delivery(connection, 1, "bounced", "550 no such user", NOON, rules=rules, voice=voice),
        serial=True,
    )
    assert desk.rows("SELECT event FROM events ORDER BY id")[-1].event == "bounce_came"
    assert desk.written()[-1] == ("delivery_failed", "lena@acme.example")


def test_an_undone_transaction_leaves_nothing_and_can_be_repeated(desk: Desk) -> None:
    def arrive(connection: Connection) -> None:
        desk.take_in(connection, [a_mail()])

    def undone(connection: Connection) -> None:
        arrive(connection)
        raise InterruptedError

    with pytest.raises(InterruptedError):
        desk.store.transact(undone, serial=True)
    assert desk.written() == []
    desk.uid = 0
    desk.store.transact(arrive, serial=True)
    assert [kind for kind, _ in desk.written()] == ["acknowledgement", "assignment"]


def test_a_reply_address_names_its_ticket(desk: Desk) -> None:
    desk.arrive(a_mail())
    token = desk.rows("SELECT token FROM outbox ORDER BY id")[0].token
    assert address_part(1, str(token)) in str(desk.mail_of("acknowledgement")["Reply-To"])
