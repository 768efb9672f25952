"""Bytes to a tree of parts, and the tree to its leaves (RFC 2045, 2046)."""

import email
import io
from collections.abc import Iterator
from dataclasses import dataclass
from email.generator import BytesGenerator
from email.message import Message
from email.utils import collapse_rfc2231_value
from typing import TypeAlias

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

    has_plain_sibling: bool
    """A multipart/alternative offers the same as plain text."""

    content: bytes
    """Decoded from its transfer encoding."""


def build_tree(source: bytes) -> Part:
    """Parse the source, whose structure `guards.check` has bounded."""
    return email.message_from_bytes(source)


def leaves(part: Part, *, is_only: bool = True, is_covered: bool = False) -> Iterator[Leaf]:
    """Go through the leaves in order, decoding each when it is asked for, so that one is in memory at a time."""
    if is_container(part):
        children = subparts(part)
        covers = part.get_content_subtype() == "alternative" and any(_has_plain(child) for child in children)
        for child in children:
            yield from leaves(child, is_only=False, is_covered=is_covered or covers)
        return
    media_type = part.get_content_type()
    yield Leaf(
        media_type="text/plain" if media_type.startswith("multipart/") else media_type,
        charset=parameter(part, "charset"),
        disposition=_disposition(part),
        name=parameter(part, "filename", "content-disposition") or parameter(part, "name") or "",
        content_id=part.get("content-id"),
        is_flowed=(parameter(part, "format") or "").lower() == "flowed",
        deletes_spaces=(parameter(part, "delsp") or "").lower() == "yes",
        is_only=is_only,
        has_plain_sibling=is_covered,
        content=_content(part),
    )


def is_container(part: Part) -> bool:
    """Tell whether the part holds further parts of the same mail (an attached message is another mail)."""
    return part.is_multipart() and part.get_content_maintype() != "message"


def subparts(part: Part) -> list[Part]:
    """The parts directly below; none for a leaf."""
    # Asked of a leaf, Python decodes it by whatever charset it declares, and some of its codecs raise (idna).
    below = part.get_payload() if part.is_multipart() else ()
    return [child for child in below if isinstance(child, Message)]


def parameter(part: Part, name: str, field: str = "content-type") -> str | None:
    """One parameter of a MIME field (RFC 2231 continuations and charsets included); None when absent or broken."""
    try:
        value = part.get_param(name, header=field)
        return None if value is None else collapse_rfc2231_value(value)
    except (ValueError, LookupError, TypeError, AttributeError):
        return None


def defects_of(part: Part) -> tuple[str, ...]:
    """What the parser had to bend, in words, each once."""
    names = (type(defect).__name__ for child in part.walk() for defect in child.defects)
    return tuple(dict.fromkeys(_DEFECTS.get(name, name) for name in names))


def _disposition(part: Part) -> str | None:
    try:
        return part.get_content_disposition()
    except (ValueError, AttributeError):
        return None


def _has_plain(part: Part) -> bool:
    if is_container(part):
        return any(_has_plain(child) for child in subparts(part))
    is_text = part.get_content_type() == "text/plain" and _disposition(part) != "attachment"
    return is_text and not part.is_multipart() and bool(_content(part).strip())


def _content(part: Part) -> bytes:
    if part.is_multipart():
        return b"\n".join(_flatten(child) for child in subparts(part))
    try:
        decoded = part.get_payload(decode=True)
    except Exception:
        # A broken uuencode or charset: what was written is better than nothing.
        decoded = None
    if isinstance(decoded, bytes):
        return decoded
    return str(part.get_payload()).encode("utf-8", "surrogateescape")


def _flatten(part: Part) -> bytes:
    out = io.BytesIO()
    try:
        BytesGenerator(out, mangle_from_=False, maxheaderlen=0).flatten(part)
    except Exception:
        return str(part.get_payload()).encode("utf-8", "replace")
    return out.getvalue()
