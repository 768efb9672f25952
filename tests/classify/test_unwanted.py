"""Bulk and spam that no header field names: told by their text, and never at a client's cost."""

import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.classify.line import classify
from maild.classify.models import Models, load
from maild.classify.newsletter import _HINTS, _SIGNS, newsletter
from maild.classify.soliciting import solicits
from maild.classify.spam_words import suspect
from maild.classify.verdict import Verdict
from maild.process.deciding import decide
from maild.process.ticket import Outcome
from maild.shipped import folder
from maild.store.engine import Store
from tests.support.desks import TECHNICAL, Desk
from tests.support.mail_making import a_mail
from tests.support.making import a_mail as a_parsed_mail
from tests.support.making import some_findings, some_rules, verdicts

SPAM = """Dear Friend,

You have been selected! Earn extra income from home and make money while you sleep. No obligation, absolutely free,
100% guaranteed or your money back. Thousands of people have already changed their lives with our amazing program and
now receive a check every week. This is a limited time offer, so order now and save up to 70%! Credit cards accepted.
Lose weight, refinance your home at the lowest rates, and get your free gift today. Click here to order. To be removed
from our mailing list, reply with remove in the subject.
"""
NEWSLETTERS = {
    "en": "Spring sale!\n\nTrouble viewing this email? View it in your browser.\n\nYou can unsubscribe at any time.\n",
    "de": "Neues im Mai.\n\nSie erhalten diesen Newsletter, weil Sie Kunde sind.\nNewsletter abbestellen\n",
    "fr": "Nos offres.\n\nConsulter cet e-mail dans votre navigateur.\n\nPour ne plus recevoir nos messages, se désabonner.\n",
    "es": "Novedades.\n\nVer este correo en su navegador.\n\nSi quiere darse de baja, responda a este mensaje.\n",
}
HONEST = (
    "How do I unsubscribe from the alerts of the monitoring? I get two hundred a day.",
    "Please give Jo free access to the shared folder, and a discount code for the shop. Call now if unclear.",
    "Wie kann ich den Newsletter abbestellen?",
    "Comment se désabonner des alertes ?",
    'The link "view in your browser" in our newsletter leads to an error 404 since the update of the mail server.',
    "Credit card payments fail on our web site since noon; customers who order now get an error and their money back.",
)  # fmt: skip


@pytest.fixture(scope="module", name="models")
def _models() -> Models:
    return load(folder("models"))


def asked(models: Models, body: str, **fields: str) -> dict[str, Verdict]:
    (said,) = classify([a_mail(body, **fields)], models, ())
    return {verdict.question: verdict for verdict in said}


def test_spam_by_words_is_sure_and_says_why(models: Models) -> None:
    said = asked(models, SPAM, Subject="Make money at home")["kind"]
    assert said.label == "spam"
    assert said.confidence is not None
    assert said.confidence >= 0.95
    assert "it says “" in said.because


def test_a_reply_is_never_spam_by_words(models: Models) -> None:
    assert asked(models, SPAM, Subject="Re: Make money")["kind"].label == "person"
    assert asked(models, SPAM, Subject="Money", In_Reply_To="<1@acme.example>")["kind"].label == "person"


def test_what_may_be_spam_is_left_to_a_tsm(models: Models) -> None:
    text = " ".join(SPAM.split("\n")[2:5]).replace("100% guaranteed or your money back", "really")
    for phrase in (
        "extra income from home",
        "make money",
        "absolutely free,",
        "No obligation,",
        "limited time",
        "save up to",
    ):
        text = text.replace(phrase, "something")
    said = asked(models, text, Subject="Hello")
    assert said["kind"].label == "person"
    assert said["technical"].label is None
    assert said["technical"].because.startswith("it may be spam (0.")


def test_two_lines_are_never_spam(models: Models) -> None:
    assert (
        asked(models, "Click here to make money, absolutely free. Order now!", Subject="Hi")["kind"].label == "person"
    )


@pytest.mark.parametrize("text", HONEST)
def test_an_honest_mail_is_a_persons(models: Models, text: str) -> None:
    assert asked(models, text, Subject="A request")["kind"].label == "person"


@pytest.mark.parametrize("language", NEWSLETTERS)
def test_a_newsletter_without_list_fields_is_bulk(models: Models, language: str) -> None:
    said = asked(models, NEWSLETTERS[language], Subject="News")["kind"]
    assert said.label == "bulk"
    assert "how to leave: “" in said.because


@pytest.mark.parametrize("subject", ["Fwd: News", "WG: News", "TR: News", "RV: News", "Re: News"])
def test_a_newsletter_that_somebody_asks_about_is_not_bulk(models: Models, subject: str) -> None:
    assert asked(models, NEWSLETTERS["en"], Subject=subject)["kind"].label == "person"


def test_header_fields_go_first_and_then_nothing_else_is_asked(models: Models) -> None:
    said = asked(models, SPAM, Subject="Money", List_Id="<news.shop.example>")
    assert {question: verdict.label for question, verdict in said.items()} == {"kind": "bulk"}


def test_phrases_are_counted_once_each() -> None:
    assert solicits("Click here! CLICK HERE, click here. Order now.") == ("click here", "order now")


@pytest.mark.parametrize("kind", ["spam", "bulk"])
def test_a_known_client_is_heard_whatever_their_mail_reads_like(kind: str) -> None:
    by_text = some_findings(verdicts=verdicts(kind=kind, technical="yes", category="network"))
    by_fields = some_findings(verdicts=verdicts(kind=kind))
    assert decide(by_text, some_rules()).outcome is Outcome(kind)
    assert decide(replace(by_text, is_known_client=True), some_rules()).outcome is Outcome.TICKET
    assert decide(replace(by_fields, is_known_client=True), some_rules()).outcome is Outcome(kind)


def test_whoever_has_a_ticket_is_known(store: Store) -> None:
    desk = Desk(store, some_rules())
    spam = (Verdict(question="kind", label="spam", confidence=0.99, because="reads like spam"), *TECHNICAL[1:])
    first = a_parsed_mail(message_id="<1@client.example>", fingerprint="1" * 64)
    assert desk.arrive(first, spam).outcome is Outcome.SPAM
    assert desk.arrive(a_parsed_mail(message_id="<2@client.example>", fingerprint="2" * 64)).outcome is Outcome.TICKET
    third = a_parsed_mail(message_id="<3@client.example>", fingerprint="3" * 64)
    assert desk.arrive(third, spam).outcome is Outcome.TICKET


def test_ends_of_a_long_mail_are_searched() -> None:
    text = "Spring sale.\n" + "word " * 50_000 + NEWSLETTERS["en"]
    assert newsletter(a_mail(text, Subject="News")) is not None


@pytest.mark.parametrize(
    "hostile",
    [
        "privacy policy ",
        "you are receiving this ",
        "view in your ",
        "sie haben sich ",
        "add ",
        "click ",
        "a b ",
        "\n ",
        "free ",
    ],
    ids=repr,
)
def test_two_megabytes_of_malice_take_no_time(models: Models, hostile: str) -> None:
    mail = a_mail("x", Subject="x")
    mail = replace(mail, text=hostile * (2_000_000 // len(hostile)), new_text=hostile * (2_000_000 // len(hostile)))
    started = time.process_time()
    newsletter(mail)
    suspect(mail, models.spam)
    assert time.process_time() - started < 5


def test_spam_that_a_client_hands_on_as_a_file_makes_them_no_spammer(models: Models) -> None:
    mail = a_parsed_mail(subject="Fwd", new_text="", text="", handed_on=f"From: x@spam.example\nSubject: Hi\n\n{SPAM}")
    assert classify([mail], models, ())[0][0].label == "person"


def test_what_a_mail_without_words_hands_on_says_what_it_is_about(models: Models) -> None:
    words = (
        "The VPN client on my laptop cannot connect to the company network since this morning, the gateway times out."
    )
    handed_on = a_parsed_mail(subject="Fwd", new_text="", text="", handed_on=words)
    itself = a_parsed_mail(subject="Fwd", new_text=words, text=words)
    one, two = classify([handed_on, itself], models, ())
    assert [verdict.label for verdict in one[:5]] == [verdict.label for verdict in two[:5]]
    assert one[1].label == "yes"


FALSE_INVOICE = (
    "From: Billing <billing@pay.example>\nSubject: Invoice 88123\n\nYour invoice 88123 over 4,210.00 EUR is overdue. "
    "Please pay the amount to our new bank account by today, or a late payment fee will be charged to your account."
)


@pytest.mark.parametrize(
    ("own", "label"),
    [
        ("Is this phishing? Carl", None),
        ("I clicked on this and typed my password.", None),
        ("", "no"),
        ("Please pay this invoice to the bank account of the supplier.", "no"),
    ],
)
def test_what_is_handed_on_with_a_word_leaves_the_desk_only_where_that_word_says_so_too(
    models: Models, own: str, label: str | None
) -> None:
    mail = a_parsed_mail(subject="Fwd: Invoice 88123 overdue", new_text=own, text=own, handed_on=FALSE_INVOICE)
    verdicts = {verdict.question: verdict for verdict in classify([mail], models, ())[0]}
    assert verdicts["technical"].label == label


@pytest.mark.parametrize("name", sorted(_SIGNS))
@given(data=st.data())
@settings(max_examples=400)
def test_whatever_is_a_sign_has_a_hint(name: str, data: st.DataObject) -> None:
    """Expressions are asked only where one of their hints stands."""
    found = data.draw(st.from_regex(_SIGNS[name])).lower()
    match = _SIGNS[name].search(found)
    assert match is None or any(hint in match.group() for hint in _HINTS[name])
