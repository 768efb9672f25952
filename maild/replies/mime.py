"""Texts to the body of a message: multipart/alternative, with originals and files where they go along (RFC 2045, 2046)."""

import base64
import binascii
import hashlib
from collections.abc import Sequence
from itertools import starmap

from maild.mail.contents import File
from maild.replies.files import file_part

_PLAIN_LINE = 78
_LONGEST_LINE = 998


def body(text: str, html: str, *, originals: Sequence[bytes], seed: str, files: Sequence[File] = ()) -> bytes:
    """Content fields, blank line and body, CRLF and 7-bit; `seed` makes the boundaries, which must not be guessable."""
    alternative = _multipart("alternative", [_text("plain", text), _text("html", html)], _boundary(seed, b""))
    parts = [alternative, *starmap(_original, enumerate(originals, 1)), *map(file_part, files)]
    if len(parts) == 1:
        return alternative
    return _multipart("mixed", parts, _boundary(f"{seed} original", b"".join(originals)))


def _multipart(subtype: str, parts: list[bytes], boundary: bytes) -> bytes:
    opening = b"--" + boundary + b"\r\n"
    inner = b"".join(opening + part + b"\r\n" for part in parts)
    return (
        b"Content-Type: multipart/"
        + subtype.encode()
        + b';\r\n boundary="'
        + boundary
        + b'"\r\n\r\n'
        + inner
        + b"--"
        + boundary
        + b"--\r\n"
    )


def _text(subtype: str, words: str) -> bytes:
    encoding, octets = _encoded(words)
    fields = f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return fields.encode() + octets


def _encoded(words: str) -> tuple[str, bytes]:
    """The encoding that leaves most to be read by a person, and the words in it."""
    if words.isascii() and max(map(len, words.split("\n"))) <= _PLAIN_LINE and "\r" not in words:
        return "7bit", words.replace("\n", "\r\n").encode()
    octets = words.encode("utf-8", "replace")
    quoted = binascii.b2a_qp(octets, istext=True).replace(b"\n", b"\r\n")
    if len(quoted) <= len(octets) * 4 // 3:
        return "quoted-printable", quoted
    lines = base64.encodebytes(octets.replace(b"\n", b"\r\n"))
    return "base64", lines.replace(b"\n", b"\r\n")


def _original(place: int, source: bytes) -> bytes:
    called = b"original.eml" if place == 1 else f"original-{place}.eml".encode()
    name = b'Content-Disposition: attachment; filename="' + called + b'"\r\n'
    if _is_7bit(source):
        lines = source.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        return b"Content-Type: message/rfc822\r\n" + name + b"\r\n" + lines
    # message/rfc822 may not be encoded (RFC 2046 5.2.1), and a changed original is none: a file, octet by octet.
    octets = base64.encodebytes(source).replace(b"\n", b"\r\n")
    kind = b'Content-Type: application/octet-stream; name="' + called + b'"\r\n'
    return kind + name + b"Content-Transfer-Encoding: base64\r\n\r\n" + octets


def _is_7bit(source: bytes) -> bool:
    """RFC 2045 2.7: ASCII without NUL, lines of at most 998 octets, CR only before LF."""
    if not source.isascii() or b"\0" in source or source.count(b"\r") != source.count(b"\r\n"):
        return False
    return max(map(len, source.splitlines()), default=0) <= _LONGEST_LINE


def _boundary(seed: str, inside: bytes) -> bytes:
    boundary = b"=_" + hashlib.sha256(seed.encode()).hexdigest()[:32].encode()
    while boundary in inside:
        boundary += b"x"
    return boundary
