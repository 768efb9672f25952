"""Who wrote the mail that a mail hands on: attached, or in the words of the usual mail clients."""

from base64 import b64encode

import pytest

from maild.mail.forwarded import find_forwarded
from maild.mail.message import Limits, Mail
from maild.mail.reading import parse
from maild.process.gathering.sheet import gather

# Each in the shape of one mail client, with words of our own.
SHAPES = {
    "gmail": "Please look.\n\n---------- Forwarded message ---------\nFrom: Bea Kunde <bea@client.example>\n"
    "Date: Mon, 23 Nov 2026 at 09:12\nSubject: Printer\nTo: <ana@acme.example>\n\n\nThe printer is dead.\n",
    "outlook": "fyi\n\n________________________________\nFrom: Bea Kunde <bea@client.example>\n"
    "Sent: Monday, November 23, 2026 9:12 AM\nTo: Ana Ruiz <ana@acme.example>\nSubject: Printer\n\nThe printer is dead.\n",
    "outlook, german": "-----Ursprüngliche Nachricht-----\nVon: Bea Kunde <bea@client.example>\n"
    "Gesendet: Montag, 23. November 2026 09:12\nAn: Ana Ruiz\nBetreff: Printer\n\nThe printer is dead.\n",
    "apple": "> Begin forwarded message:\n>\n> From: Bea Kunde <bea@client.example>\n> Subject: Printer\n"
    "> Date: 23 November 2026 at 09:12:00 CET\n> To: ana@acme.example\n>\n> The printer is dead.\n",
    "thunderbird, french": "-------- Message transféré --------\nSujet : Printer\nDe : Bea Kunde <bea@client.example>\n"
    "Date : Mon, 23 Nov 2026 09:12:00 +0100\nPour : ana@acme.example\n\nThe printer is dead.\n",
    "thunderbird": "-------- Forwarded Message --------\nSubject: \tPrinter\nDate: \tMon, 23 Nov 2026 09:12:00 +0100\n"
    "From: \tBea Kunde <bea@client.example>\nTo: \tana@acme.example\n\n\n\nThe printer is dead.\n",
    "outlook, japanese": "ご確認ください。\n\n差出人\uff1a Bea Kunde <bea@client.example>\n送信日時\uff1a 2026年11月23日 9:12\n"
    "宛先\uff1a ana@acme.example\n件名\uff1a Printer\n\nThe printer is dead.\n",
    "qq": '------------------ 转发邮件 ------------------\n发件人: "Bea Kunde"<bea@client.example>;\n'
    "发送时间: 2026年11月23日\n主题: Printer\n\nThe printer is dead.\n",
    "outlook, spanish, stars": "*De:* Bea Kunde [mailto:bea@client.example]\n*Enviado:* lunes\n*Para:* Ana\n*Asunto:* Printer\n\n"
    "The printer is dead.\n",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_author_of_a_forwarded_mail_is_found(shape: str) -> None:
    found = find_forwarded(SHAPES[shape])
    assert found is not None
    assert (found.author.address, found.author.name) == ("bea@client.example", "Bea Kunde")
    assert (found.subject, found.text) == ("Printer", "The printer is dead.")


@pytest.mark.parametrize(
    "text",
    ["From: now on we do it so.", "De: nada", "From: bea@client.example", "The mail said\nfrom: me\nto: you", ""],
)
def test_prose_is_no_forwarded_mail(text: str) -> None:
    assert find_forwarded(text) is None


def test_an_attached_mail_says_who_wrote_it() -> None:
    source = (
        b"From: ana@acme.example\r\nSubject: Fwd\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain\r\n\r\nPlease.\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
        b"From: Bea Kunde <bea@client.example>\r\nSubject: Printer\r\nMessage-ID: <one@client.example>\r\n\r\n"
        b"The printer is dead.\r\n--b--\r\n"
    )
    found = parse(source, Limits(), ("en",)).forwarded
    assert found is not None
    assert (found.author.address, found.message_id) == ("bea@client.example", "<one@client.example>")
    assert (found.subject, found.text.strip()) == ("Printer", "The printer is dead.")


def test_a_long_mail_of_header_lines_costs_little() -> None:
    assert find_forwarded("From: a\n" * 200_000) is None


INNER = (
    b"From: Bea Kunde <bea@client.example>\r\nSubject: Printer\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n"
    b"The printer in room 4 shows error 0x80070005 since Monday.\r\n"
)
KINDS = {
    "outlook": b"Content-Type: message/rfc822\r\n\r\n" + INNER,
    "thunderbird": b"Content-Type: message/rfc822; name=Printer.eml\r\nContent-Disposition: attachment; filename=Printer.eml\r\n\r\n"
    + INNER,
    "a file of octets": b"Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=Printer.EML\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\n" + b64encode(INNER) + b"\r\n",
}


def handing_on(own: str, attached: bytes) -> Mail:
    source = (
        b"From: carl@client.example\r\nSubject: Fwd\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain\r\n\r\n" + own.encode() + b"\r\n--b\r\n" + attached + b"\r\n--b--\r\n"
    )
    return parse(source, Limits(), ("en", "de"))


@pytest.mark.parametrize(
    "own", ["", "Please see attached.\n\n-- \nCarl Kunde\nClient Ltd, Main Road 1, 12345 Town, phone 123 456 789"]
)
@pytest.mark.parametrize("kind", KINDS)
def test_an_attached_mail_says_what_its_forwarder_does_not(kind: str, own: str) -> None:
    mail = handing_on(own, KINDS[kind])
    assert mail.author is not None
    assert mail.author.address == "carl@client.example"
    assert mail.handed_on.startswith("From: Bea Kunde <bea@client.example>\nSubject: Printer\n\nThe printer in room 4")
    assert "printer" not in mail.new_text
    assert mail.told.endswith("since Monday.")
    assert {found.kind for found in gather(mail, mail_id=1)} >= {"error code", "since when"}
    assert mail.language == "en"


def forwarding(own: str, text: str, *, subject: str = "Fwd: Printer", to: str = "support@acme.example") -> Mail:
    head = f"From: carl@client.example\r\nTo: {to}\r\nSubject: {subject}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    return parse(f"{head}{own}\n\n{text}".encode(), Limits(), ("en", "de"))


@pytest.mark.parametrize(
    "subject",
    [
        "Fwd: Printer",
        "FW: Re: Printer",
        "[EXT] WG: Printer",
        "TR : Printer",
        "RV: Printer",
        "VS: Printer",
        "İlt: Printer",
    ],
)
@pytest.mark.parametrize("shape", SHAPES)
def test_a_mail_that_is_forwarded_in_the_text_says_what_its_forwarder_does_not(shape: str, subject: str) -> None:
    mail = forwarding("Can you take this? Thanks, Carl", SHAPES[shape], subject=subject)
    assert mail.handed_on == "From: Bea Kunde <bea@client.example>\nSubject: Printer\n\nThe printer is dead."
    assert "printer" not in mail.new_text


@pytest.mark.parametrize(
    "subject",
    [
        "Re: Printer",
        "RE: FW: Printer",
        "Printer",
        "Forwarding fails",
        "AW: WG: Printer",
        "Rif: Printer",
        "YNT: Printer",
    ],
)
def test_what_stands_below_an_answer_is_quoted_and_not_handed_on(subject: str) -> None:
    assert forwarding("Still the same.", SHAPES["outlook"], subject=subject).handed_on == ""


@pytest.mark.parametrize("to", ["Bea@Client.example", "Bea <bea+t17.baf3k2b@client.example>"])
def test_a_mail_of_its_reader_that_comes_back_forwarded_is_not_handed_on(to: str) -> None:
    assert forwarding("Any news?", SHAPES["outlook"], to=to).handed_on == ""


def test_who_says_what_it_is_about_needs_no_mail_below() -> None:
    own = "Our VPN has been down since this morning and nobody in the office can work; below is what the provider says."
    assert forwarding(own, SHAPES["gmail"]).handed_on == ""


def test_a_chain_of_forwards_in_the_text_is_read_to_what_it_is_about() -> None:
    chain = (
        "Carl, this still happens.\n\n-----Original Message-----\nFrom: Warehouse\nSent: 26 November 2026 09:05\nTo: Bea Kunde\n"
        "Subject: order sync\n\nSince Tuesday orders from the web shop turn up twice in version 12.3.1, and we ship double."
    )
    mail = forwarding("See below.", SHAPES["outlook"].replace("fyi\n\n", "").replace("The printer is dead.", chain))
    assert "Carl, this still happens.\n\nSince Tuesday orders" in mail.told
    assert {found.kind for found in gather(mail, mail_id=1)} >= {"version", "since when"}


def test_a_text_of_many_headers_costs_little() -> None:
    head = "From: a\nSent: 26 November 2026 09:05\nTo: b\nSubject: c\n\n"
    assert find_forwarded(head * 40_000) is None


def test_who_says_what_it_is_about_needs_no_attached_mail() -> None:
    own = "Our VPN has been down since this morning and nobody in the office can work; the attached mail is from the provider."
    mail = handing_on(own, KINDS["outlook"])
    assert (mail.handed_on, mail.told) == ("", mail.new_text)


def test_a_file_that_is_no_mail_hides_no_mail_behind_it() -> None:
    no_mail = b"Content-Type: application/octet-stream; name=note.eml\r\n\r\nJust a note.\r\n--b\r\n"
    mail = handing_on("", no_mail + KINDS["outlook"])
    assert mail.handed_on.startswith("From: Bea Kunde <bea@client.example>")


def test_an_attached_mail_beyond_the_limits_is_not_read_and_stops_nothing() -> None:
    deep = b"".join(
        b"Content-Type: multipart/mixed; boundary=%d\r\n\r\n--%d\r\n" % (level, level) for level in range(400)
    )
    bomb = b"From: bea@client.example\r\nMIME-Version: 1.0\r\n" + deep
    attached = KINDS["a file of octets"].replace(b64encode(INNER), b64encode(bomb))
    mail = handing_on("See below.", attached)
    assert (mail.handed_on, mail.new_text) == ("", "See below.")


def test_a_forward_of_a_forward_is_read_to_what_it_is_about() -> None:
    mail = handing_on("", KINDS["outlook"].replace(INNER, _wrapped(INNER)))
    assert mail.forwarded is not None
    assert mail.forwarded.author.address == "dora@client.example"
    assert mail.handed_on.startswith(
        "From: dora@client.example\nSubject: Fwd\n\nFrom: Bea Kunde <bea@client.example>\nSubject: Printer\n"
    )
    assert "error 0x80070005" in mail.told
    assert {found.kind for found in gather(mail, mail_id=1)} >= {"error code"}


def test_an_attached_mail_that_was_forwarded_in_its_text_is_read_to_what_it_is_about() -> None:
    inner = b"From: dora@client.example\r\nSubject: Fwd\r\n\r\n" + SHAPES["gmail"].replace("\n", "\r\n").encode()
    mail = handing_on("See attached.", KINDS["outlook"].replace(INNER, inner))
    assert "Please look.\n\nFrom: Bea Kunde <bea@client.example>\nSubject: Printer\n\nThe printer is dead." in mail.told


def test_an_attached_mail_that_says_what_it_is_about_is_not_read_through() -> None:
    own = b"Our VPN has been down since this morning, and nobody in the whole office can work at all."
    mail = handing_on("", KINDS["outlook"].replace(INNER, _wrapped(INNER, own)))
    assert "VPN" in mail.told
    assert "printer" not in mail.told


@pytest.mark.parametrize(("wrappings", "is_read"), [(0, True), (2, True), (3, False), (10, False)])
def test_three_mails_in_one_another_are_read(wrappings: int, is_read: bool) -> None:
    inner = INNER
    for _ in range(wrappings):
        inner = _wrapped(inner)
    assert ("room 4" in handing_on("", KINDS["outlook"].replace(INNER, inner)).told) is is_read


def _wrapped(inner: bytes, own: bytes = b"") -> bytes:
    boundary = b"c%d" % len(inner)
    words = b"--" + boundary + b"\r\nContent-Type: text/plain\r\n\r\n" + own + b"\r\n" if own else b""
    return (
        b"From: dora@client.example\r\nSubject: Fwd\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="
        + boundary + b"\r\n\r\n" + words + b"--" + boundary + b"\r\nContent-Type: message/rfc822\r\n\r\n"
        + inner + b"\r\n--" + boundary + b"--\r\n"
    )  # fmt: skip
