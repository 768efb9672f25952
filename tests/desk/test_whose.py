"""A TSM forwards what a client wrote to them: one tap says whose ticket it is."""

from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import pytest

from maild.mail.message import Address, Attachment, Forwarded, Mail
from maild.process.decision import Decision
from maild.process.policy import ReplyLimits
from maild.process.ticket import Event, Outcome
from maild.process.trust import TrustMethod
from maild.replies.idle_tap import IdleTap, compose_idle_tap
from maild.store.engine import Store
from tests.desk.test_triage import VOUCHED, html_of, tap, text_of
from tests.support.desks import Desk, follow_up
from tests.support.making import ANA, EVA, NOON, a_desk, a_mail, a_team, some_rules
from tests.support.replies_making import a_voice

INNER = Forwarded(
    author=Address(address="bea@client.example", name="Bea Kunde"),
    subject="Printer",
    text="The printer is dead.",
    message_id="<inner@client.example>",
)


@pytest.fixture
def desk(store: Store) -> Desk:
    team = a_team(people=(*a_team().people, ANA, EVA))
    return Desk(store, some_rules(team=team, trust=TrustMethod(method="authserv_id", value="mx.acme.example")))


def forwarded(**differences: Any) -> Mail:
    fields: dict[str, Any] = {
        "author": Address(address="ana@acme.example", name="Ana Ruiz"),
        "message_id": "<forward@acme.example>",
        "fingerprint": "5" * 64,
        "subject": "Fwd: Printer",
        "new_text": "Please take this.",
        "text": "Please take this.\n\nFrom: Bea Kunde",
        "authentication": VOUCHED,
        "forwarded": INNER,
    }
    return a_mail(**{**fields, **differences})


def answers(desk: Desk) -> dict[str, str]:
    links = [part.partition('"')[0] for part in html_of(desk.mail_of("whose")).split('href="mailto:')[1:]]
    pairs = [link.partition("?subject=") for link in links]
    return {unquote(subject): unquote(address) for address, _, subject in pairs}


def choose(desk: Desk, what: str, author: str = "ana@acme.example") -> Decision:
    mail = a_mail(
        author=Address(address=author),
        message_id="<choice@acme.example>",
        fingerprint="6" * 64,
        to=(Address(address=answers(desk)[what]),),
        new_text="",
        text="",
    )
    return desk.arrive(mail)


def test_a_forwarded_mail_is_held_and_its_forwarder_asked(desk: Desk) -> None:
    assert desk.arrive(forwarded()).outcome is Outcome.HELD
    assert desk.written() == [("whose", "ana@acme.example")]
    assert "The printer is dead." in text_of(desk.mail_of("whose"))
    assert list(answers(desk)) == ["new bea@client.example", "nothing"]


def test_one_tap_makes_it_the_clients_ticket(desk: Desk) -> None:
    desk.arrive(forwarded())
    assert choose(desk, "new bea@client.example").outcome is Outcome.COMMAND
    assert desk.arrive_again(forwarded()).outcome is Outcome.TICKET
    row = desk.rows("SELECT client, client_name, subject FROM tickets")[0]
    assert tuple(row) == ("bea@client.example", "Bea Kunde", "Printer")
    assert desk.written_to("bea@client.example") == ["acknowledgement"]
    assert "The printer is dead." in text_of(desk.mail_of("assignment"))
    assert "Please take this." not in desk.last_to("bea@client.example").as_string()


def test_no_word_of_who_forwards_a_mail_without_words_becomes_the_clients(desk: Desk) -> None:
    bare = {"forwarded": replace(INNER, text="", subject=""), "subject": "This nuisance again"}
    desk.arrive(forwarded(**bare, text="They never pay.", new_text="They never pay."))
    choose(desk, "new bea@client.example")
    assert desk.arrive_again(forwarded(**bare, text="They never pay.", new_text="They never pay.")).ticket is None
    told = (
        desk.last_to("bea@client.example").as_string(),
        *desk.rows("SELECT new_text, subject FROM mails WHERE ticket_id = 1"),
    )
    assert not [each for each in told if "nuisance" in str(each) or "never pay" in str(each)]


def test_one_tap_makes_it_a_follow_up(desk: Desk) -> None:
    desk.arrive(a_mail())
    desk.arrive(forwarded())
    assert list(answers(desk)) == ["new bea@client.example", "follow T-1", "nothing"]
    choose(desk, "follow T-1")
    decision = desk.arrive_again(forwarded())
    assert (decision.outcome, decision.ticket) == (Outcome.FOLLOW_UP, 1)
    assert len(desk.rows("SELECT 1 FROM tickets")) == 1


def test_one_tap_lets_it_be(desk: Desk) -> None:
    desk.arrive(forwarded())
    choose(desk, "nothing")
    assert desk.rows("SELECT outcome FROM mails ORDER BY id")[0].outcome == "unrelated"
    assert desk.rows("SELECT 1 FROM tickets") == []


def test_a_tap_of_somebody_else_decides_nothing(desk: Desk) -> None:
    desk.arrive(forwarded())
    assert choose(desk, "new bea@client.example", author="mallory@evil.example").outcome is Outcome.HELD
    assert desk.rows("SELECT 1 FROM tickets") == []


def last_said(desk: Desk) -> str:
    kind, to = desk.written()[-1]
    assert (kind, to) == ("idle_tap", "ana@acme.example")
    return " ".join(text_of(desk.last_to(to)).split())


@pytest.mark.parametrize(
    ("what", "label"),
    [
        ("new bea@client.example", "New ticket for bea@client.example"),
        ("follow T-1", "Belongs to T-1"),
        ("nothing", "Nothing: leave it"),
    ],
)
def test_a_tap_from_another_address_is_said_to_its_owner(desk: Desk, what: str, label: str) -> None:
    desk.arrive(a_mail())
    desk.arrive(forwarded())
    assert choose(desk, what, author="ana@home.example").outcome is Outcome.HELD
    assert f"“{label}”" in (said := last_said(desk))
    assert "one tap came from another address, ana@home.example" in said
    assert "tap again in that question" in said
    assert desk.rows("SELECT outcome FROM mails WHERE message_id = '<forward@acme.example>'")[0].outcome == "held"


@pytest.mark.parametrize(
    ("language", "begins", "why"),
    [
        ("de", "Ein Klick auf „Neues Ticket für b@c.example“", "kam von einer anderen Adresse, a@b.example"),
        ("fr", "Un clic sur « Nouveau ticket pour b@c.example »", "venu d'une autre adresse, a@b.example"),
        ("es", "Un toque en «Nuevo ticket para b@c.example»", "vino de otra dirección, a@b.example"),
    ],
)
def test_an_idle_tap_is_told_in_the_desks_own_language(language: str, begins: str, why: str) -> None:
    tap = IdleTap(
        message_id="<idle.1@acme.example>", recipient=LENA, subject="Printer", word="new", detail="b@c.example",
        because="one tap came from another address, a@b.example", is_from_elsewhere=True, now=NOON,
    )  # fmt: skip
    text = compose_idle_tap(tap, a_voice(desk=a_desk(languages=(language,)))).text
    said = " ".join(text.split()).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    assert said.startswith(begins)
    assert why in said


def test_what_was_decided_already_is_said_to_whoever_taps_on_a_new_ticket_or_on_nothing(desk: Desk) -> None:
    desk.arrive(forwarded())
    question = desk.mail_of("whose")
    choose(desk, "nothing")
    before = len(desk.written())
    for number, what in enumerate(("new bea@client.example", "nothing")):
        tapped = a_mail(
            author=Address(address=ANA.addresses[0]), message_id=f"<late-{number}@x>", fingerprint=f"{number + 70:064}",
            to=(Address(address=answers(desk)[what]),), new_text="", text="",
        )  # fmt: skip
        assert desk.arrive(tapped).outcome is Outcome.COMMAND
        assert ("given up before this" if what != "nothing" else "already done") in last_said(desk)
    assert [kind for kind, _ in desk.written()[before:]] == ["idle_tap"] * 2
    assert "Printer" in str(desk.last_to(ANA.addresses[0])["Subject"])
    assert question["Message-ID"] != desk.last_to(ANA.addresses[0])["Message-ID"]
    assert desk.rows("SELECT 1 FROM tickets") == []


@pytest.mark.parametrize("limits", [ReplyLimits(confirmations=2, refusals=5), ReplyLimits(confirmations=2, refusals=2)])
def test_taps_that_are_replayed_withhold_no_question(desk: Desk, limits: ReplyLimits) -> None:
    desk.rules = replace(desk.rules, policy=replace(desk.rules.policy, limits=limits))
    desk.arrive(forwarded())
    address = Address(address=answers(desk)["nothing"])
    for number in range(70, 80):
        tap = a_mail(
            author=Address(address="mallory@evil.example"), message_id=f"<again-{number}@x>", fingerprint=f"{number:064}",
            to=(address,), new_text="", text="",
        )  # fmt: skip
        desk.arrive(tap)
    told = desk.written_to(ANA.addresses[0])
    assert told.count("idle_tap") == limits.refusals
    desk.arrive(own_words(message_id="<more@acme.example>", fingerprint="9" * 64))
    assert desk.written_to(ANA.addresses[0]) == [*told, "whose"]


@pytest.mark.parametrize("author", ["lena@acme.example", "support@acme.example", "finance@acme.example"])
def test_nobody_of_the_house_is_offered_as_a_client(desk: Desk, author: str) -> None:
    inner = Forwarded(author=Address(address=author), subject="", text="Hello", message_id=None)
    desk.arrive(forwarded(forwarded=inner))
    assert list(answers(desk)) == ["nothing"]


def test_where_nobody_is_named_the_tsm_is_told_so(desk: Desk) -> None:
    desk.arrive(forwarded(forwarded=None))
    assert list(answers(desk)) == ["nothing"]
    assert "as an attachment" in " ".join(text_of(desk.mail_of("whose")).split())


def test_forgers_bring_a_tsm_ten_questions_an_hour(desk: Desk) -> None:
    for number in range(13):
        desk.arrive(forwarded(message_id=f"<forged-{number}@x>", fingerprint=f"{number:064}", authentication=()))
    assert desk.written_to("ana@acme.example") == ["whose"] * 10


HANDED_ON = "From: Bea Kunde <bea@client.example>\nSubject: Printer\n\n/close\n/spam\nThe printer is dead."
"""What stands in for words that nobody wrote; here with commands in it."""


def test_what_a_client_forwards_without_words_is_shown_to_the_tsm_and_stays_the_forwarders(desk: Desk) -> None:
    carl = Address(address="carl@client.example", name="Carl")
    decision = desk.arrive(a_mail(author=carl, new_text="", text="", handed_on=HANDED_ON, forwarded=INNER))
    assert decision.outcome is Outcome.TICKET
    assert "The printer is dead." in text_of(desk.mail_of("assignment"))
    assert [tuple(row) for row in desk.rows("SELECT client, status FROM tickets")] == [("carl@client.example", "open")]
    assert desk.written_to("bea@client.example") == []


def test_no_words_of_the_desk_that_a_client_forwards_stand_for_theirs(desk: Desk) -> None:
    ours = replace(INNER, author=Address(address="support@acme.example"))
    desk.arrive(a_mail(new_text="", text="", handed_on=HANDED_ON, forwarded=ours))
    assert [row.new_text for row in desk.rows("SELECT new_text FROM mails")] == [""]


def test_what_a_tsm_forwards_without_words_is_neither_obeyed_nor_relayed(desk: Desk) -> None:
    desk.arrive(a_mail())
    before = desk.written_to("bea@client.example")
    bare = {"new_text": "", "text": "", "handed_on": HANDED_ON, "forwarded": INNER, "authentication": VOUCHED}
    answered = follow_up(desk.mail_of("assignment"), **{**bare, "author": Address(address=ANA.addresses[0])})
    assert desk.arrive(answered).event is Event.COMMAND_REFUSED
    assert desk.rows("SELECT status FROM tickets")[0].status == "open"
    assert desk.written_to("bea@client.example") == before


def own_words(**differences: Any) -> Mail:
    """To the desk's plain address, as somebody writes who has no mail of the ticket to answer."""
    text = str(differences.get("text", "Hello Bea,\n\nplease restart it once more."))
    fields = {"forwarded": None, "subject": "About T-1", "text": text, "new_text": text}
    return forwarded(**{**fields, **differences})


def confirm(desk: Desk, mail: Mail) -> Decision:
    """Tap what the confirmation offers, and let the mail come in again."""
    assert tap(desk, desk.mail_of("confirm"), "release", mail.author.address).outcome is Outcome.COMMAND  # type: ignore[union-attr]
    return desk.arrive_again(mail)


def test_own_words_in_a_ticket_are_shown_whole_before_they_go_to_its_client(desk: Desk) -> None:
    desk.arrive(a_mail())
    before = desk.written_to("bea@client.example")
    price = Attachment(name="price-list.pdf", media_type="application/pdf", size=10, digest="a" * 64)
    mail = own_words(text="\n".join(f"line {number} of many" for number in range(400)), attachments=(price,))
    desk.arrive(mail)
    assert list(answers(desk)) == ["own T-1", "nothing"]
    assert "as an attachment" not in " ".join(text_of(desk.mail_of("whose")).split())
    choose(desk, "own T-1")
    held = desk.arrive_again(mail)
    assert (held.outcome, held.event, held.ticket) == (Outcome.HELD, Event.CONFIRMATION_ASKED, 1)
    assert desk.written_to("bea@client.example") == before
    shown = " ".join(text_of(desk.mail_of("confirm")).split())
    for part in ("line 0 of many", "line 399 of many", "price-list.pdf", "its words go to bea@client.example"):
        assert part in shown
    decision = confirm(desk, mail)
    assert (decision.outcome, decision.ticket) == (Outcome.RELAY, 1)
    assert "line 399 of many" in text_of(desk.last_to("bea@client.example"))


@pytest.mark.parametrize(
    "names",
    [{"subject": "VPN", "text": "Hello Bea,\n\nthis is about T-1: please restart it."}, {"subject": "Re: [T-1] VPN"}],
)
def test_a_ticket_is_offered_that_subject_or_text_name(desk: Desk, names: dict[str, str]) -> None:
    desk.arrive(a_mail())
    desk.arrive(own_words(**names))
    assert list(answers(desk)) == ["own T-1", "nothing"]


def test_who_names_no_ticket_that_there_is_is_told_to_forward_it(desk: Desk) -> None:
    desk.arrive(own_words(subject="About T-7"))
    assert list(answers(desk)) == ["nothing"]
    assert "as an attachment" in " ".join(text_of(desk.mail_of("whose")).split())


LENA = Address(address="lena@acme.example", name="Lena Lead")


def test_who_answers_a_mail_to_a_colleague_is_offered_its_ticket(desk: Desk) -> None:
    desk.arrive(a_mail())
    to_ana = str(desk.mail_of("assignment")["Message-ID"])
    mail = own_words(author=LENA, subject="Re: VPN", in_reply_to=(to_ana,))
    desk.arrive(mail)
    assert list(answers(desk)) == ["own T-1", "nothing"]
    choose(desk, "own T-1", author=LENA.address)
    assert desk.arrive_again(mail).event is Event.CONFIRMATION_ASKED
    assert confirm(desk, mail).outcome is Outcome.RELAY
    assert "restart it once more" in text_of(desk.last_to("bea@client.example"))


def test_what_answers_a_colleagues_mail_of_the_internal_thread_stays_in_the_house(desk: Desk) -> None:
    desk.arrive(a_mail())
    ana = Address(address="ana@acme.example", name="Ana Ruiz")
    asked = follow_up(
        desk.mail_of("assignment"), author=ana, message_id="<asked@x>", fingerprint="7" * 64,
        text="/escalate\nWhat is it?", new_text="/escalate\nWhat is it?", authentication=VOUCHED,
    )  # fmt: skip
    assert desk.arrive(asked).outcome is Outcome.COMMAND
    before = desk.written_to("bea@client.example")
    to_eva = str(desk.mail_of("dossier")["Message-ID"])
    mail = own_words(
        author=LENA, subject="Re: Engineering", in_reply_to=(to_eva,), text="It is the firmware, tell nobody."
    )
    desk.arrive(mail)
    choose(desk, "own T-1", author=LENA.address)
    desk.arrive_again(mail)
    assert "its words stay internal" in " ".join(text_of(desk.mail_of("confirm")).split())
    confirm(desk, mail)
    assert desk.written_to("bea@client.example") == before
    assert "tell nobody" in text_of(desk.last_to("ana@acme.example"))


def test_a_note_in_own_words_stays_in_the_house_and_commands_happen(desk: Desk) -> None:
    desk.arrive(a_mail())
    before = desk.written_to("bea@client.example")
    mail = own_words(text="/note\n/urgency 1\n\nShe is tired of it.")
    desk.arrive(mail)
    choose(desk, "own T-1")
    desk.arrive_again(mail)
    assert confirm(desk, mail).outcome is Outcome.COMMAND
    assert desk.rows("SELECT urgency FROM tickets")[0].urgency == 1
    assert desk.written_to("bea@client.example") == before


def test_what_would_be_refused_is_refused_at_once_and_its_author_hears_why(desk: Desk) -> None:
    desk.arrive(a_mail())
    mail = own_words(text="/clse\nNo.")
    desk.arrive(mail)
    choose(desk, "own T-1")
    assert desk.arrive_again(mail).event is Event.COMMAND_REFUSED
    assert desk.written()[-1] == ("refused_commands", "ana@acme.example")


def test_nobody_elses_tap_places_own_words(desk: Desk) -> None:
    desk.arrive(a_mail())
    desk.arrive(own_words(authentication=()))
    assert choose(desk, "own T-1", author="mallory@evil.example").outcome is Outcome.HELD
    assert "confirm" not in [kind for kind, _ in desk.written()]


def test_nobody_elses_tap_confirms_own_words(desk: Desk) -> None:
    desk.arrive(a_mail())
    before = desk.written_to("bea@client.example")
    mail = own_words(authentication=())
    desk.arrive(mail)
    choose(desk, "own T-1")
    desk.arrive_again(mail)
    assert tap(desk, desk.mail_of("confirm"), "release", "mallory@evil.example").outcome is Outcome.HELD
    assert desk.written_to("bea@client.example") == before
