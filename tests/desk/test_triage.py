"""What nobody was sure about is decided by one tap or one word, and goes to who knows it."""

from dataclasses import replace
from datetime import timedelta
from email.message import Message
from typing import Any
from urllib.parse import unquote

import pytest

from maild.mail.message import Address, Attachment
from maild.process.category import Category
from maild.process.decision import Decision
from maild.process.people.team import OtherTeam, Person
from maild.process.ticket import Event, Outcome, Role
from maild.process.trust import TrustMethod
from maild.store.engine import Store
from tests.support.desks import INVOICE, UNSURE, Desk, follow_up
from tests.support.making import NOON, a_desk, a_mail, a_team, categories, some_rules, verdicts

ANA = Person(name="Ana Ruiz", addresses=("ana@acme.example",), role=Role.TSM, skills=("access",))
NED = Person(name="Ned Netz", addresses=("ned@acme.example",), role=Role.TSM, skills=("network",), capacity=5)
VOUCHED = ("mx.acme.example; dmarc=pass header.from=acme.example",)


def a_desk_with(store: Store, *people: Person, **differences: Any) -> Desk:
    team = a_team(people=(*a_team().people, *people))
    rules = some_rules(team=team, trust=TrustMethod(method="authserv_id", value="mx.acme.example"), **differences)
    return Desk(store, rules)


@pytest.fixture
def desk(store: Store) -> Desk:
    """A desk with two experts, one of them on a ticket that nobody was sure about."""
    made = a_desk_with(store, ANA, NED)
    made.arrive(a_mail(), UNSURE)
    return made


def html_of(message: Message) -> str:
    return part_of(message, "text/html")


def text_of(message: Message) -> str:
    return part_of(message, "text/plain")


def part_of(message: Message, media_type: str) -> str:
    part = next(part for part in message.walk() if part.get_content_type() == media_type)
    return bytes(part.get_payload(decode=True)).decode()


def offered(message: Message) -> dict[str, str]:
    """What stands in the subject of each tap to the address that it writes to."""
    links = [part.partition('"')[0] for part in html_of(message).split('href="mailto:')[1:]]
    pairs = [link.partition("?subject=") for link in links if "?subject=" in link]
    return {unquote(subject).partition(" ")[2]: unquote(address) for address, _, subject in pairs}


def tap(
    desk: Desk,
    message: Message,
    what: str,
    author: str,
    *,
    number: int = 70,
    text: str = "",
    proof: tuple[str, ...] = VOUCHED,
) -> Decision:
    """Tap a link of the mail; the desk's own server vouches for its people."""
    address = offered(message)[what]
    ticket = address.partition("+a")[2].partition(".")[0]
    mail = a_mail(
        author=Address(address=author),
        message_id=f"<tap-{number}@acme.example>",
        fingerprint=f"{number:064}",
        to=(Address(address=address),),
        subject=f"T-{ticket} {what}",
        new_text=text,
        text=text,
        authentication=proof,
    )
    return desk.arrive(mail)


def answers(desk: Desk, text: str, author: str = "ana@acme.example", number: int = 80) -> Decision:
    mail = follow_up(
        desk.mail_of("assignment"),
        author=Address(address=author),
        message_id=f"<word-{number}@acme.example>",
        fingerprint=f"{number:064}",
        new_text=text,
        text=text,
        authentication=VOUCHED,
    )
    return desk.arrive(mail)


def the_ticket(desk: Desk) -> tuple[Any, ...]:
    row = desk.rows("SELECT status, technical, category, assignee, team FROM tickets WHERE id = 1")[0]
    return (row.status, None if row.technical is None else bool(row.technical), row.category, row.assignee, row.team)


def labels(desk: Desk) -> dict[str, str]:
    return {row.question: row.value for row in desk.rows("SELECT question, value FROM labels ORDER BY id")}


def first_to(desk: Desk) -> str:
    return dict(desk.written())["assignment"]


def test_who_is_assigned_is_asked_what_it_is_about(desk: Desk) -> None:
    mail = desk.mail_of("assignment")
    assert the_ticket(desk)[0] == "new"
    assert list(offered(mail)) == ["category network", "technical", "handoff Finance", "handoff Front Office", "spam"]
    assert "The VPN does not connect." in text_of(mail)
    assert "- Network: network" in text_of(mail)


def test_one_tap_decides_and_is_a_label(desk: Desk) -> None:
    decision = tap(desk, desk.mail_of("assignment"), "category network", first_to(desk))
    assert decision.outcome is Outcome.COMMAND
    assert the_ticket(desk)[:3] == ("open", True, "network")
    assert labels(desk) == {"category": "network", "technical": "yes"}
    about = desk.rows("SELECT DISTINCT mail_id, cause_mail_id, source FROM labels")
    assert [tuple(row) for row in about] == [(1, 2, "tsm")]


@pytest.mark.parametrize(
    ("text", "status", "category", "said"),
    [
        ("network", "open", "network", {"category": "network", "technical": "yes"}),
        ("Network.\n\nAna", "open", "network", {"category": "network", "technical": "yes"}),
        ("  TECHNICAL", "open", None, {"technical": "yes"}),
        ("technisch", "open", None, {"technical": "yes"}),
        ("Técnico\n", "open", None, {"technical": "yes"}),
        (
            "finance\n\nThanks,\nAna Ruiz",
            "handed_off",
            "billing",
            {"technical": "no", "category": "billing", "team": "Finance"},
        ),
        ("Billing", "handed_off", "billing", {"technical": "no", "category": "billing"}),
        ("Front office", "handed_off", None, {"technical": "no", "team": "Front Office"}),
        ("nicht technisch", "handed_off", None, {"technical": "no"}),
        ("Spam!", "closed", None, {"kind": "spam"}),
    ],
)
def test_one_word_decides(desk: Desk, text: str, status: str, category: str | None, said: dict[str, str]) -> None:
    assert answers(desk, text, first_to(desk)).outcome is Outcome.COMMAND
    assert (the_ticket(desk)[0], the_ticket(desk)[2]) == (status, category)
    assert labels(desk) == said
    assert "answer" not in desk.written_to("bea@client.example")


def test_a_word_above_a_text_is_no_decision_and_no_answer(desk: Desk) -> None:
    decision = answers(desk, "network\n\nPlease restart the router.", first_to(desk))
    assert decision.event is Event.COMMAND_REFUSED
    assert the_ticket(desk)[0] == "new"
    assert desk.written_to("bea@client.example") == ["acknowledgement"]
    assert "/category network" in desk.last_to(first_to(desk)).as_string()


def test_an_answer_that_only_begins_like_a_word_goes_to_the_client(desk: Desk) -> None:
    assert answers(desk, "Network problems today, we are on it.", first_to(desk)).outcome is Outcome.RELAY


def test_a_word_decides_nothing_where_nobody_asked(store: Store) -> None:
    desk = a_desk_with(store, NED)
    desk.arrive(a_mail())
    assert answers(desk, "network", "ned@acme.example").outcome is Outcome.RELAY


def test_what_was_decided_goes_on_to_who_knows_it(store: Store) -> None:
    busy = Person(name="Ned Netz", addresses=("ned@acme.example",), role=Role.TSM, skills=("network",))
    desk = a_desk_with(store, Person(name="Ana Ruiz", addresses=("ana@acme.example",), role=Role.TSM), busy)
    desk.arrive(a_mail(), UNSURE)
    assert first_to(desk) == "ana@acme.example"
    tap(desk, desk.mail_of("assignment"), "category network", "ana@acme.example")
    assert the_ticket(desk)[3] == "Ned Netz"
    got = desk.last_to("ned@acme.example")
    assert "The VPN does not connect." in text_of(got)
    assert "T-1 category" not in text_of(got)
    assert desk.written_to("ana@acme.example")[-1] == "reassigned"


def test_what_a_phone_puts_below_a_tap_reaches_nobody(desk: Desk) -> None:
    text = "Sent from my phone\nAna Ruiz, Acme, +49 30 1234"
    tap(desk, desk.mail_of("assignment"), "technical", first_to(desk), text=text)
    assert the_ticket(desk)[0] == "open"
    assert desk.written_to("bea@client.example") == ["acknowledgement"]


def test_a_tap_that_asks_the_client_takes_the_words_along(store: Store) -> None:
    desk = a_desk_with(store, NED)
    desk.arrive(a_mail())
    mail = desk.mail_of("assignment")
    assert tap(desk, mail, "waiting", "ned@acme.example").event is Event.COMMAND_REFUSED
    assert desk.rows("SELECT status FROM tickets")[0].status == "open"


def test_words_below_a_tap_are_never_commands(store: Store) -> None:
    desk = a_desk_with(store, NED)
    desk.arrive(a_mail())
    tap(desk, desk.mail_of("assignment"), "waiting", "ned@acme.example", text="/close\nWhich router is it?")
    assert the_ticket(desk)[0] == "waiting"
    assert "/close" in text_of(desk.last_to("bea@client.example"))


def test_the_other_team_gets_the_clients_own_mail_when_a_tsm_decides(desk: Desk) -> None:
    tap(desk, desk.mail_of("assignment"), "handoff Finance", first_to(desk))
    got = desk.mail_of("hand_off")
    assert "The VPN does not connect." in text_of(got)
    original = desk.rows("SELECT digest FROM mails ORDER BY id")[0].digest
    assert original
    assert "tap-70" not in got.as_string()


def test_likely_categories_come_first(store: Store) -> None:
    more = {
        **categories(),
        "access": Category(name="access", title="Access", technical=True, description=""),
    }
    desk = a_desk_with(store, NED, categories=more)
    said = [replace(one, likely=("access", "network")) if one.question == "category" else one for one in UNSURE]
    desk.arrive(a_mail(), said)
    assert list(offered(desk.mail_of("assignment")))[:2] == ["category access", "category network"]


@pytest.mark.parametrize(
    ("category", "leans", "event", "technical"),
    [("network", "yes", "opened", True), ("billing", "no", "handed_off", False)],
)
def test_what_a_sure_category_has_decided_is_asked_of_nobody(
    store: Store, category: str, leans: str, event: str, technical: bool
) -> None:
    desk = a_desk_with(store, ANA, NED)
    known = verdicts(kind="person", technical=None, category=category, urgency="2", impact="3")
    said = [replace(one, likely=(leans,)) if one.question == "technical" else one for one in known.values()]
    desk.arrive(a_mail(), said)
    assert desk.rows("SELECT event FROM events WHERE ticket_id = 1 ORDER BY id")[0].event == event
    assert [bool(row.technical) for row in desk.rows("SELECT technical FROM tickets WHERE technical IS NOT NULL")] == [
        technical
    ]
    assert "needs your decision" not in " ".join(row.new_text for row in desk.rows("SELECT new_text FROM outbox"))
    assert "decide who can best help" not in " ".join(row.new_text for row in desk.rows("SELECT new_text FROM outbox"))


def test_what_is_not_technical_and_no_team_takes_still_asks_a_tsm_for_a_decision(store: Store) -> None:
    desk = Desk(store, some_rules(team=a_team(others=()), desk=a_desk(front_team=None)))
    desk.arrive(a_mail(), INVOICE)
    assert the_ticket(desk)[:2] == ("new", False)
    assert "needs your decision" in text_of(desk.mail_of("assignment"))
    assert "decide who can best help" in " ".join(text_of(desk.mail_of("acknowledgement")).split())


def test_what_a_technical_ticket_is_about_is_one_tap_where_the_model_was_not_sure(store: Store) -> None:
    desk = a_desk_with(store, ANA, NED)
    known = verdicts(kind="person", technical="yes", category=None, urgency="2", impact="3")
    said = [
        replace(one, likely=("billing", "network")) if one.question == "category" else one for one in known.values()
    ]
    desk.arrive(a_mail(), said)
    told = desk.mail_of("assignment")
    assert "- It is about: Network: /category network" in text_of(told)
    assert list(offered(told))[:2] == ["about network", "waiting"]
    tap(desk, told, "about network", first_to(desk))
    assert (the_ticket(desk)[:3], labels(desk)) == (
        ("open", True, "network"),
        {"category": "network", "technical": "yes"},
    )


def test_a_team_whose_name_cannot_be_typed_is_tapped(store: Store) -> None:
    odd = OtherTeam(name="Achats & ventes = 2", address="achats@acme.example", takes=())
    desk = Desk(store, some_rules(team=a_team(others=(odd,))))
    desk.arrive(a_mail(), UNSURE)
    assert "handoff Achats & ventes = 2" in offered(desk.mail_of("assignment"))


@pytest.fixture
def away(store: Store) -> Desk:
    """A desk with one ticket that Finance has."""
    made = a_desk_with(store, ANA)
    made.arrive(a_mail(), INVOICE)
    return made


def teams(desk: Desk, text: str, number: int = 90, **differences: Any) -> Decision:
    fields: dict[str, Any] = {
        "author": Address(address="finance@acme.example"),
        "message_id": f"<team-{number}@acme.example>",
        "fingerprint": f"{number:064}",
        "new_text": text,
        "text": text,
        "authentication": VOUCHED,
    }
    return desk.arrive(follow_up(desk.mail_of("hand_off"), **{**fields, **differences}))


@pytest.mark.parametrize("is_by_tsm", [False, True])
def test_an_original_that_a_mail_server_would_refuse_stays_and_the_team_reads_who_has_it(
    store: Store, *, is_by_tsm: bool
) -> None:
    desk = a_desk_with(store, ANA)
    original = f"source {'l' * 64}"
    desk.rules = replace(desk.rules, relay_bytes=len(original) - 1)
    scan = Attachment(name="scan.pdf", media_type="application/pdf", size=30_000_000, digest="a" * 64)
    desk.arrive(a_mail(digest="l" * 64, attachments=(scan,)), UNSURE if is_by_tsm else INVOICE)
    if is_by_tsm:
        tap(desk, desk.mail_of("assignment"), "handoff Finance", first_to(desk))
    told = desk.mail_of("hand_off")
    assert [part.get_content_type() for part in told.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    text = " ".join(text_of(told).split())
    assert f"The original ({len(original)} B) is too large to attach; it is kept with the ticket." in text
    assert "Ask Lena Lead (lena@acme.example) for it if you need it. - scan.pdf (30.0 MB)" in text
    assert "is attached" not in text
    teams(desk, "We have it.")
    assert the_ticket(desk)[0] == "closed"


def test_a_team_is_offered_to_take_it_or_to_give_it_back(away: Desk) -> None:
    assert list(offered(away.mail_of("hand_off"))) == ["claim", "return", "back"]


def test_a_team_takes_custody_with_one_tap(away: Desk) -> None:
    decision = tap(away, away.mail_of("hand_off"), "claim", "finance@acme.example")
    assert decision.outcome is Outcome.COMMAND
    assert the_ticket(away)[0] == "closed"
    assert away.pass_time(NOON + timedelta(days=30)) == []
    teams(away, "/return")
    told = " ".join(text_of(away.mail_of("refused_commands")).split())
    assert "you have taken it already: Lena Lead can take it back" in told
    assert "goes to the client" not in told


def test_what_is_not_theirs_comes_back_and_a_tsm_decides(away: Desk) -> None:
    tap(away, away.mail_of("hand_off"), "return", "finance@acme.example")
    assert the_ticket(away) == ("new", None, "billing", "Ana Ruiz", None)
    assert away.written()[-2:] == [("handed_back_notice", "bea@client.example"), ("assignment", "ana@acme.example")]
    assert "The VPN does not connect." in text_of(away.mail_of("assignment"))


@pytest.mark.parametrize(
    "text",
    [
        "Not for us, sorry.\n\nPlease ask Sales.",
        "Nicht für uns",
        "/return",
        "Pas pour nous.",
        "Hello,\n\nI am afraid this is not our department; Sales may know.\n\nJo",
        "Sorry, we don't handle such contracts.",
        "Guten Tag,\n\nwir sind dafür leider nicht zuständig.",
        "Bonjour, cela ne relève pas de notre service.",
        "Lo siento, esto no nos corresponde.",
    ],
)
def test_a_team_gives_back_in_words(away: Desk, text: str) -> None:
    teams(away, text)
    assert the_ticket(away)[0] == "new"


@pytest.mark.parametrize(
    "text",
    [
        "Got it, thanks.",
        "We have answered Bea: the invoice was right, and it was not our fault that it came late.",
        "Wir kümmern uns darum, Frau Kunde ist nicht im Haus.",
    ],
)
def test_any_other_answer_of_a_team_is_its_receipt(away: Desk, text: str) -> None:
    assert teams(away, text).event is Event.HAND_OFF_CONFIRMED
    assert the_ticket(away)[0] == "closed"


@pytest.mark.parametrize("text", ["technical", "/technical"])
def test_a_team_says_that_it_is_technical_and_that_is_a_label(away: Desk, text: str) -> None:
    teams(away, text)
    assert the_ticket(away)[:2] == ("open", True)
    assert labels(away) == {"technical": "yes"}
    assert the_ticket(away)[3] == "Ana Ruiz"
    assert "handed_back_notice" in away.written_to("bea@client.example")
    assert "taken_back" not in away.written_to("finance@acme.example")


def test_a_team_may_not_command_what_is_the_desks(away: Desk) -> None:
    assert teams(away, "/spam").event is Event.COMMAND_REFUSED
    assert the_ticket(away)[0] == "handed_off"


def test_a_forged_team_is_held_and_the_real_one_is_asked(away: Desk) -> None:
    assert teams(away, "/technical", authentication=()).outcome is Outcome.HELD
    assert the_ticket(away)[0] == "handed_off"
    assert away.written()[-1] == ("confirm", "finance@acme.example")


def test_what_no_team_takes_comes_back_to_the_desk(away: Desk) -> None:
    assert away.pass_time(NOON + timedelta(days=4)) == [Event.HAND_OFF_UNCLAIMED]
    assert the_ticket(away) == ("new", None, "billing", "Ana Ruiz", None)
    assert set(away.written()[-4:]) == {
        ("handed_back_notice", "bea@client.example"),
        ("hand_off_unclaimed", "lena@acme.example"),
        ("taken_back", "finance@acme.example"),
        ("assignment", "ana@acme.example"),
    }
    assert away.rows("SELECT 1 FROM deadlines WHERE settled_at IS NULL")
    told = " ".join(text_of(away.mail_of("taken_back")).split())
    assert "because nobody on your team had confirmed it in time" in told
    assert "Ana Ruiz is taking care of it now" in told


def test_what_a_team_says_too_late_reaches_whoever_has_the_ticket_now(away: Desk) -> None:
    away.pass_time(NOON + timedelta(days=4))
    for number, kind in enumerate(("hand_off", "taken_back")):
        mail = follow_up(
            away.mail_of(kind),
            author=Address(address="finance@acme.example"),
            message_id=f"<late-{number}@acme.example>",
            fingerprint=f"{80 + number:064}",
            new_text=f"We have told Bea already ({kind}).",
            authentication=VOUCHED,
        )
        assert away.arrive(mail).event is Event.STAFF_WROTE
        assert f"We have told Bea already ({kind})." in text_of(away.newest("team_wrote", "ana@acme.example"))
    assert the_ticket(away)[0] == "new"
    assert "We have told" not in str(away.rows("SELECT new_text FROM outbox WHERE recipient = 'bea@client.example'"))


@pytest.mark.parametrize("words", ["/technical", "Dear Bea, we have paid it.", "/close\nPaid.", "/spam"])
def test_a_team_hears_once_that_the_desk_has_taken_a_ticket_back(desk: Desk, words: str) -> None:
    who = first_to(desk)
    tap(desk, desk.mail_of("assignment"), "handoff Finance", who)
    answers(desk, words, who)
    answers(desk, "Dear Bea, once more.", who, 81)
    assert desk.written_to("finance@acme.example") == ["hand_off", "taken_back"]
    assert "nobody on your team" not in text_of(desk.mail_of("taken_back"))


def test_a_tsm_takes_a_hand_off_back_and_the_client_knows(desk: Desk) -> None:
    who = first_to(desk)
    tap(desk, desk.mail_of("assignment"), "handoff Finance", who)
    assert answers(desk, "/technical", who).outcome is Outcome.COMMAND
    assert the_ticket(desk)[:2] == ("open", True)
    assert desk.written_to("bea@client.example")[-1] == "handed_back_notice"


def test_the_team_that_has_it_hears_what_the_client_adds(away: Desk) -> None:
    away.arrive(follow_up(away.last_to("bea@client.example"), new_text="The number is 4711."))
    got = away.last_to("finance@acme.example")
    assert away.written()[-1] == ("follow_up", "finance@acme.example")
    assert "4711" in text_of(got)
    assert "answer the client directly" in " ".join(text_of(got).split())
