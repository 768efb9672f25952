"""Forwarded: the mail of somebody else that a mail hands on, attached (RFC 2046 5.2.1) or written out in its text."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from maild.errors import Unreadable
from maild.mail.addresses import plain_address, read_correspondents
from maild.mail.attributions import is_separator, label_kind
from maild.mail.bodies import read_bodies
from maild.mail.contents import read_contents
from maild.mail.guards import check
from maild.mail.headers import read_headers
from maild.mail.identifiers import message_id
from maild.mail.marks import is_forwarded
from maild.mail.message import Address, Forwarded, Limits
from maild.mail.quoting import new_text
from maild.mail.tree import Leaf, build_tree, leaves

_COLON = re.compile(r"[:\uff1a]")
_ADDRESS = re.compile(r"(.{0,200}?)[<\[(]?(?:mailto:)?([^\s<>\[\]():;,\"]{1,64}@[^\s<>\[\]():;,\"]{1,253})")
_BLOCK_LINES = 8
"""A header written out in text is no longer."""

_KINDS = 2
"""Different labels that it has at least, From among them; one more where no line says that a mail follows."""

_LINES = 2_000
"""Lines of a mail that are looked at."""

_LEVELS = 3
"""Mails in one another that are read, the attached one first; what lies deeper is for a person to open."""

NEXT_TO_NOTHING = 12
"""Words of whoever forwards a mail, with which they say nothing about it: "See attached, regards, Ana Ruiz"."""


def read_forwarded(parts: Iterable[Leaf], text: str, limits: Limits, *, level: int = 1) -> Forwarded | None:
    """The mail that is handed on; None where there is none, or it does not say who wrote it.

    Whoever hands on what was handed on to them is its author, and what that is about belongs to what they say.
    """
    attached = (_attached(leaf.decode(), limits, level) for leaf in parts if _is_mail(leaf))
    return next(filter(None, attached), None) or find_forwarded(text)


def handed_on(own: str, forwarded: Forwarded | None, subject: str, readers: Iterable[str], limits: Limits) -> str:
    """The other mail in words, under who wrote it and about what; nothing where its forwarder says what it is about.

    What stands in the text is handed on only under a subject that says so, else it is quoted; and only where none of the
    `readers`, to whose addresses the mail goes, wrote it.
    """
    if forwarded is None or not _says_next_to_nothing(own):
        return ""
    if not forwarded.is_attached:
        if not is_forwarded(subject) or _mailbox_of(forwarded.author.address) in map(_mailbox_of, readers):
            return ""
        forwarded = replace(forwarded, text=_about(forwarded.text))
    return _in_words(forwarded)[: limits.text_characters]


def _mailbox_of(address: str) -> str:
    """The address without a sub-address, in lower case: answers go to one of the desk's, which mail clients then propose."""
    local, _, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _about(text: str, *, level: int = 1) -> str:
    """What a mail says that stands in the text of another, read as deep as attached ones are."""
    own = new_text(text)
    if level >= _LEVELS or not _says_next_to_nothing(own):
        return own
    inner = next(_found(text), None)
    return f"{own}\n\n{_about(inner.text, level=level + 1)}" if inner else own


def _says_next_to_nothing(own: str) -> bool:
    return len(own.split()) <= NEXT_TO_NOTHING


def _in_words(forwarded: Forwarded) -> str:
    if not forwarded.text.strip():
        return ""
    name, address = forwarded.author.name, forwarded.author.address
    head = f"From: {name} <{address}>" if name else f"From: {address}"
    return f"{head}\nSubject: {forwarded.subject}\n\n{forwarded.text.strip()}"


def _is_mail(leaf: Leaf) -> bool:
    """Some mail clients send the file as octets and let its name say what it is."""
    return leaf.media_type == "message/rfc822" or leaf.name.lower().endswith(".eml")


def find_forwarded(text: str) -> Forwarded | None:
    """The first mail that stands in the text below a header of its own, in the words of the usual mail clients."""
    for found in _found(text):
        if found.author:
            return Forwarded(author=found.author, subject=found.subject, text=found.text, message_id=None)
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A mail in the text of another."""

    author: Address | None
    """None where only a name is told, as Outlook does of colleagues."""

    subject: str
    below: Sequence[str]
    """The lines under its header."""

    @property
    def text(self) -> str:
        return "\n".join(_unquoted(self.below)).strip("\n")


def _found(text: str) -> Iterator[_Found]:
    """Every mail that stands in the text below a header of its own."""
    lines = text.splitlines()
    for place, line in enumerate(lines[:_LINES]):
        if label_kind(line.lstrip("> ")) != "from":
            continue
        start = _start(lines, place)
        block = _block(lines[start:])
        kinds = {label_kind(each) for each in block} - {None}
        is_marked = any(is_separator(each) for each in lines[max(0, start - 3) : start])
        if len(kinds) >= (_KINDS if is_marked else _KINDS + 1):
            yield _Found(
                author=_author(line),
                subject=next((_value(each) for each in block if label_kind(each) == "subject"), ""),
                below=lines[start + len(block) :],
            )


def _attached(source: bytes, limits: Limits, level: int) -> Forwarded | None:
    """None, too, where it would cost too much: what is wrong with a file stops no mail."""
    try:
        check(source, limits)
    except Unreadable:
        return None
    part = build_tree(source)
    headers = read_headers(part)
    author = read_correspondents(headers, limits.addresses).author
    if author is None:
        return None
    parts = list(leaves(part))
    text = read_bodies(read_contents(parts), limits).text
    return Forwarded(
        author=author,
        subject=(headers.first("subject") or "")[:1_000].rstrip(),
        text=_with_inner(new_text(text), parts, text, limits, level),
        message_id=message_id(headers),
        is_attached=True,
    )


def _with_inner(own: str, parts: Sequence[Leaf], text: str, limits: Limits, level: int) -> str:
    """What an attached mail says; where that is next to nothing, what it hands on itself too."""
    if level >= _LEVELS or not _says_next_to_nothing(own):
        return own
    inner = read_forwarded(parts, text, limits, level=level + 1)
    return f"{own.strip()}\n\n{_in_words(inner)}".strip() if inner else own


def _start(lines: Sequence[str], place: int) -> int:
    """Where the header begins whose From stands in this place: some clients put the subject above it."""
    start = place
    while start > max(0, place - _BLOCK_LINES) and label_kind(lines[start - 1].lstrip("> ")) is not None:
        start -= 1
    return start


def _block(lines: Sequence[str]) -> list[str]:
    """The lines of the header: to the first that is empty, without marks of quoting."""
    bare = [line.lstrip("> ").strip() for line in lines[:_BLOCK_LINES]]
    end = next((place for place, line in enumerate(bare) if not line), len(bare))
    return bare[:end]


def _author(line: str) -> Address | None:
    found = _ADDRESS.search(_value(line))
    address = plain_address(found[2]) if found else None
    if found is None or address is None:
        return None
    return Address(address=address, name=" ".join(found[1].strip(" \"'<[(*").split()))


def _value(line: str) -> str:
    return _COLON.split(line[:500], maxsplit=1)[-1].strip(" \t*_\u00a0")


def _unquoted(lines: Sequence[str]) -> list[str]:
    """Without the marks of quoting, where the whole mail was handed on in quotes."""
    filled = [line for line in lines if line.strip()]
    if filled and all(line.startswith(">") for line in filled):
        return [line.removeprefix(">").removeprefix(" ") for line in lines]
    return list(lines)
