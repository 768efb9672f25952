"""Where somebody is named: their address, and no longer one that contains it, in a text or in the bytes of a mail."""

import binascii
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from email import message_from_bytes
from email.message import Message
from email.policy import compat32
from functools import lru_cache
from urllib.parse import quote

from maild.mail.domains import unicode_domain

Replace = Callable[[str], str]
"""Gives a text with something else in the place of what must not stand there."""

_QUOTED = re.compile(rb"=(?:[0-9A-Fa-f]{2}|\r?\n)")
_BASE64 = re.compile(rb"(?:[A-Za-z0-9+/]{40,76}\r?\n)+[A-Za-z0-9+/]{0,76}={0,2}|[A-Za-z0-9+/]{16,76}={0,2}(?=\s|$)")
_LETTERS = re.compile(r"[a-z0-9]+")
_ENCODINGS = ("quoted-printable", "base64")
_AS_WRITTEN = compat32.clone(linesep="\r\n", max_line_length=0)


def spellings_of(address: str) -> tuple[str, ...]:
    """The ways in which one address is written: its domain in A-labels (RFC 5890), and as people read it."""
    local, _, domain = address.rpartition("@")
    return tuple(dict.fromkeys((address, f"{local}@{unicode_domain(domain)}")))


def pattern_of(address: str) -> re.Pattern[str]:
    """Find an address in any case and spelling, in links too; `bea@x.example` is not in `anna-bea@x.example.org`."""
    ways = {(local, domain) for local, _, domain in (each.rpartition("@") for each in spellings_of(address))}
    ways |= {(quote(local), domain) for local, domain in ways}
    named = "|".join(f"{re.escape(local)}(?:@|%40|&#64;){re.escape(domain)}" for local, domain in sorted(ways))
    return re.compile(rf"(?<![\w.+-])(?:{named})(?![\w-]|\.\w)", re.IGNORECASE)


def is_named(content: bytes, address: str) -> bool:
    """Whether a mail shows it, as it lies or encoded (RFC 2045); nothing is parsed, so that many can be asked."""
    pattern, sign = _known_by(address)
    return any(sign in view.lower() and pattern.search(view.decode("utf-8", "replace")) for view in _views(content))


@lru_cache(maxsize=8)
def _known_by(address: str) -> tuple[re.Pattern[str], bytes]:
    """The pattern, and letters that are the same in every spelling: to look for them takes a hundredth of the time."""
    return pattern_of(address), max(_LETTERS.findall(address.rpartition("@")[0].lower()), key=len, default="").encode()


def replace_in(content: bytes, replace: Replace) -> bytes:
    """Give a mail of our own with every text that it shows replaced; where nothing is, the very same bytes."""
    if any(name.encode() in content.lower() for name in _ENCODINGS):
        # First: half of what belongs together may stand there as it is.
        message = message_from_bytes(content, policy=compat32)
        changed = [_replace_part(part, replace) for part in message.walk() if not part.is_multipart()]
        content = message.as_bytes(policy=_AS_WRITTEN) if any(changed) else content
    text = content.decode("utf-8", "surrogateescape")
    fresh = replace(text)
    return content if fresh == text else fresh.encode("utf-8", "surrogateescape")


def _replace_part(part: "Message[str, str]", replace: Replace) -> bool:
    """Of parts that are encoded; the others are texts as they lie."""
    encoding = str(part.get("Content-Transfer-Encoding", "")).strip().lower()
    octets = part.get_payload(decode=True)
    if encoding not in _ENCODINGS or not isinstance(octets, bytes):
        return False
    if part.get_content_maintype() == "text":
        fresh = replace(octets.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
    elif part.get_filename("").endswith(".eml"):
        fresh = replace_in(octets, replace)
    else:
        return False
    if fresh == octets:
        return False
    is_quoted = encoding == _ENCODINGS[0]
    encoded = binascii.b2a_qp(fresh.replace(b"\r\n", b"\n"), istext=True) if is_quoted else binascii.b2a_base64(fresh)
    if not is_quoted:
        encoded = b"\n".join(encoded[start : start + 76] for start in range(0, len(encoded), 76))
    part.set_payload(encoded.decode("ascii").replace("\n", "\r\n"))
    return True


def _views(content: bytes) -> Iterator[bytes]:
    yield content
    if _QUOTED.search(content):
        yield binascii.a2b_qp(content)
    if _ENCODINGS[1].encode() not in content.lower():
        return
    for block in _BASE64.findall(content):
        with suppress(binascii.Error):
            yield binascii.a2b_base64(block)
