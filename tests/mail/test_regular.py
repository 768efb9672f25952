"""Regular mails are cut at their boundaries into the very tree that the library makes; all others are the library's."""

import email
from email.message import Message

import pytest

from benchmarks.sample_mails import sample_mails
from maild.mail.regular import cut_at_boundaries
from tests.mail.test_corpus import SOURCES
from tests.support.mail_making import a_multipart, a_source

TEXT = "Content-Type: text/plain\r\n\r\nplain words"
INNER = (
    'Content-Type: multipart/alternative; boundary="bb"\r\n\r\n--bb\r\n\r\none\r\n--bb  \r\nContent-Type: text/html\r\n\r\n'
    "<p>two</p>\r\n\r\n--bb--\r\nbehind"
)

REGULAR = {
    "text alone": a_source("Hello\r\n"),
    "plain line ends": a_source("Hello\n").replace(b"\r\n", b"\n"),
    "a head alone": b"Subject: x\r\n\r\n",
    "no head": b"\r\nwords",
    "octets": a_source("Grüße", Subject="Störung".encode("latin-1")),
    "two parts": a_multipart(TEXT, TEXT),
    "parts within parts": a_multipart(INNER, TEXT),
    "a boundary that begins like the one around it": a_multipart(INNER, TEXT, boundary="b"),
    "lines like boundaries": a_multipart(f"{TEXT}\r\n--b2\r\n--b --\r\n --b", TEXT),
}

IRREGULAR = {
    "nothing": b"",
    "no blank line": b"Subject: x",
    "a line that is no field": b"Subject: x\r\nwords\r\n\r\nmore",
    "an mbox's line at the end of a head": a_multipart(
        "Content-Type: text/plain\r\nFrom here on it fails\r\n\r\nwords"
    ),
    "a lone carriage return": a_source("one\rtwo"),
    "no last boundary": a_multipart(TEXT, TEXT).replace(b"--b--", b""),
    "no first boundary": a_source("words", content_type="multipart/mixed; boundary=b"),
    "no boundary at all": a_source("words", content_type="multipart/mixed"),
    "a multipart that is encoded": a_multipart(TEXT).replace(
        b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: base64\r\n\r\n", 1
    ),
    "a part without a blank line": a_multipart("Content-Type: text/plain", TEXT),
    "an attached mail": a_multipart(TEXT, "Content-Type: message/rfc822\r\n\r\nSubject: y\r\n\r\nwords"),
    "a digest": a_multipart(TEXT, subtype="digest"),
}

CHANGES = (
    (b"", 1),
    (b"", 9),
    (b"\r\n", 0),
    (b"\n", 1),
    (b"-", 0),
    (b"\r\n\r\n", 2),
    (b"--b\r\n", 0),
    (b"--bb--\n", 0),
    (b" ", 1),
)
"""What is put where in place of how many octets."""


def shape(part: "Message[str, str]") -> object:
    """All of a tree that is read of it."""
    content = part.get_payload()
    below = [shape(child) for child in content if isinstance(child, Message)] if part.is_multipart() else content
    return [*part.raw_items()], part.get_unixfrom(), part.get_default_type(), list(map(type, part.defects)), below


@pytest.mark.parametrize("source", REGULAR.values(), ids=REGULAR)
def test_a_regular_mail_has_the_tree_of_the_library(source: bytes) -> None:
    tree = cut_at_boundaries(source)
    assert tree is not None
    assert shape(tree) == shape(email.message_from_bytes(source))


@pytest.mark.parametrize("source", IRREGULAR.values(), ids=IRREGULAR)
def test_an_irregular_mail_is_left_to_the_library(source: bytes) -> None:
    assert cut_at_boundaries(source) is None


def test_real_mails_have_the_tree_of_the_library() -> None:
    sources = [*(path.read_bytes() for path in SOURCES), *sample_mails(40)]
    cut = [(tree, source) for source in sources if (tree := cut_at_boundaries(source)) is not None]
    assert len(cut) > 40
    for tree, source in cut:
        assert shape(tree) == shape(email.message_from_bytes(source))


def test_broken_mails_have_the_tree_of_the_library() -> None:
    whole = a_multipart(INNER, TEXT)
    broken = [whole[:start] + put + whole[start + take :] for start in range(len(whole)) for put, take in CHANGES]
    cut = [(tree, source) for source in broken if (tree := cut_at_boundaries(source)) is not None]
    assert len(cut) > len(broken) // 4
    for tree, source in cut:
        assert shape(tree) == shape(email.message_from_bytes(source))
