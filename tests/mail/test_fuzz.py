"""Whatever is put together from pieces of header fields and MIME is read or held."""

import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maild.errors import Unreadable
from maild.mail.message import Limits, Mail
from tests.mail.test_corpus import SOURCES, assert_sound
from tests.support.mail_making import LANGUAGES, a_multipart
from tests.support.mail_making import read as read_one

LIMITS = Limits(seconds=5)

NAMES = st.sampled_from(
    b"From,To,Cc,Reply-To,Subject,Date,Message-ID,References,In-Reply-To,Return-Path,Delivered-To,Content-Type,"
    b"Content-Transfer-Encoding,Content-Disposition,Content-ID,Auto-Submitted,List-Id,List-Post,Received,MIME-Version,"
    b"Authentication-Results,X-Spam-Flag,X-Auto-Response-Suppress,X".split(b",")
)
PIECES = st.sampled_from(
    [
        *b'a@b.c|<a@b.c>|<|>|(|)|"|,|;|:|@|[|]|\\|=?utf-8?q?=C3=BC?=|=?utf-8?b?|=?klingon?q?x?=|?=|=0D=0A| |\t'.split(
            b"|"
        ),
        *b"multipart/mixed|multipart/alternative|multipart/report|multipart/digest|message/rfc822|text/plain".split(
            b"|"
        ),
        *b'message/delivery-status|message/partial|text/html|application/ms-tnef|boundary=b|boundary="b"'.split(b"|"),
        *b"charset=utf-8|charset=zlib|charset=utf-16|charset*=x''%FF|name*0=a|name*1*=%ZZ|filename=\"../x\"".split(
            b"|"
        ),
        *b"format=flowed|report-type=delivery-status|base64|quoted-printable|x-uuencode|8bit|attachment|inline".split(
            b"|"
        ),
        *b"Mon, 02 Mar 2026 10:00:00 +0100|99|-0000|auto-replied|<mailto:a@b>|undisclosed-recipients:;".split(b"|"),
        b"\xff",
        b"\xc3\xbc",
        b"\x00",
        b"\r\n ",
        b"\r",
        b"x" * 300,
    ]
)
LINES = st.sampled_from(
    [
        *b"--b|--b--|hello|> quoted|On 1 Jan 2026, a wrote:|-- |From x|begin 644 x|end|<div>|</p>|=|&#x0;".split(b"|"),
        b"",
        b"Content-Type: multipart/mixed; boundary=b",
        b"Content-Type: message/rfc822",
        b"Content-Type: message/delivery-status",
        b"Content-Type: text/html; charset=utf-16",
        b"Content-Transfer-Encoding: base64",
        b"Final-Recipient: rfc822; a@b.c",
        b"Action: failed",
        b"eJ8+Ig==",
        b"\xff\xfe\x00",
    ]
)
FIELDS = st.builds(lambda name, pieces: name + b": " + b"".join(pieces), NAMES, st.lists(PIECES, max_size=8))
MAILS = st.builds(
    lambda fields, lines, end: end.join([*fields, b"", *lines]),
    st.lists(FIELDS, max_size=10),
    st.lists(st.one_of(LINES, FIELDS), max_size=25),
    st.sampled_from([b"\r\n", b"\n", b"\r"]),
)


def assert_read_or_held(source: bytes) -> None:
    try:
        mail = read_one(source, LIMITS)
    except Unreadable as error:
        reason = str(error)
    else:
        reason = ""
        assert_a_mail(mail, source)
    assert "breaks the parser" not in reason


def assert_a_mail(mail: Mail, source: bytes) -> None:
    assert isinstance(mail, Mail)
    assert_sound(mail, source)
    assert mail.language in {*LANGUAGES, None}


@settings(max_examples=400, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(MAILS)
def test_a_mail_of_pieces_is_read_or_held(source: bytes) -> None:
    assert_read_or_held(source)


@settings(max_examples=150, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=400))
def test_noise_is_read_or_held(source: bytes) -> None:
    assert_read_or_held(source)
    assert_read_or_held(a_multipart("\r\nhello", source))


def test_real_mails_with_broken_octets_are_read_or_held() -> None:
    chance = random.Random(4711)
    for path in chance.sample(SOURCES, 150):
        source = bytearray(path.read_bytes())
        for _ in range(max(1, len(source) // 200)):
            source[chance.randrange(len(source))] = chance.randrange(256)
        assert_read_or_held(bytes(source))
