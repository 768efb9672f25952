"""The head of a mail: what is read before anybody parses it."""

import pytest

from maild.mail.head import HEAD_OCTETS, Head, read_head

BODY = b"\r\n\r\nFrom: body@evil.example\r\n"


def a_head(*lines: str) -> Head:
    return read_head("\r\n".join(lines).encode() + BODY)


@pytest.mark.parametrize(
    ("field", "author"),
    [
        ("Bea.Kunde@Client.Example", "Bea.Kunde@client.example"),
        ("Bea Kunde <bea@client.example>", "bea@client.example"),
        ('"Kunde, Bea <x@evil.example>" <bea@client.example>', "bea@client.example"),
        ("support@acme.example <bob@evil.example>", "bob@evil.example"),
        ("bea@client.example (at work)", "bea@client.example"),
        ("=?utf-8?q?B=C3=A9a?=\r\n <bea@client.example>", "bea@client.example"),
        ("bea@müller.example", "bea@xn--mller-kva.example"),
        ("a" * 5_000 + " <bea@client.example>", "bea@client.example"),
    ],
)
def test_the_author_is_the_address_of_from(field: str, author: str) -> None:
    assert a_head("Subject: x", f"From: {field}", "To: support@acme.example").authors == (author,)


def test_where_it_came_from_is_the_topmost_host_that_is_not_internal() -> None:
    hops = (
        "Received: from relay (relay [10.1.2.3]) by store",
        "Received: from mx (unknown [IPv6:fe80::1]) by relay",
        "Received: from out.client.example (out [192.0.2.77])\r\n\tby mx; Mon, 23 Nov 2026",
        "Received: from forged ([198.51.100.9]) by out",
    )
    assert a_head(*hops).network == "192.0.2.0/24"
    assert a_head("Received: from x ([IPv6:2001:db8:7:1::5]) by mx").network == "2001:db8:7::/48"
    assert a_head("Received: from x ([999.1.2.3]) by mx", "Received: by qmail, invoked").network is None


def test_the_body_is_no_header_and_what_servers_say_is_kept_whole() -> None:
    head = a_head("From: bea@client.example", "Authentication-Results: mx.acme.example;\r\n dmarc=pass")
    assert head.authors == ("bea@client.example",)
    assert head.authentication == ("mx.acme.example; dmarc=pass",)
    assert read_head(b"From: bea@client.example\n\nFrom: x@evil.example\n").authors == ("bea@client.example",)


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"\r\n\r\n",
        b"From",
        b"From: \xff\xfe@\x00\r\n\r\n",
        b"From: " + b"(" * 100_000,
        b"From: " + b"<" * 100_000,
        b"From: " + b'"\\' * 100_000,
        b"From: " + b"a@" * 100_000,
        b"Received: [" + b"1" * 100_000,
        b"Received: [1.2.3.4\r\n" * 10_000,
        b"X" * HEAD_OCTETS * 3,
        b"\r\n " * HEAD_OCTETS,
        b"From: a@b\r\n" * 10_000,
    ],
    ids=lambda source: repr(source[:12]),
)
def test_nothing_in_a_header_makes_reading_fail(source: bytes) -> None:
    head = read_head(source)
    assert len(head.headers) <= 400
    assert all("@" in author for author in head.authors)


def test_a_nul_in_an_author_is_left_out_since_no_database_takes_it() -> None:
    head = read_head(b"From: <a\x00b@evil.example>\r\nSubject: x\x00y\r\n\r\n")
    assert head.authors == ("ab@evil.example",)
    assert not any("\0" in name + value for name, value in head.headers)
