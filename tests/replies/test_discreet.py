"""What is repeated of a client's words, to whom, and how a subject is cleaned."""

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail.message import Address
from maild.process.gathering.sheet import Found, Sheet
from maild.replies.discreet import LIMIT, discreet
from maild.replies.plain import one_line, some_lines
from maild.replies.subject import base_subject
from tests.support.making import a_mail, a_ticket
from tests.support.replies_making import BEA, LENA, about, an_occasion, written

ADVERTISEMENTS = (
    "https://evil.example/win",
    "http://1.2.3.4/x",
    "www.evil.example",
    "evil.shop",
    "evil.shop/path?x=1",
    "evil\u2764\ufe0f.ws",
    "\U0001f600.ws/win",
    "\uff57\uff57\uff57\uff0eevil\uff0eexample",
    "evil。example",
    "bücher.example",
    "xn--bcher-kva.example",
    "buy@evil.example",
    "mailto:buy@evil.example",
    "tel:+4917012345678",
    "+49 170 1234567",
    "(0170) 123-45-67",
    "0049.170.1234567",
    "٠١٧٠١٢٣٤٥٦٧",
    "[08001234567]",
    "[+49 800 1234567]",
    "javascript:alert(1)",
)


@pytest.mark.parametrize("advertisement", ADVERTISEMENTS)
def test_nothing_that_leads_to_somebody_is_repeated_to_an_unproven_author(advertisement: str) -> None:
    subject = f"Printer {advertisement} broken"
    assert discreet(subject) == "Printer broken"
    assert discreet(advertisement) == ""
    reply, message = written(about(subject, is_proven=False))
    assert message["Subject"] == "[T-17] Re: Printer broken"
    assert message["Thread-Topic"] == "Printer broken"
    assert advertisement not in reply.text


@pytest.mark.parametrize(
    "subject",
    [
        "Error in config.yaml line 3",
        "Outage since 2026-11-24",
        "Fehler 0x80070005",
        "e.g. this, z.B. das, u.a.",
        "Version 2.1.3 does not start",
        "Node.js: app.js and server.log?",
        "Größe stimmt nicht, bitte prüfen!",
        "½ of the invoices",
        "[Ticket#20170523800002] Printer",
        "Printer [ ref:_00R54Vlq5._5209563BTk6:ref ]",
        "[Case #00123456] Printer",
        "[Vorgang Nr. 2026123456] Printer",
        "Invoice 2026-204",
        "Facture F2026-00118, commande 2026/000211",
    ],
)
def test_an_ordinary_subject_stays_as_it_is(subject: str) -> None:
    assert discreet(subject) == subject


def test_a_subject_without_anything_left_becomes_a_neutral_phrase() -> None:
    reply, message = written(about("https://evil.example", is_proven=False))
    assert message["Subject"] == "[T-17] Re: Your message"
    assert "Subject:" not in reply.text


def test_a_proven_author_sees_the_own_subject_in_full() -> None:
    assert "https://wiki.acme.example" in written(about("Typo at https://wiki.acme.example"))[0].subject


def test_a_subject_that_an_unproven_author_sees_is_short() -> None:
    assert len(discreet("word " * 2_000)) <= LIMIT


@pytest.mark.parametrize("kind", ["acknowledgement", "handed_off_notice", "not_relayed"])
@pytest.mark.parametrize("is_proven", [True, False])
def test_no_body_is_repeated_to_its_author(kind: str, *, is_proven: bool) -> None:
    secret = "visit my shop"
    mail = a_mail(new_text=secret, text=secret, author=BEA)
    reply, _ = written(an_occasion(kind, recipient=BEA, mail=mail, is_proven=is_proven))
    assert secret not in reply.content.decode()


def test_the_lead_reads_the_words_of_an_unproven_author() -> None:
    assert "> The VPN does not connect." in written(an_occasion("assignment", is_proven=False))[0].text


def test_a_mail_that_forges_the_lead_is_not_repeated_to_the_lead() -> None:
    forged = a_mail(author=LENA, new_text="pay the invoice now")
    assert "pay the invoice" not in written(an_occasion("assignment", mail=forged, is_proven=False))[0].text


def test_a_name_that_advertises_is_not_repeated_to_an_unproven_author() -> None:
    someone = Address(address="bea@client.example", name="Win at www.evil.example")
    reply, message = written(an_occasion(recipient=someone, is_proven=False))
    assert message["To"] == "bea@client.example"
    assert reply.text.startswith("Hello,\n")


@pytest.mark.parametrize("name", ["Kunde, Bea", "Acme, Inc.", "bea@client.example", "B" * 60, "Bea <x>"])
def test_a_name_that_reads_badly_is_not_greeted(name: str) -> None:
    someone = Address(address="bea@client.example", name=name)
    assert written(an_occasion(recipient=someone))[0].text.startswith("Hello,\n")


@pytest.mark.parametrize(
    ("subject", "base"),
    [
        ("VPN", "VPN"),
        ("Re: VPN", "VPN"),
        ("AW: Re: [T-17] WG: VPN", "VPN"),
        ("RE : VPN", "VPN"),
        ("Re[2]: VPN", "VPN"),
        ("RES: Odp: VPN", "VPN"),
        ("回复\uff1aVPN", "VPN"),
        ("Re: [T-9 k3.aaaaaaaaaaaaa] Re: VPN", "VPN"),
        ("Re: [T\u20119\u00a0k3.aaaaaaaaaaaaa] VPN", "VPN"),
        ("RE: \u3010T-9\u3011VPN", "VPN"),
        ("[X-9] VPN", "[X-9] VPN"),
        ("Rest: VPN", "Rest: VPN"),
        ("Re:", ""),
        ("", ""),
    ],
)
def test_a_subject_is_stripped_of_tags_and_marks_of_an_answer(subject: str, base: str) -> None:
    assert base_subject(subject, "T") == base


def test_a_tag_that_the_client_sent_is_not_doubled() -> None:
    assert written(about("Re: [T-17] VPN"))[0].subject == "[T-17] Re: VPN"


@pytest.mark.parametrize(
    ("limit", "shown"),
    [
        (24, "The printer on floor 2…"),
        (23, "The printer on floor 2…"),
        (22, "The printer on floor…"),
        (99, "The printer on floor 2 fails"),
    ],
)
def test_a_line_is_cut_between_words(limit: int, shown: str) -> None:
    assert one_line("The printer  on floor 2 fails", limit) == shown
    assert one_line("x" * 50, limit) == ("x" * 50 if limit > 50 else "x" * (limit - 1) + "…")


@given(st.text())
def test_one_line_is_one_line(words: str) -> None:
    line = one_line(words, 50)
    assert len(line) <= 50
    assert line == " ".join(line.split())
    line.encode()


def test_lines_of_words_keep_their_indentation_and_lose_what_hides() -> None:
    lines, is_cut = some_lines("a\r\n    b\tc\u202e\u200b\n\nd\x00", characters=100, lines=3)
    assert lines == ("a", "    b   c", "")
    assert is_cut


@pytest.mark.parametrize(
    "words", ["a." * 5_000, "1 " * 5_000, "a-" * 9_000 + "@", "(" * 9_000, "@" * 9_000, "a:" * 9_000]
)
def test_no_subject_takes_long_to_clean(words: str) -> None:
    began = time.process_time()
    discreet(words)
    base_subject(words, "T")
    assert time.process_time() - began < 3


def test_an_injected_mark_of_the_body_stays_a_quotation() -> None:
    mail = a_mail(new_text="Hello\n--\nsmall print\n- item\n  Client: somebody else\n")
    reply, _ = written(an_occasion("assignment", mail=mail, ticket=a_ticket(subject="-- x")))
    assert "> --\n> small print\n> - item\n>   Client: somebody else\n" in reply.text


def test_nothing_is_gathered_from_a_forged_mail_for_the_person_it_names() -> None:
    sheet = Sheet(found=(Found(kind="url", value="https://evil.example", words="pay", mail=1),), required=("device",))
    occasion = an_occasion("assignment", ticket=a_ticket(sheet=sheet), is_proven=False)
    assert "https://evil.example" in written(occasion)[0].text
    forged = replace(occasion, mail=a_mail(author=LENA))
    text = written(forged)[0].text
    assert "evil.example" not in text
    assert "What is missing" not in text
