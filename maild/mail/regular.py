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
    return _cut(text, 0, len(text))


def _cut(text: str, start: int, end: int) -> "Message[str, str] | None":
    """One part, from `start` to `end`; its text is copied once, however deep it lies."""
    body = _start_of_body(text, start, end)
    if body is None or text.find("\nFrom ", start, body) >= 0:
        return None  # the library takes that for the first line of a body where it is the last one of a head
    part = HeaderParser().parsestr(text[start:body])
    if any(not isinstance(defect, MultipartInvariantViolationDefect) for defect in part.defects):
        return None
    part.defects = []  # that a multipart has no parts yet is no defect
    kind = part.get_content_maintype()
    if kind not in _TAKEN_APART:
        part.set_payload(text[body:end])
        return part
    children = _children(part, text, body, end) if kind == "multipart" else None
    if not children:
        return None
    part.set_payload([*children])
    return part


def _start_of_body(text: str, start: int, end: int) -> int | None:
    """What stands behind the first blank line."""
    for blank in ("\n", "\r\n"):
        if text.startswith(blank, start, end):
            return start + len(blank)
    starts = [at + len(blank) for blank in ("\n\n", "\n\r\n") if (at := text.find(blank, start, end)) >= 0]
    return min(starts, default=None)


def _children(part: "Message[str, str]", text: str, body: int, end: int) -> "list[Message[str, str]] | None":
    """The parts of a multipart; None where one is not regular, or the last boundary never comes."""
    boundary, encoding = part.get_boundary(), str(part.get("content-transfer-encoding", "")).lower()
    is_usual = encoding in _PLAIN_ENCODINGS and part.get_content_subtype() != "digest"
    if not boundary or not boundary.isascii() or not is_usual:
        return None
    children: list[Message[str, str]] = []
    start, line = None, f"--{boundary}"
    place = body if text.startswith(line, body, end) else text.find(f"\n{line}", body, end) + 1
    while place > 0:
        stop = text.find("\n", place, end)
        behind = text[place + len(line) : stop if stop >= 0 else end].rstrip("\r").rstrip(" \t")
        if behind in {"", "--"}:
            if start is not None:
                child = _cut(text, start, place - (2 if text[place - 2] == "\r" else 1))
                if child is None:
                    return None
                children.append(child)
            if behind:
                return children
            start = stop + 1
        place = text.find(f"\n{line}", place, end) + 1
    return None
