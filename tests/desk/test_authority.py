"""Who may do what by mail: each attack on the word of a TSM ends in a held mail, and its owner is asked (FIELD 4, 8)."""

from dataclasses import replace
from datetime import timedelta
from email.message import Message
from typing import Any

import pytest

from maild.mail.message import Address, Attachment
from maild.process.decision import Decision
from maild.process.ticket import Event, Outcome
from maild.process.trust import TrustMethod
from maild.replies.voice import Voice
from maild.store import keys
from maild.store.engine import Store
from tests.desk.test_triage import VOUCHED, offered, tap, text_of, the_ticket
from tests.support.desks import INVOICE, UNSURE, Desk, follow_up, reply_to
from tests.support.making import ANA, NOON, a_mail, a_team, some_rules

METHODS: dict[str, tuple[str, dict[str, Any]]] = {
    "authserv_id": ("mx.acme.example", {"authentication": VOUCHED}),
    "microsoft365": ("", {"authentication": ("spf=pass; dmarc=pass header.from=acme.example",)}),
    "header": ("X-Acme-Login: yes", {"headers": (("x-acme-login", "yes"),)}),
}


@pytest.fixture
def desk(store: Store) -> Desk:
    """A desk whose server vouches for its people, with two tickets of Ana."""
    team = a_team(people=(*a_team().people, ANA))
    desk = Desk(store, some_rules(team=team, trust=TrustMethod(method="authserv_id", value="mx.acme.example")))
    desk.arrive(a_mail())
    desk.arrive(a_mail(message_id="<question-2@other.example>", author=Address(address="carl@other.example")))
    return desk


def says(desk: Desk, text: str, number: int = 1, **differences: Any) -> Decision:
    fields: dict[str, Any] = {
        "author": Address(address="ana@acme.example", name="Ana Ruiz"),
        "message_id": f"<ana-{number}@acme.example>",
        "fingerprint": f"{number:064}",
        "new_text": text,
        "text": text,
        "authentication": VOUCHED,
    }
    return desk.arrive(follow_up(desk.mail_of("assignment"), **{**fields, **differences}))


def statuses(desk: Desk) -> list[str]:
    return [row.status for row in desk.rows("SELECT status FROM tickets ORDER BY id")]


def dismiss(desk: Desk, name: str) -> None:
    """The person is of the desk no more."""
    rules = desk.rules
    desk.rules = replace(rules, team=replace(rules.team, people=tuple(p for p in rules.team.people if p.name != name)))
    desk.voice = Voice.load(
        desk=rules.desk, priorities=rules.priorities, categories=rules.categories, team=desk.rules.team
    )


@pytest.mark.parametrize("method", METHODS)
def test_a_vouched_tsm_with_a_token_is_obeyed(store: Store, method: str) -> None:
    value, proof = METHODS[method]
    desk = Desk(
        store,
        some_rules(team=a_team(people=(*a_team().people, ANA)), trust=TrustMethod(method=method, value=value)),
    )
    desk.arrive(a_mail())
    vouched: dict[str, Any] = {"authentication": (), **proof}
    assert says(desk, "/waiting\nWhich router?", **vouched).outcome is Outcome.COMMAND
    assert says(desk, "/resolve\nDone.", 2, authentication=()).outcome is Outcome.HELD


def test_a_revoked_tsm_replaying_a_valid_reply_is_held_and_opens_no_ticket(desk: Desk) -> None:
    dismiss(desk, "Ana Ruiz")
    decision = says(desk, "/close\nBye.")
    assert (decision.outcome, decision.ticket) == (Outcome.HELD, 1)
    assert statuses(desk) == ["open", "open"]
    assert "acknowledgement" not in desk.written_to("ana@acme.example")


def test_a_revoked_tsms_tap_is_held(desk: Desk) -> None:
    mail = desk.mail_of("assignment")
    dismiss(desk, "Ana Ruiz")
    assert tap(desk, mail, "spam", "ana@acme.example").outcome is Outcome.HELD
    assert statuses(desk) == ["open", "open"]


def test_who_left_is_a_client_like_any_other_in_a_mail_of_their_own(desk: Desk) -> None:
    dismiss(desk, "Ana Ruiz")
    author = Address(address="ana@acme.example")
    assert desk.arrive(a_mail(message_id="<own@x>", fingerprint="7" * 64, author=author)).outcome is Outcome.TICKET


@pytest.mark.parametrize(
    "to",
    [
        "support+t2.{token}@acme.example",
        "support+t1@acme.example",
        "support+t1.abc@acme.example",
        "support@acme.example",
    ],
)
def test_a_token_of_another_ticket_or_of_an_old_form_is_no_token(desk: Desk, to: str) -> None:
    token = reply_to(desk.mail_of("assignment"))[0].address.partition("+t1.")[2].partition("@")[0]
    address = Address(address=to.format(token=token))
    decision = says(desk, "/close\nDone.", to=(address,), subject="Re: [T-2] VPN is down")
    assert decision.outcome is Outcome.HELD
    assert statuses(desk) == ["open", "open"]


def test_a_token_that_went_to_somebody_else_is_no_token(desk: Desk) -> None:
    decision = says(desk, "/close\nDone.", author=Address(address="lena@acme.example"))
    assert decision.outcome is Outcome.HELD
    assert statuses(desk) == ["open", "open"]


@pytest.mark.parametrize("stranger", ["ana.ruiz@private.example", "lena@acme.example", "bea@client.example"])
def test_a_tap_from_another_address_waits_for_its_owner(desk: Desk, stranger: str) -> None:
    decision = tap(desk, desk.mail_of("assignment"), "spam", stranger)
    assert decision.outcome is Outcome.HELD
    assert statuses(desk) == ["open", "open"]
    assert desk.written()[-1] == ("confirm", "ana@acme.example")
    assert "/spam" in text_of(desk.last_to("ana@acme.example"))


def test_its_owner_lets_a_tap_from_another_address_through(desk: Desk) -> None:
    mail = a_mail(
        author=Address(address="ana.ruiz@private.example"),
        message_id="<private@x>",
        fingerprint="8" * 64,
        to=(Address(address=offered(desk.mail_of("assignment"))["spam"]),),
        new_text="",
        text="",
    )
    desk.arrive(mail)
    assert tap(desk, desk.mail_of("confirm"), "release", "ana@acme.example").outcome is Outcome.COMMAND
    assert len(desk.rows("SELECT 1 FROM mails WHERE outcome IS NULL AND released_at IS NOT NULL")) == 1
    desk.arrive_again(mail)
    assert statuses(desk)[0] == "closed"


ELSEWHERE = ("mx.acme.example; dmarc=fail header.from=acme.example",)
"""What our server writes where somebody else has put an address of the house into From."""


@pytest.mark.parametrize("proof", [(), ELSEWHERE])
def test_a_tap_in_a_tsms_name_that_nothing_vouches_for_is_held_until_they_confirm_it(
    desk: Desk, proof: tuple[str, ...]
) -> None:
    """Whoever was handed the assignment on has its links, and anybody can write From."""
    mail = desk.mail_of("assignment")
    decision = tap(desk, mail, "spam", "ana@acme.example", proof=proof)
    assert (decision.outcome, decision.event) == (Outcome.HELD, Event.CONFIRMATION_ASKED)
    assert statuses(desk) == ["open", "open"]
    assert desk.written()[-1] == ("confirm", "ana@acme.example")
    shown = " ".join(text_of(desk.last_to("ana@acme.example")).split())
    assert "one tap on /spam, and your mail server does not vouch for its author" in shown
    assert tap(desk, mail, "spam", "ana@acme.example", number=71).outcome is Outcome.COMMAND
    assert statuses(desk)[0] == "closed"


def test_the_words_below_an_unproven_tap_wait_too_and_go_once_to_those_who_were_named(desk: Desk) -> None:
    link, words = offered(desk.mail_of("assignment"))["waiting"], "Which router?"
    mail = a_mail(
        author=Address(address="ana@acme.example"),
        message_id="<unproven@x>",
        fingerprint="8" * 64,
        to=(Address(address=link),),
        new_text=words,
        text=words,
    )
    desk.arrive(mail)
    asked = " ".join(text_of(desk.last_to("ana@acme.example")).split())
    assert "its author; once let through, its words go to bea@client.example" in asked
    assert f"> {words}" in asked
    assert desk.written_to("bea@client.example") == ["acknowledgement"]
    # What lets a held mail through keeps its rule: it was mailed to the configured address, for this one mail.
    assert tap(desk, desk.mail_of("confirm"), "release", "ana@acme.example", proof=()).outcome is Outcome.COMMAND
    assert desk.arrive_again(mail).outcome is Outcome.COMMAND
    assert desk.written_to("bea@client.example") == ["acknowledgement", "answer"]
    assert (
        tap(desk, desk.mail_of("assignment"), "waiting", "ana@acme.example", number=71).event is Event.COMMAND_REFUSED
    )


def test_an_unproven_tap_of_another_team_gives_nothing_back(desk: Desk) -> None:
    desk.arrive(a_mail(message_id="<invoice@client.example>", fingerprint="6" * 64), INVOICE)
    offer = desk.mail_of("hand_off")
    assert tap(desk, offer, "return", "finance@acme.example", proof=()).outcome is Outcome.HELD
    assert statuses(desk)[2] == "handed_off"
    assert desk.written()[-1] == ("confirm", "finance@acme.example")
    assert tap(desk, offer, "return", "finance@acme.example", number=71).outcome is Outcome.COMMAND


def test_that_a_team_has_a_hand_off_needs_no_more_proof_by_a_tap_than_by_an_answer(desk: Desk) -> None:
    desk.arrive(a_mail(message_id="<invoice@client.example>", fingerprint="6" * 64), INVOICE)
    assert tap(desk, desk.mail_of("hand_off"), "claim", "finance@acme.example", proof=()).outcome is Outcome.COMMAND
    assert statuses(desk)[2] == "closed"


def test_a_signed_mail_of_a_tsm_to_somebody_else_that_is_sent_again_with_our_tokens_is_held(desk: Desk) -> None:
    """Its signature holds still, and covers neither the fields that name a thread nor those of the servers on its way."""
    mail = desk.mail_of("assignment")
    thread: dict[str, Any] = {"in_reply_to": (str(mail["Message-ID"]),), "references": (str(mail["Message-ID"]),)}
    to: dict[str, Any] = {
        "to": (Address(address="mallory@evil.example"),),
        "delivered_to": (reply_to(mail)[0].address,),
    }
    decision = says(desk, "We terminate the contract.", **to, **thread)
    assert (decision.outcome, decision.event) == (Outcome.HELD, Event.CONFIRMATION_ASKED)
    assert "may be an old message to somebody else" in " ".join(text_of(desk.last_to("ana@acme.example")).split())
    forwarded = to | {"to": (Address(address=offered(mail)["spam"]),), "subject": "Fwd: [T-1] VPN is down"}
    assert says(desk, "For you to read.", 3, **forwarded).outcome is Outcome.HELD, "not every server signs To"
    assert "its subject is not the link's" in " ".join(text_of(desk.last_to("ana@acme.example")).split())
    tapped = says(desk, "See you.", 2, **to | {"delivered_to": (offered(mail)["spam"],)})
    assert tapped.outcome is Outcome.HELD
    assert statuses(desk) == ["open", "open"]
    assert desk.written_to("bea@client.example") == ["acknowledgement"]


SIGNED_BY = "v=1; a=rsa-sha256; d={domain}; s=k; b=AA==; h={fields}"
STRAIGHT = ("mx.acme.example; spf=pass smtp.mailfrom=ana@acme.example; dkim=pass header.d=acme.example",)
ASTRAY = ("mx.acme.example; spf=pass smtp.mailfrom=x@evil.example; dkim=pass header.d=acme.example",)


def signed(fields: str, *there: str, domain: str = "acme.example", more: str = "") -> dict[str, Any]:
    """The fields that the mail has, below one signature of these."""
    signature = SIGNED_BY.format(domain=domain, fields=fields) + more
    return {"headers": (("dkim-signature", signature), *((name, "") for name in there))}


@pytest.mark.parametrize(
    ("subject", "proof", "fields", "outcome"),
    [
        ("Re: [T-1] VPN is down", ASTRAY, signed("From:Subject:Date", "to"), Outcome.RELAY),
        ("Fwd: [T-1] VPN is down", ASTRAY, signed("From:Subject:Date", "to"), Outcome.HELD),
        ("Re: WG: [T-1] VPN is down", ASTRAY, signed("From:Subject:Date", "to"), Outcome.HELD),
        ("TR : [T-1] VPN is down", ASTRAY, signed("From:Subject:Date", "to"), Outcome.HELD),
        ("VS: [T-1] VPN is down", ASTRAY, signed("From:Subject:Date", "to"), Outcome.HELD),
        ("Re: İlt: [T-1] VPN is down", ASTRAY, signed("From:Subject:Date", "to"), Outcome.HELD),
        ("RE:FW:[T-1] VPN is down", ASTRAY, signed("From:Subject:Date", "to"), Outcome.HELD),
        ("Lunch", ASTRAY, signed("From:Subject:Date", "to"), Outcome.HELD),
        ("Fwd: [T-1] VPN is down", STRAIGHT, signed("From:Subject:Date", "to"), Outcome.RELAY),
        ("Fwd: [T-1] VPN is down", ASTRAY, signed("From : To : Subject", "to"), Outcome.RELAY),
        ("Re: [T-1] VPN is down", ASTRAY, signed("from:to:subject", "to", "to"), Outcome.HELD),
        ("Re: [T-1] VPN is down", ASTRAY, signed("from:to:to:subject", "to", "to"), Outcome.HELD),
        ("Lunch", ASTRAY, {"headers": (*signed("from:to")["headers"], *signed("from", "to")["headers"])}, Outcome.HELD),
        ("Lunch", ASTRAY, signed("from", "to", domain="evil.org"), Outcome.RELAY),
    ],
)
def test_a_tsms_mail_whose_signature_leaves_out_to_must_read_like_an_answer_unless_it_came_straight(
    desk: Desk, subject: str, proof: tuple[str, ...], fields: dict[str, Any], outcome: Outcome
) -> None:
    thread: dict[str, Any] = {"references": (str(desk.mail_of("assignment")["Message-ID"]),)}
    decision = says(desk, "Try it again, please.", subject=subject, authentication=proof, **thread, **fields)
    assert decision.outcome is outcome


def test_signatures_of_others_do_not_hide_that_of_a_tsm(desk: Desk) -> None:
    others = [("dkim-signature", SIGNED_BY.format(domain="evil.example", fields="from"))] * 50
    partly = signed("from:subject", "to", more="; l=20")["headers"]
    assert says(desk, "And pay to me.", authentication=ASTRAY, headers=(*others, *partly)).outcome is Outcome.HELD
    to_others = signed("from:subject", "to")["headers"]
    hidden = says(desk, "We give up.", 2, subject="Lunch", authentication=ASTRAY, headers=(*others, *to_others))
    assert hidden.outcome is Outcome.HELD


def test_a_copy_that_was_added_above_a_tsms_signature_addresses_nobody(desk: Desk) -> None:
    elsewhere: dict[str, Any] = {
        "to": (Address(address="mallory@evil.example"),),
        "cc": reply_to(desk.mail_of("assignment")),
    }
    fields = signed("from:to:subject:date", "to", "cc")
    assert says(desk, "We give up.", authentication=ASTRAY, **elsewhere, **fields).outcome is Outcome.HELD
    covered = signed("from:to:cc:subject:date", "to", "cc")
    assert says(desk, "See below.", 2, authentication=ASTRAY, **elsewhere, **covered).outcome is not Outcome.HELD


def test_a_tsms_signature_that_leaves_the_end_of_the_text_open_vouches_for_nothing_that_came_astray(desk: Desk) -> None:
    partly = signed("from:to:subject:date", "to", more="; l=20")
    assert says(desk, "Thanks. And pay to me.", authentication=ASTRAY, **partly).outcome is Outcome.HELD
    assert says(desk, "Thanks. That was all.", 2, authentication=STRAIGHT, **partly).outcome is Outcome.RELAY


@pytest.mark.parametrize("field", ["subject", "content-type"])
def test_a_field_that_was_added_above_the_signed_one_of_its_name_makes_a_tsms_mail_unproven(
    desk: Desk, field: str
) -> None:
    """The upper one is read: another subject is that of a link, another boundary shows lines that were only quoted."""
    fields: dict[str, Any] = {
        "headers": (*signed("from:subject:content-type")["headers"], ("to", ""), (field, ""), (field, ""))
    }
    assert says(desk, "/close\nDone.", authentication=ASTRAY, **fields).outcome is Outcome.HELD
    link, subject = Address(address=offered(desk.mail_of("assignment"))["spam"]), "T-1 spam"
    tapped = says(desk, "", 2, to=(link,), subject=subject, authentication=ASTRAY, **fields)
    assert tapped.outcome is Outcome.HELD
    assert statuses(desk) == ["open", "open"]


def test_a_tap_that_was_replayed_does_nothing(desk: Desk) -> None:
    mail = desk.mail_of("assignment")
    tap(desk, mail, "waiting", "ana@acme.example", text="Which router?")
    again = tap(desk, mail, "waiting", "ana@acme.example", number=71, text="Which router?")
    assert again.event is Event.COMMAND_REFUSED
    assert desk.written_to("bea@client.example").count("answer") == 1


def test_a_flood_in_a_tsms_name_asks_them_ten_times_an_hour(desk: Desk) -> None:
    for number in range(15):
        says(desk, f"/close\nNow {number}.", number, authentication=())
    assert desk.written_to("ana@acme.example").count("confirm") == 10
    assert len(desk.rows("SELECT 1 FROM notices WHERE kind = 'confirm'")) == 5
    assert statuses(desk) == ["open", "open"]


def sent_of(desk: Desk, kind: str) -> list[Message]:
    return [desk.sent(row.id) for row in desk.rows("SELECT id, kind FROM outbox ORDER BY id") if row.kind == kind]


def events(desk: Desk) -> list[str]:
    return [row.event for row in desk.rows("SELECT event FROM events WHERE ticket_id = 1 ORDER BY id")]


def refuse_at_most(desk: Desk, refusals: int) -> None:
    policy = desk.rules.policy
    desk.rules = replace(desk.rules, policy=replace(policy, limits=replace(policy.limits, refusals=refusals)))


def test_a_tsm_may_be_wrong_about_a_ticket_twenty_times_an_hour_and_hears_why(desk: Desk) -> None:
    for number in range(25):
        says(desk, f"/clse\nNow {number}.", number)
    assert len(sent_of(desk, "refused_commands")) == 20


def test_the_last_refusal_of_an_hour_says_until_when_it_is_the_last_about_the_ticket(desk: Desk) -> None:
    refuse_at_most(desk, 5)
    for number in range(15):
        says(desk, f"/clse\nNow {number}.", number)
    told = [" ".join(text_of(mail).split()) for mail in sent_of(desk, "refused_commands")]
    assert ["no more until Monday 23 November, 13:01 (UTC)" in text for text in told] == [
        False,
        False,
        False,
        False,
        True,
    ]
    assert (events(desk).count("command_refused"), events(desk).count("acknowledgement_withheld")) == (15, 10)
    says(desk, "/note\nWhat is not refused happens.", 20)
    assert events(desk)[-1] == "noted"


def test_refusals_are_answered_again_later_and_those_about_another_ticket_all_the_while(desk: Desk) -> None:
    refuse_at_most(desk, 5)
    first, second = sent_of(desk, "assignment")
    for number in range(6):
        says(desk, f"/clse\nNow {number}.", number)
    ana = {"author": Address(address="ana@acme.example"), "authentication": VOUCHED}
    for number, (assignment, minutes) in enumerate(((second, 1), (first, 2), (first, 61)), 30):
        words = {
            "new_text": f"/clse\n{number}",
            "text": f"/clse\n{number}",
            "message_id": f"<{number}@x>",
            "fingerprint": f"{number:064}",
        }
        desk.arrive(follow_up(assignment, **ana, **words), now=NOON + timedelta(minutes=minutes))
    assert len(sent_of(desk, "refused_commands")) == 5 + 2


def test_what_may_be_let_through_is_shown_whole(desk: Desk) -> None:
    long = "\n".join(f"line {number} of what would be sent" for number in range(400))
    attached = (Attachment(name="price-list.pdf", media_type="application/pdf", size=10, digest="a" * 64),)
    says(desk, long, authentication=(), attachments=attached)
    shown = text_of(desk.last_to("ana@acme.example"))
    assert "> line 0 of" in shown
    assert "> line 399 of" in shown
    assert "price-list.pdf" in shown


def test_tokens_and_taps_outlive_the_key_that_signed_them(desk: Desk) -> None:
    mail = desk.mail_of("assignment")
    desk.store.transact(lambda connection: keys.rotate(connection, now=NOON))
    assert says(desk, "We are on it.").outcome is Outcome.RELAY
    assert tap(desk, mail, "waiting", "ana@acme.example", text="Which router?").outcome is Outcome.COMMAND
    assert "+t1.b" in str(desk.last_to("bea@client.example")["Reply-To"])


def test_where_nothing_vouches_a_tap_is_enough(store: Store) -> None:
    desk = Desk(store, some_rules())
    desk.arrive(a_mail(), UNSURE)
    tap(desk, desk.mail_of("assignment"), "category network", "lena@acme.example")
    assert the_ticket(desk)[:3] == ("open", True, "network")


def test_a_clients_mail_that_looks_like_ours_is_a_clients_mail(desk: Desk) -> None:
    ours = desk.mail_of("assignment")
    fields = tuple((name.casefold(), str(value)) for name, value in ours.items())
    decision = desk.arrive(
        follow_up(desk.last_to("bea@client.example"), headers=fields, new_text="/close\nI command it."),
        now=NOON + timedelta(minutes=1),
    )
    assert decision.outcome is Outcome.FOLLOW_UP
    assert statuses(desk) == ["open", "open"]


@pytest.mark.parametrize(("commands", "is_told"), [("/close", True), ("/note\n/close", False)])
def test_the_reason_of_a_closing_is_for_the_client_unless_it_is_a_note(
    desk: Desk, commands: str, *, is_told: bool
) -> None:
    says(desk, f"{commands}\nThey have left us.")
    assert statuses(desk)[0] == "closed"
    assert ("answer" in desk.written_to("bea@client.example")) is is_told


def test_a_client_reads_once_that_the_ticket_is_closed_with_the_words_and_in_no_second_mail(desk: Desk) -> None:
    before = len(desk.written_to("bea@client.example"))
    says(desk, "/close\nThey have left us.")
    assert desk.written_to("bea@client.example")[before:] == ["answer"]
    assert " ".join(text_of(desk.last_to("bea@client.example")).split()).count("Your request is now closed") == 1
    says(desk, "One more word.", 2)
    assert "is closed" not in text_of(desk.last_to("bea@client.example"))
