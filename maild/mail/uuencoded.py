"""Files that stand uuencoded within a text, as programs wrote them before there was MIME (POSIX, uuencode)."""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

MOST = 50
"""Of one text; further ones stay in it."""

_FILE = re.compile(
    rb"^begin [0-7]{3,4} ([^\r\n]{1,300})\r?\n((?:[ -`]{1,64}\r?\n)++)(?:\r?\n)?end[ \t]*(?:\r?\n|\Z)", re.MULTILINE
)
_OFFSET, _BITS = 0x20, 0x3F
_FULL = 45
"""Octets of a line at most."""

_LOST = 3
"""Letters that a line may lack that is taken for whole: spaces at its end; a file whose every line lacks more are words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Uuencoded:
    """One file, and where it stands in the text."""

    start: int
    end: int
    name: bytes
    """As it was written."""

    content: bytes


def find_uuencoded(text: bytes) -> list[Uuencoded]:
    """Those that can be decoded from `begin` to `end`; whatever else reads like one is text."""
    return list(islice(_find(text), MOST)) if b"begin " in text else []


def without_uuencoded(text: bytes) -> bytes:
    """The text between them."""
    kept, position = [], 0
    for found in find_uuencoded(text):
        kept.append(text[position : found.start])
        position = found.end
    return b"".join([*kept, text[position:]])


def _find(text: bytes) -> Iterator[Uuencoded]:
    for found in _FILE.finditer(text):
        content = _decode(found.group(2).splitlines())
        if content:
            yield Uuencoded(start=found.start(), end=found.end(), name=found.group(1), content=content)


def _decode(lines: list[bytes]) -> bytes | None:
    """None where they are words: encoded lines say how long they are, all alike but the last, and one is whole."""
    sizes = [(line[0] - _OFFSET) & _BITS for line in lines]
    while sizes and sizes[-1] == 0:
        sizes.pop()
    if not sizes or max(sizes) > _FULL or len(set(sizes[:-1])) > 1:
        return None
    if not any(len(line) - 1 >= -(-size // 3) * 4 - _LOST for line, size in zip(lines, sizes, strict=False)):
        return None
    pieces = []
    for line, size in zip(lines, sizes, strict=False):
        letters = -(-size // 3) * 4
        if not 0 < len(line) - 1 <= letters + 1:  # some add a checksum; spaces at the end may be lost
            return None
        try:
            pieces.append(binascii.a2b_uu(line[: 1 + letters]))
        except binascii.Error:
            return None
    return b"".join(pieces)
