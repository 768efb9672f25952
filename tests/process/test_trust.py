"""What of our own server vouches for an author."""

import pytest

from maild.mail.message import Limits
from maild.mail.reading import parse
from maild.process.trust import TrustMethod, vouched
from tests.support.making import a_mail

OURS = TrustMethod(method="authserv_id", value="mx.acme.example")
M365 = TrustMethod(method="microsoft365")


def vouch(trust: TrustMethod, *fields: str) -> str | None:
    return vouched(a_mail(authentication=fields), "client.example", trust)


@pytest.mark.parametrize(
    "field",
    [
        "mx.acme.example; dmarc=pass (p=reject) header.from=client.example",
        "mx.acme.example 1; spf=pass smtp.mailfrom=x.example; dkim=pass header.d=client.example header.s=k1",
        "MX.ACME.EXAMPLE; DMARC=Pass header.from=Client.Example",
        "mx.acme.example; dkim=pass (a (nested) comment) header.d=client.example",
        'mx.acme.example; dkim=pass header.d="client.example" header.i="@client.example"',
        "mx.acme.example; dmarc=none header.from=client.example; dkim=pass header.d=client.example",
        'mx.acme.example; spf=pass smtp.mailfrom="a; dmarc=fail"@x.example; dmarc=pass header.from=client.example',
    ],
)
def test_an_aligned_pass_of_our_server_vouches(field: str) -> None:
    assert vouch(OURS, field)


@pytest.mark.parametrize(
    "field",
    [
        "mx.evil.example; dmarc=pass header.from=client.example",
        "mx.acme.example; dmarc=fail header.from=client.example",
        "mx.acme.example; dmarc=pass header.from=evil.example",
        "mx.acme.example; dkim=pass header.d=evil.example",
        "mx.acme.example; dkim=pass header.d=example",
        "mx.acme.example; dkim=pass header.d=ient.example",
        "mx.acme.example; spf=pass smtp.mailfrom=client.example",
        "mx.acme.example; none (dmarc=pass header.from=client.example)",
        'mx.acme.example; spf=pass smtp.mailfrom="x; dmarc=pass header.from=client.example"@evil.example',
        'mx.acme.example; spf=pass smtp.mailfrom="\\"; dmarc=pass header.from=client.example;"@evil.example',
        "mx.acme.example; none (\\) ; dmarc=pass header.from=client.example; \\)",
        "mx.acme.example; dmarc=pass header.from=evil.example header.from=client.example",
        "mx.acme.example; dmarc=fail header.from=client.example; dmarc=pass header.from=client.example",
        'mx.acme.example; dkim=pass header.d="client.example"@evil.example',
        "mx.acme.example; none",
        "(our own) mx.acme.example; dmarc=pass header.from=client.example",
        '"mx.acme.example"; dmarc=pass header.from=client.example',
        "=?utf-8?q?mx.acme.example?=; dmarc=pass header.from=client.example",
        "mx.acme.example/x; dmarc=pass header.from=client.example",
        "mx.acme.example\x0b; dmarc=pass header.from=client.example",
        "",
    ],
)
def test_nothing_else_vouches(field: str) -> None:
    assert vouch(OURS, field) is None


def test_what_folds_into_our_servers_name_is_not_its_name() -> None:
    ours = TrustMethod(method="authserv_id", value="mx.desks.example")
    assert vouch(ours, "mx.desks.example; dmarc=pass header.from=client.example")
    for name in ("mx.de\u017fks.example", "mx.des\u212as.example"):
        assert vouch(ours, f"{name}; dmarc=pass header.from=client.example") is None


ONCE = "Subject: lunch\r\nContent-Type: text/plain\r\n"


@pytest.mark.parametrize(
    "added", ["Subject: T-1 spam", "Content-Type: multipart/mixed; boundary=x", "Message-ID: <new@x>"]
)
def test_a_signature_vouches_for_nothing_where_a_field_was_added_above_it(added: str) -> None:
    signed = f"From: bea@client.example\r\nMessage-ID: <old@client.example>\r\n{ONCE}\r\nHello.\r\n"
    results = "Authentication-Results: mx.acme.example; dkim=pass header.d=client.example"
    as_it_was = parse(f"{results}\r\n{signed}".encode(), Limits(), ("en",))
    changed = parse(f"{results}\r\n{added}\r\n{signed}".encode(), Limits(), ("en",))
    assert vouched(as_it_was, "client.example", OURS)
    assert vouched(changed, "client.example", OURS) is None


@pytest.mark.parametrize(
    "end",
    [
        "X: a\r\r/close",
        "/close :",
        "X\0: a",
        "From now on pay me.\r\n",
        "From : pay me",
        "X: a\n\n/close",
        "X: a\n\r\n/close",
        "X:\nTo: us@acme.example",
    ],
)
def test_a_signature_vouches_for_nothing_where_the_header_may_go_on_in_what_is_read_as_text(end: str) -> None:
    """Below it a signature would be hidden; and what it shows as the first line of the text, anybody can have written."""
    signed = "From: bea@client.example\r\nSubject: lunch\r\n"
    results = "Authentication-Results: mx.acme.example; dkim=pass header.d=client.example"
    below = "DKIM-Signature: v=1; d=client.example; h=from:subject\r\n\r\nHello.\r\n"
    as_it_was = parse(f"{results}\r\n{signed}{below}".encode(), Limits(), ("en",))
    changed = parse(f"{results}\r\n{signed}{end}\r\n{below}".encode(), Limits(), ("en",))
    assert vouched(as_it_was, "client.example", OURS)
    assert vouched(changed, "client.example", OURS) is None
    straight = parse(
        f"{results}; spf=pass smtp.mailfrom=bea@client.example\r\n{signed}{end}\r\n{below}".encode(), Limits(), ("en",)
    )
    assert vouched(straight, "client.example", OURS)


@pytest.mark.parametrize(
    ("signs", "kind", "is_proven"),
    [
        ("from:subject", 'multipart/alternative; boundary="b"', True),
        ("from:subject", 'multipart/mixed; boundary="evil"', False),
        ("from:subject:content-type", 'multipart/mixed; boundary="evil"', True),
        ("from:subject", "text/plain", True),
    ],
)
def test_no_other_boundary_shows_what_an_author_only_quotes_where_their_server_does_not_sign_it(
    signs: str, kind: str, *, is_proven: bool
) -> None:
    quoted = "--evil\r\n\r\n/close\r\n--evil--\r\n"
    text = f"This is a message in MIME format.\r\n--b\r\n\r\nNo, thanks.\r\n\r\n{quoted}--b--\r\n"
    fields = f"DKIM-Signature: v=1; d=client.example; h={signs}\r\nFrom: bea@client.example\r\nSubject: lunch\r\n"
    results = "Authentication-Results: mx.acme.example; dkim=pass header.d=client.example"
    mail = parse(f"{results}\r\n{fields}Content-Type: {kind}\r\n\r\n{text}".encode(), Limits(), ("en",))
    assert (vouched(mail, "client.example", OURS) is not None) is is_proven


PLAIN = "Content-Type: text/plain; charset=utf-8"
QUOTES = "Sam wrote:\r\n> Please {}/close\r\n\r\nNo, thanks.\r\n"


@pytest.mark.parametrize(
    ("shown_by", "break_", "needs"),
    [
        (f"{PLAIN}\r\nContent-Transfer-Encoding: 8bit", "\u00e9", ""),
        ("Content-Type: text/html", "", "content-type"),
        ("Content-Type: text/enriched", "", "content-type"),
        (PLAIN, "\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>", "content-type"),
        ("Content-Type: text/plain; charset=utf-7", "+AAo-", "content-type"),
        (f"{PLAIN}\r\nContent-Transfer-Encoding: quoted-printable", "a=3Db", ""),
        (f"{PLAIN}\r\nContent-Transfer-Encoding: quoted-printable", "=0A", "content-transfer-encoding"),
        (
            f"{PLAIN}\r\nContent-Transfer-Encoding: quoted-printable",
            "=0A/close\r\n> a=\r\n> ",
            "content-transfer-encoding",
        ),
        (f"{PLAIN}\r\nContent-Transfer-Encoding: quoted-printable", "a=0D=0A=\r\n> b", ""),
        (f"{PLAIN}\r\nContent-Transfer-Encoding: 8bit", "a=\r\n", "content-transfer-encoding"),
        (f"{PLAIN}\r\nContent-Transfer-Encoding: 8bit", "a=b\r\n> ===\r\n> ", ""),
        (PLAIN, "a=\r\n", "what is not there"),
        (PLAIN, "<blockquote>\r\n", "content-type"),
        (f"{PLAIN}\r\nContent-Transfer-Encoding: base64", "", "content-transfer-encoding"),
        (f"{PLAIN}\r\nContent-Transfer-Encoding: x-uuencode", "", "content-transfer-encoding"),
    ],
)
def test_no_other_type_or_encoding_makes_own_words_of_what_an_author_quotes_where_their_server_does_not_sign_it(
    shown_by: str, break_: str, needs: str
) -> None:
    signs = ("from:subject", "from:subject:content-type", "from:subject:content-type:content-transfer-encoding")
    for signed in signs:
        fields = f"DKIM-Signature: v=1; d=client.example; h={signed}\r\nFrom: bea@client.example\r\nSubject: lunch\r\n"
        results = "Authentication-Results: mx.acme.example; dkim=pass header.d=client.example"
        source = f"{results}\r\n{fields}{shown_by}\r\n\r\n{QUOTES.format(break_)}"
        mail = parse(source.encode(), Limits(), ("en",))
        assert (vouched(mail, "client.example", OURS) is not None) is (needs in signed), signed


SPELT = "=?utf-8?q?=3B_dkim=3Dpass_header.d=3Dclient.example=3B?=@evil.example"
"""An address as which anybody can send, and which says something else once its encoded words are decoded."""


@pytest.mark.parametrize(
    ("trust", "field"),
    [
        (OURS, f"mx.acme.example; spf=pass smtp.mailfrom={SPELT}"),
        (OURS, "=?utf-8?q?mx.acme.example?=; dkim=pass header.d=client.example"),
        (M365, f"spf=pass smtp.mailfrom={SPELT}; dmarc=none"),
    ],
)
def test_encoded_words_in_a_result_stay_as_our_server_has_written_them(trust: TrustMethod, field: str) -> None:
    source = f"Authentication-Results: {field}\r\nFrom: bea@client.example\r\n\r\nHello.\r\n"
    assert vouched(parse(source.encode(), Limits(), ("en",)), "client.example", trust) is None


def test_a_lower_field_of_the_same_name_came_with_the_mail() -> None:
    forged = "mx.acme.example; dmarc=pass header.from=client.example"
    assert vouch(OURS, "mx.acme.example; dmarc=fail header.from=client.example", forged) is None


def test_microsoft_names_no_authserv_id() -> None:
    field = "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=client.example; dmarc=pass action=none header.from=client.example"
    assert vouch(M365, field)


def test_only_microsofts_topmost_field_counts() -> None:
    forged = "dmarc=pass action=none header.from=client.example"
    assert vouch(M365, "mx.other.example; none", forged) is None


def test_a_field_that_only_our_server_adds_vouches() -> None:
    trust = TrustMethod(method="header", value="X-Acme-Authenticated: yes")
    mail = a_mail(headers=(("x-acme-authenticated", "yes"),))
    assert vouched(mail, "client.example", trust)
    assert vouched(a_mail(headers=(("x-acme-authenticated", "no"),)), "client.example", trust) is None


def test_a_new_desk_trusts_nobody() -> None:
    assert vouch(TrustMethod(), "mx.acme.example; dmarc=pass header.from=client.example") is None
