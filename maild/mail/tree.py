"""Bytes to a tree of parts, and the tree to its leaves (RFC 2045, 2046)."""

import base64
import binascii
import email
import io
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.generator import BytesGenerator
from email.message import Message
from email.utils import collapse_rfc2231_value
from typing import Any, TypeAlias

from maild.mail.regular import cut_at_boundaries
from maild.mail.words import decode_words, restore

Part: TypeAlias = "Message[str, str]"

_DEFECTS = {
    "StartBoundaryNotFoundDefect": "the boundary that is declared never comes: read as text",
    "CloseBoundaryNotFoundDefect": "the last boundary is missing: read to the end",
    "NoBoundaryInMultipartDefect": "a multipart without boundary: read as text",
    "MultipartInvariantViolationDefect": "a multipart with one part",
    "MissingHeaderBodySeparatorDefect": "no blank line between header and text",
    "FirstHeaderLineIsContinuationDefect": "the header starts with a continuation line, which is dropped",
    "InvalidMultipartContentTransferEncodingDefect": "a multipart with a transfer encoding, which is ignored",
    "InvalidBase64PaddingDefect": "base64 with wrong padding: read as far as it goes",
    "InvalidBase64CharactersDefect": "base64 with foreign characters, which are skipped",
    "InvalidBase64LengthDefect": "base64 of an impossible length: kept as it is",
    "MisplacedEnvelopeHeaderDefect": "an mbox From line among the header fields, which is dropped",
}

_MEDIA_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+")
_LINE_END = re.compile(rb"\r?\n")
_HEADER = re.compile(rb"\s*[\x21-\x39\x3b-\x7e]{1,80}:")

_BROKEN = (ValueError, LookupError, TypeError, AttributeError)
"""What the library raises over a field that it cannot read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One part that holds no further parts of this mail; an attached message is one leaf."""

    media_type: str
    """Lower case, without parameters."""

    charset: str | None
    disposition: str | None
    """RFC 2183, lower case; None where the author wrote none."""

    name: str
    """The file name as it was written; empty where there is none."""

    content_id: str | None
    is_flowed: bool
    deletes_spaces: bool
    """DelSp of RFC 3676."""

    is_only: bool
    """The mail is this one part."""

    container: str
    """Media type of what it stands in; empty where that is the mail itself."""

    has_plain_sibling: bool
    """A multipart/alternative offers the same as plain text."""

    part: Part
    """Where it stands in the tree."""

    def decode(self) -> bytes:
        """Give the content without its transfer encoding; anew each time, so that one leaf is in memory at a time."""
        return _content(self.part)


def build_tree(source: bytes) -> Part:
    """Parse the source, whose structure `guards.check` has bounded."""
    regular = cut_at_boundaries(source)
    return email.message_from_bytes(source) if regular is None else regular


def leaves(part: Part, *, is_only: bool = True, is_covered: bool = False, container: str = "") -> Iterator[Leaf]:
    """Go through the leaves in order."""
    if is_container(part):
        children = subparts(part)
        covers = part.get_content_subtype() == "alternative" and any(_has_plain(child) for child in children)
        within = part.get_content_type()
        for child in children:
            yield from leaves(child, is_only=False, is_covered=is_covered or covers, container=within)
        return
    media_type, said = _media_type(part), parameters(part)
    yield Leaf(
        media_type="text/plain" if media_type.startswith("multipart/") else media_type,
        charset=said.get("charset"),
        disposition=_disposition(part),
        name=parameters(part, "content-disposition").get("filename") or said.get("name") or "",
        content_id=part.get("content-id"),
        is_flowed=said.get("format", "").lower() == "flowed",
        deletes_spaces=said.get("delsp", "").lower() == "yes",
        is_only=is_only,
        container=container,
        has_plain_sibling=is_covered,
        part=part,
    )


def _media_type(part: Part) -> str:
    """As RFC 2045 writes it; some programs encode it, as if it were words."""
    written = part.get_content_type()
    if _MEDIA_TYPE.fullmatch(written):
        return written
    decoded = decode_words(written).partition(";")[0].strip().lower()
    return decoded if _MEDIA_TYPE.fullmatch(decoded) else part.get_default_type()


def is_container(part: Part) -> bool:
    """Tell whether the part holds further parts of the same mail (an attached message is another mail)."""
    return part.is_multipart() and part.get_content_maintype() != "message"


def subparts(part: Part) -> list[Part]:
    """The parts directly below; none for a leaf."""
    # Asked of a leaf, Python decodes it by whatever charset it declares, and some of its codecs raise (idna).
    below = part.get_payload() if part.is_multipart() else ()
    return [child for child in below if isinstance(child, Message)]


def parameters(part: Part, field: str = "content-type") -> Mapping[str, str]:
    """The parameters of a MIME field by name (RFC 2231 continuations and charsets included), without broken ones.

    The first one of a name counts.
    """
    found: dict[str, str | None] = {}
    with suppress(*_BROKEN):
        for name, value in _with_letters(part, field).get_params([], header=field):
            found.setdefault(name.lower(), _plain(value))
    return {name: value for name, value in found.items() if value is not None}


def _with_letters(part: Part, field: str) -> Part:
    """A part whose field can be read: the library has a question mark for each octet that is no ASCII, as names often have."""
    written = next((str(value) for name, value in part.raw_items() if name.lower() == field), "")
    if written.isascii():
        return part
    message: Part = Message()
    message[field] = restore(written)
    return message


def defects_of(part: Part) -> tuple[str, ...]:
    """What the parser had to bend, in words, each once."""
    names = (type(defect).__name__ for child in part.walk() for defect in child.defects)
    return tuple(dict.fromkeys(_DEFECTS.get(name, name) for name in names))


def _disposition(part: Part) -> str | None:
    try:
        return part.get_content_disposition()
    except (ValueError, AttributeError):
        return None


def _plain(value: Any) -> str | None:
    try:
        return collapse_rfc2231_value(value)
    except _BROKEN:
        return None


def _has_plain(part: Part) -> bool:
    if is_container(part):
        return any(_has_plain(child) for child in subparts(part))
    is_text = part.get_content_type() == "text/plain" and _disposition(part) != "attachment"
    return is_text and not part.is_multipart() and bool(_content(part).strip())


def _content(part: Part) -> bytes:
    encoding = encoding_of(part)
    if part.is_multipart():
        written = b"\n".join(_flatten(child) for child in subparts(part))
        if part.get_content_maintype() == "message":
            written = _LINE_END.sub(b"\r\n", written)  # RFC 5322 2.1: Outlook misreads a file that has LF alone
        return _mail_in(written) or written if encoding == "base64" else written
    try:
        if encoding is not None and encoding != part["content-transfer-encoding"]:
            part.replace_header("content-transfer-encoding", encoding)
        decoded = part.get_payload(decode=True)
    except Exception:
        # A broken uuencode or charset: what was written is better than nothing.
        decoded = None
    if isinstance(decoded, bytes):
        return decoded
    return str(part.get_payload()).encode("utf-8", "surrogateescape")


def encoding_of(part: Part) -> str | None:
    """As the library knows it: without the spaces, quotes and parameters that some programs write behind it."""
    written = part.get("content-transfer-encoding")
    return None if written is None else str(written).partition(";")[0].strip(" \t\r\n\"'").lower()


def _mail_in(encoded: bytes) -> bytes | None:
    """A mail that was attached in base64, which is not allowed and done (RFC 2046 5.2.1); None where none is in it."""
    try:
        decoded = base64.b64decode(encoded)
    except binascii.Error:
        return None
    return decoded if _HEADER.match(decoded) else None


def _flatten(part: Part) -> bytes:
    out = io.BytesIO()
    try:
        BytesGenerator(out, mangle_from_=False, maxheaderlen=0).flatten(part)
    except Exception:
        return str(part.get_payload()).encode("utf-8", "replace")
    return out.getvalue()
