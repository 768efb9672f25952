"""Who wrote the mail that a mail hands on: attached, or in the words of the usual mail clients."""

import pytest

from maild.mail.forwarded import find_forwarded
from maild.mail.message import Limits
from maild.mail.reading import parse

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
    "outlook, spanish, stars": "*De:* Bea Kunde [mailto:bea@client.example]\n*Enviado:* lunes\n*Para:* Ana\n*Asunto:* Printer\n\n"
    "The printer is dead.\n",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_author_of_a_forwarded_mail_is_found(shape: str) -> None:
    found = find_forwarded(SHAPES[shape])
    assert found is not None
    assert (found.author.address, found.author.name) == ("bea@client.example", "Bea Kunde")
    assert found.text == "The printer is dead."


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
