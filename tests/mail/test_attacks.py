"""Mails written to harm: each is cheap, and what it hides stays hidden from nobody."""

import time

import pytest

from maild.errors import Unreadable
from maild.mail.message import Limits
from tests.support.mail_making import a_mail, a_source, read

SECONDS = 3.0
"""Generous: on a quiet machine none takes half a second."""


def nested(levels: int) -> bytes:
    head = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (level, level) for level in range(levels)
    )
    return b"From: a@client.example\r\n" + head + b"Content-Type: text/plain\r\n\r\ndeep\r\n"


def many_parts(count: int) -> bytes:
    return a_source(b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n" * count, content_type="multipart/mixed; boundary=b")


def many_blocks(block: bytes, count: int, *, kind: str = "delivery-status", end: bytes = b"--b--\r\n") -> bytes:
    report = b"--b\r\nContent-Type: message/" + kind.encode() + b"\r\n\r\nReporting-MTA: dns; a.example\r\n\r\n"
    return a_source(
        report + block * count + end, content_type="multipart/report; report-type=delivery-status; boundary=b"
    )


BLOCK = b"Final-Recipient: rfc822; b@client.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"

BOMBS = {
    "1,000 levels": nested(1_000),
    "1,000 messages in messages": b"Content-Type: message/rfc822\r\n\r\n" * 1_000,
    "10,000 parts": many_parts(10_000),
    "10,000 parts without fields": a_source(b"--b\r\n\r\nx\r\n" * 10_000, content_type="multipart/mixed; boundary=b"),
    "a report of 10,000 blocks": many_blocks(BLOCK, 10_000),
    "a report of 500,000 empty blocks": many_blocks(b"\r\n", 500_000),
    "a report of empty blocks without an end": many_blocks(b"a:\n\n", 200_000, end=b""),
    "a report of empty blocks between lines that look like its end": many_blocks(b"\n--x\n\n", 200_000),
    "a report of blocks whose lines end in CR": many_blocks(b"a:\r\r", 200_000),
    "a report of blocks in a mail in a mail": b"Content-Type: message/rfc822\n\n" + many_blocks(b"a:\n\n", 200_000),
    "a header of 0.4 MB": a_source(Subject=b"=?utf-8?q?" + b"a" * 400_000 + b"?="),
    "20,000 fields": b"X: 1\r\n" * 20_000 + b"\r\nx",
    "50,000 parameters": a_source(content_type="text/plain" + ";a=b" * 50_000),
    "a source over the limit": a_source(b"x" * 50_000_001),
}

BURDENS = {
    "2,000 parentheses": a_source(From="(" * 2_000 + "a@client.example"),
    "2,000 closed parentheses": a_source(From="(" * 2_000 + ")" * 2_000 + "a@client.example"),
    "10,000 addresses": a_source(To=", ".join(f"u{n}@client.example" for n in range(10_000))),
    "a Subject of 6,000 encoded words": a_source(Subject="\r\n ".join(["=?utf-8?q?abcdefghijklmnopqrstuv?="] * 6_000)),
    "encoded words that never end": a_source(Subject="=?utf-8?q?" * 20_000),
    "5 MB of one URL": a_source("http://client.example/" + "a" * 5_000_000),
    "5 MB of spaces": a_source("x" + " " * 5_000_000 + "y"),
    "100,000 spaces in the last line": a_source("Hello\n\nx" + " " * 100_000 + "y"),
    "2 MB of `>`": a_source(">" * 2_000_000),
    "200,000 lines of On": a_source("On 1\n" * 200_000),
    "50,000 nested divs": a_source("<div>" * 50_000 + "hello" + "</div>" * 50_000, content_type="text/html"),
    "300 nested tables": a_source("<table><tr><td>" * 300 + "hello", content_type="text/html"),
    "1 MB of <": a_source("<" * 1_000_000, content_type="text/html"),
    "a date of nonsense": a_source(Date="Mon, " + "9" * 5_000),
    "20,000 references": a_source(References=" ".join(f"<{n}@a>" for n in range(20_000))),
    "a report of 200,000 blocks beyond ASCII": many_blocks(b"a:\n\n", 200_000, kind="global-delivery-status"),
    "an empty source": b"",
    "NULs": b"\x00" * 10_000,
    "only line ends": b"\r\n" * 100_000,
    "2 MB of boundaries that are none": a_source(b"\n--x" * 500_000, content_type="multipart/mixed; boundary=b"),
    "a header that never ends": b"From: a@client.example\r\nSubject: x" + b"\r\n y" * 50_000,
}


@pytest.mark.parametrize("source", BOMBS.values(), ids=BOMBS.keys())
def test_a_structural_bomb_is_held_at_once_with_its_reason(source: bytes) -> None:
    started = time.process_time()
    with pytest.raises(Unreadable, match="held"):
        read(source)
    assert time.process_time() - started < SECONDS


@pytest.mark.parametrize("source", BURDENS.values(), ids=BURDENS.keys())
def test_a_heavy_mail_is_read_soon(source: bytes) -> None:
    started = time.process_time()
    read(source)
    assert time.process_time() - started < SECONDS


def test_further_addresses_are_dropped_and_named() -> None:
    mail = a_mail(To=", ".join(f"u{n}@client.example" for n in range(600)))
    assert len(mail.to) == Limits().addresses
    assert "to has more than 500 addresses; the others are dropped" in mail.defects


def test_50_levels_are_read_and_51_are_held() -> None:
    assert read(nested(50)).text == "deep"
    with pytest.raises(Unreadable):
        read(nested(51))


def test_a_thousand_parts_are_read() -> None:
    assert read(many_parts(900)).text.startswith("x")


def test_a_report_about_hundreds_of_recipients_is_read_and_what_it_returns_is_none_of_its_blocks() -> None:
    returned = b"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <ours@acme.example>\r\n" + b"\r\n" * 5_000
    bounce = read(many_blocks(BLOCK, 900, end=returned + b"--b--\r\n")).bounce
    assert bounce is not None
    assert (bounce.status, bounce.original_message_id) == ("5.1.1", "<ours@acme.example>")


@pytest.mark.parametrize("field", ["Subject", "From", "X-Own"])
def test_an_encoded_line_end_adds_no_line(field: str) -> None:
    mail = a_mail(**{field: "=?utf-8?q?hello=0D=0ABcc:_victim@client.example?= <ana@client.example>"})
    values = [value for _, value in mail.headers] + [mail.subject, mail.author.name if mail.author else ""]
    assert not any(set(value) & set("\r\n\x0b\x0c\x85\u2028") for value in values)


def test_a_codec_that_is_no_charset_unpacks_nothing() -> None:
    for charset in ("zlib", "bz2", "hex", "idna", "punycode", "unicode_escape"):
        mail = a_mail("x\\u0041", content_type=f"text/plain; charset={charset}")
        assert mail.text == "x\\u0041"
        assert any("unknown" in defect for defect in mail.defects)


@pytest.mark.parametrize("charset", ["idna", "undefined", "punycode"])
def test_8_bit_text_in_a_codec_that_raises_is_read(charset: str) -> None:
    assert a_mail("Grüße".encode("latin-1"), content_type=f"text/plain; charset={charset}").text == "Grüße"
