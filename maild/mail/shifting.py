"""Whether other fields in a header would make other words of the same text: a signature need not cover those fields."""

import re
from collections.abc import Iterable
from email.errors import MissingHeaderBodySeparatorDefect

from maild.mail.charsets import decode
from maild.mail.contents import HTML, is_body
from maild.mail.tree import Leaf, Part, encoding_of, is_container

_FOREIGN = re.compile(rb"[^A-Za-z0-9+/=\s]|\b[ \t]+\b")
"""In base64; words have blanks between them, and what a program encodes has none."""

_PART = re.compile(rb"^--[^\r\n]+\r?\ncontent-", re.IGNORECASE | re.MULTILINE)
"""Where a part begins: read as one text, a mail of several shows the tags of its HTML, and no quote in them has a mark."""

_TAG = re.compile(rb"<(?:html|body|blockquote)[\s>]", re.IGNORECASE)
"""Of HTML that is read as a plain text: its quotes have no marks there."""

_SOFT = re.compile(rb"=[ \t]*\r?\n")
_NOT_CODED = re.compile(rb"=(?![ \t]*(?:\r?\n|\Z)|[0-9A-F]{2})", re.IGNORECASE)
_BREAK = re.compile(rb"=0A(?!=?[ \t]*(?:\r?\n|\Z))", re.IGNORECASE)
"""In quoted-printable: where a line only seems to end, what stands there in no such text, and where a line ends unseen."""

_UUENCODED = frozenset({"x-uuencode", "uuencode", "uue", "x-uue"})
_DECODED = _UUENCODED | {"quoted-printable", "base64"}


def ends_early(part: Part, source: bytes) -> bool:
    """Whether another program may read fields where this one reads text.

    To some a line that is no field, a bare CR, a bare LF among CRLF, or `From ` is no blank line.
    """
    head = source[: _end_of_header(source)]
    bare = head.replace(b"\r\n", b"")
    is_cut = any(isinstance(defect, MissingHeaderBodySeparatorDefect) for defect in part.defects)
    return is_cut or b"\nFrom " in head or b"\r" in bare or (b"\n" in bare and b"\r\n" in head)


def reads_otherwise(part: Part, parts: Iterable[Leaf], source: bytes) -> bool:
    """Whether another Content-Type or transfer encoding may have shown its author other words than are read; `parts`: its leaves."""
    start = _end_of_header(source)
    if start is None:
        return False
    if is_container(part):
        return _begins_late(part, source, start)
    written = source[start:]
    has_others = any(is_body(leaf) and _has_other_lines(leaf, written) for leaf in parts)
    return has_others or (b"--" in written and _PART.search(written) is not None)


def breaks_off(part: Part, source: bytes) -> bool:
    """Whether it is one text that reads as if quoted-printable were left undecoded: the rest of a quoted line has no mark there."""
    start = _end_of_header(source)
    if start is None or is_container(part) or encoding_of(part) in _DECODED:
        return False
    written = source[start:]
    return _SOFT.search(written) is not None and _NOT_CODED.search(written) is None


def _begins_late(part: Part, source: bytes, start: int) -> bool:
    """Whether words stand before the first part, where no program shows them: another boundary would show them as text."""
    boundary = part.get_boundary()
    if boundary is None:
        return False
    first = source.find(b"\n--" + boundary.encode("utf-8", "surrogateescape"), start - 1)
    before = source[start:first]
    return b"\n--" in b"\n" + before or bool(before.strip() and b"mime" not in before.lower())


def _has_other_lines(leaf: Leaf, written: bytes) -> bool:
    """Whether its encoding or its charset makes lines of it that are not written there."""
    content = leaf.decode()
    match encoding_of(leaf.part):
        case "base64":
            is_decoded = _FOREIGN.search(written) is not None
        case "quoted-printable":
            is_decoded = _BREAK.search(written) is not None
        case encoding:
            is_decoded = encoding in _UUENCODED
    if leaf.media_type not in HTML and _TAG.search(content):
        return True
    return is_decoded or decode(content, leaf.charset)[0].count("\n") > content.count(b"\n")


def _end_of_header(source: bytes) -> int | None:
    ends = [at + len(blank) for blank in (b"\n\n", b"\n\r\n") if (at := source.find(blank)) >= 0]
    return min(ends, default=None)
