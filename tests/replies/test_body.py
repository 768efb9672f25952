"""The body of a reply: both texts, the original, and times in words."""

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import Message
from typing import cast
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail.message import Limits
from maild.mail.quoting import new_text
from maild.mail.reading import parse
from maild.process.token import read_address_part, read_subject_tags
from maild.replies.compose import compose
from maild.replies.kinds import KINDS
from maild.replies.layout import linked
from maild.replies.mime import body
from maild.replies.moment import in_words
from maild.replies.specimens import specimens
from tests.support.making import a_desk, a_ticket
from tests.support.replies_making import LANGUAGES, TOKEN, a_voice, an_occasion, opened, text_of, written

ANNOUNCED = (
    "On Mon, Nov 23, 2026 at 10:30 AM Acme Support <support@acme.example> wrote:",
    "Am Mo., 23. Nov. 2026 um 10:30 Uhr schrieb Acme Support <support@acme.example>:",
    "Le lun. 23 nov. 2026 à 10:30, Acme Support <support@acme.example> a écrit :",
    "El lun, 23 nov 2026 a las 10:30, Acme Support (<support@acme.example>) escribió:",
    "From: Acme Support <support@acme.example>\nSent: Monday, 23 November 2026 10:30\nTo: Bea\nSubject: [T-17] Re: VPN",
    "Von: Acme Support <support@acme.example>\nGesendet: Montag, 23. November 2026\nAn: Bea\nBetreff: [T-17] Re: VPN",
)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PLAIN = b"From: bea@client.example\nSubject: VPN\n\nHello\n"


def parts(text: str, html: str, original: bytes | None = None) -> list[bytes]:
    content = b"MIME-Version: 1.0\r\n" + body(
        text, html, originals=[] if original is None else [original], seed="<1@acme.example>"
    )
    assert content.isascii()
    message = message_from_bytes(content, policy=policy.default)
    assert not message.defects
    return [octets_of(part) for part in message.walk() if part.get_content_maintype() == "text"]


def octets_of(part: Message) -> bytes:
    octets = part.get_payload(decode=True)
    assert isinstance(octets, bytes)
    return octets


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.just("\n")))
def test_any_text_comes_back_as_it_went_in(words: str) -> None:
    text, html = parts(f"{words}\n", words or "<p>")
    assert text.decode().replace("\r\n", "\n") == f"{words}\n"
    assert html.decode().replace("\r\n", "\n") == (words or "<p>")


@pytest.mark.parametrize("words", ["a" * 5_000, "ü" * 5_000, "你好" * 3_000, ".\n..\nFrom here\n-- \n", "=3D =?x?="])
def test_long_and_odd_lines_survive(words: str) -> None:
    text, _ = parts(words, "<p>")
    assert text.decode().replace("\r\n", "\n") == words


def test_the_two_texts_say_the_same() -> None:
    reply, message = written(an_occasion())
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert text_of(message).replace("\r\n", "\n") == reply.text
    assert "someone on our support team" in text_of(message, "html")


@pytest.mark.parametrize("kind", ["assignment", "verification", "incident_proposed", "post_mortem", "hand_off"])
def test_a_button_names_the_reply_that_does_the_same(kind: str) -> None:
    occasion = next(each for each in specimens(a_voice(), "en") if each.kind == kind)
    html = text_of(opened(compose(occasion, a_voice())), "html")
    buttons = re.findall(r'<a href="mailto:[^"]+\?[^>]+>(.*?)</a>', html)
    assert [re.sub(r".*<span[^>]*>|</span>", "", each) for each in buttons] == [each.answer for each in occasion.offers]


def test_the_same_occasion_gives_the_same_bytes() -> None:
    assert compose(an_occasion(), a_voice()) == compose(an_occasion(), a_voice())


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_a_hand_off_says_in_every_language_that_the_original_is_too_large_and_who_has_it(language: str) -> None:
    occasion = an_occasion("hand_off", originals=(), kept_back=30_000_000)
    text = " ".join(text_of(written(occasion, desk=a_desk(languages=(language,)))[1]).split())
    assert "(30.0 MB)" in text
    assert "Lena Lead (lena@acme.example)" in text


def test_a_hand_off_carries_the_original_as_a_message() -> None:
    _, message = written(an_occasion("hand_off", originals=(PLAIN,)))
    original = next(iter(message.iter_attachments()))
    assert original.get_content_type() == "message/rfc822"
    assert cast("Message", original.get_payload(0))["Subject"] == "VPN"


@pytest.mark.parametrize(
    "source",
    [
        "Subject: Grüße\n\nhallo\n".encode(),
        b"Subject: x\n\n" + b"a" * 1_500,
        b"Subject: x\r\r\n\nnul \x00",
        b"\xff\xfe",
    ],
)
def test_an_original_that_is_not_7bit_goes_along_octet_by_octet(source: bytes) -> None:
    reply, message = written(an_occasion("hand_off", originals=(source,)))
    original = next(iter(message.iter_attachments()))
    assert reply.content.isascii()
    assert original.get_filename() == "original.eml"
    assert original.get_payload(decode=True) == source


def test_an_original_that_knows_our_boundary_does_not_break_out() -> None:
    reply, _ = written(an_occasion("hand_off", originals=(PLAIN,)))
    outer = reply.content.partition(b'boundary="')[2].partition(b'"')[0]
    hostile = PLAIN + b"--" + outer + b"\nContent-Type: text/html\n\n<b>evil</b>\n--" + outer + b"--\n"
    _, message = written(an_occasion("hand_off", originals=(hostile,)))
    assert [part.get_content_type() for part in message.iter_parts()] == ["multipart/alternative", "message/rfc822"]


def test_other_kinds_carry_no_original() -> None:
    _, message = written(an_occasion("follow_up"))
    assert not list(message.iter_attachments())


def test_only_addresses_that_maild_knows_become_links() -> None:
    line = linked("to bea@client.example or bea@client.example.evil.example <script>", ["bea@client.example"])
    assert line.count("<a ") == 1
    assert "&lt;script&gt;" in line


def test_the_number_of_a_ticket_stays_in_one_line_of_html_and_is_itself_everywhere() -> None:
    whole = '<span style="white-space:nowrap">HELP-17</span>'
    assert linked("see HELP-17, <b>", []) == f"see {whole}, &lt;b&gt;"
    assert linked("x-1@client.example of HELP-17.", ["x-1@client.example"]).count("nowrap") == 1
    assert linked("auf diese E-Mail an e-mail-5@client.example.", ()).count("nowrap") == 1
    for other in ("2026-11-29", "x-1@client.example", "a/b-1", "4-x", "v1-2.3"):
        assert linked(other, []) == other
    reply = compose(an_occasion("acknowledgement"), a_voice())
    assert '<span style="white-space:nowrap">T-17</span>' in text_of(opened(reply), "html")
    assert "T-17" in reply.subject


def test_an_address_cannot_break_out_of_its_link() -> None:
    ticket = a_ticket(client='"x onclick=y"@client.example')
    reply = compose(an_occasion("assignment", ticket=ticket), a_voice())
    assert "&#34;x onclick=y&#34;@client.example" in text_of(opened(reply), "html")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_maild_reads_its_own_mail_as_it_was_written(kind: str, language: str) -> None:
    ticket = a_ticket(language=language, subject="Grüße aus Köln: VPN kaputt 你好")
    reply = compose(an_occasion(kind, ticket=ticket), a_voice(desk=a_desk(languages=(language,))))
    mail = parse(reply.content, Limits(), LANGUAGES)
    assert (mail.subject, mail.message_id, mail.language) == (reply.subject, reply.message_id, language)
    assert mail.text.split() == reply.text.split()
    assert (mail.facts.auto_submitted or "") == KINDS[kind].auto_submitted
    assert mail.defects == ()


def test_the_token_comes_back_by_address_and_by_subject() -> None:
    by_address = parse(compose(an_occasion(), a_voice()).content, Limits(), LANGUAGES)
    part = by_address.reply_to[0].address.partition("+")[2].partition("@")[0]
    assert read_address_part(part) == (17, TOKEN)
    without = a_voice(desk=a_desk(subaddress=""))
    by_subject = parse(compose(an_occasion(), without).content, Limits(), LANGUAGES)
    assert read_subject_tags(by_subject.subject, "T") == [(17, TOKEN)]


# No delimiter is needed for this, which would be the first thing that a client sees of every mail.
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("announced", ANNOUNCED)
def test_an_answer_is_told_from_the_acknowledgement_that_it_quotes(language: str, announced: str) -> None:
    voice = a_voice(desk=a_desk(languages=(language,)))
    reply = compose(an_occasion(ticket=a_ticket(language=language)), voice)
    mark = "> " if announced.rstrip().endswith(":") else ""
    quoted = "\n".join(f"{mark}{line}".rstrip() for line in reply.text.splitlines())
    assert new_text(f"It works now.\n\n{announced}\n\n{quoted}\n") == "It works now."


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Tuesday 1 December, 09:05 (Europe/Berlin)"),
        ("de", "Dienstag, 1. Dezember, 09:05 Uhr (Europe/Berlin)"),
        ("fr", "mardi 1er décembre à 9\xa0h\xa005 (Europe/Berlin)"),
        ("es", "martes 1 de diciembre a las 09:05 (Europe/Berlin)"),
        ("it", "2026-12-01 09:05 (Europe/Berlin)"),
    ],
)
def test_a_moment_is_told_in_each_language(language: str, words: str) -> None:
    moment = datetime(2026, 12, 1, 8, 5, tzinfo=UTC)
    assert in_words(moment, now=NOW, zone=ZoneInfo("Europe/Berlin"), language=language) == words


@pytest.mark.parametrize(
    ("moment", "zone", "shown"),
    [
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "Europe/Berlin", "02:30 (Europe/Berlin, UTC+2)"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "Europe/Berlin", "02:30 (Europe/Berlin, UTC+1)"),
        (datetime(2026, 10, 25, 2, 0, tzinfo=UTC), "Europe/Berlin", "03:00 (Europe/Berlin)"),
        (datetime(2027, 3, 28, 1, 0, tzinfo=UTC), "Europe/Berlin", "03:00 (Europe/Berlin)"),
        (datetime(2026, 4, 4, 15, 15, tzinfo=UTC), "Australia/Lord_Howe", "01:45 (Australia/Lord_Howe, UTC+10:30)"),
        (datetime(2026, 11, 1, 6, 0, tzinfo=UTC), "America/New_York", "01:00 (America/New_York, UTC-5)"),
    ],
)
def test_an_hour_that_comes_twice_is_told_with_its_offset(moment: datetime, zone: str, shown: str) -> None:
    assert in_words(moment, now=NOW, zone=ZoneInfo(zone), language="en").endswith(f", {shown}")


def test_the_year_is_told_where_it_is_another_one() -> None:
    moment = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    told = in_words(moment, now=NOW, zone=ZoneInfo("Europe/Madrid"), language="es")
    assert told == "viernes 1 de enero de 2027 a las 00:30 (Europe/Madrid)"


CLOSED = {
    "en": "Your request is now closed",
    "de": "Ihr Anliegen ist damit abgeschlossen",
    "fr": "Votre demande est ainsi close",
    "es": "su caso queda cerrado",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_that_close_a_ticket_say_so_once_in_every_language(language: str) -> None:
    ticket = a_ticket(language=language)
    said, _ = written(an_occasion("answer", ticket=ticket, words="They have left us.", is_closing=True))
    assert " ".join(said.text.split()).count(CLOSED[language]) == 1
    unsaid, _ = written(an_occasion("answer", ticket=ticket, words="They have left us."))
    assert CLOSED[language] not in " ".join(unsaid.text.split())
