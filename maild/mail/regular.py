"""A regular mail to its tree, cut at its boundaries; the library goes line by line, and compiles a pattern for each boundary."""

from email.errors import MultipartInvariantViolationDefect
from email.message import Message
from email.parser import HeaderParser

_TAKEN_APART = frozenset({"multipart", "message"})
_PLAIN_ENCODINGS = frozenset({"", "7bit", "8bit", "binary"})


def cut_at_boundaries(source: bytes) -> "Message[str, str] | None":
    """The very tree that the library makes, without preambles and epilogues; None for a mail that leaves it anything to bend.

    That is one with attached messages, too: what those hold counts by other rules.
    """
    text = source.decode("ascii", "surrogateescape")
    if text.count("\r") != text.count("\r\n"):
        return None  # a lone one ends a line
    return _cut(text)


def _cut(text: str) -> "Message[str, str] | None":
    end = _end_of_head(text)
    if end is None:
        return None
    part = HeaderParser().parsestr(text[:end])
    if any(not isinstance(defect, MultipartInvariantViolationDefect) for defect in part.defects):
        return None
    part.defects = []  # that a multipart has no parts yet is no defect
    kind = part.get_content_maintype()
    if kind not in _TAKEN_APART:
        part.set_payload(text[end:])
        return part
    children = _children(part, text, end) if kind == "multipart" else None
    if not children:
        return None
    part.set_payload([*children])
    return part


def _end_of_head(text: str) -> int | None:
    """Where the body begins, behind the first blank line."""
    for blank in ("\n", "\r\n"):
        if text.startswith(blank):
            return len(blank)
    ends = [place + len(blank) for blank in ("\n\n", "\n\r\n") if (place := text.find(blank)) >= 0]
    return min(ends, default=None)


def _children(part: "Message[str, str]", text: str, start: int) -> "list[Message[str, str]] | None":
    """The parts of a multipart whose body begins at `start`; None where one is not regular, or the last boundary never comes."""
    boundary = part.get_boundary()
    encoding = str(part.get("content-transfer-encoding", "")).lower()
    if (
        not boundary
        or not boundary.isascii()
        or part.get_content_subtype() == "digest"
        or encoding not in _PLAIN_ENCODINGS
    ):
        return None
    children: list[Message[str, str]] = []
    begin, line = None, f"--{boundary}"
    place = start if text.startswith(line, start) else text.find(f"\n{line}", start) + 1
    while place > 0:
        end = text.find("\n", place)
        behind = text[place + len(line) : end if end >= 0 else None].rstrip("\r").rstrip(" \t")
        if behind in {"", "--"}:
            if begin is not None:
                child = _cut(text[begin : place - (2 if text[place - 2] == "\r" else 1)])
                if child is None:
                    return None
                children.append(child)
            if behind:
                return children
            begin = end + 1
        place = text.find(f"\n{line}", place) + 1
    return None
