"""Anybody's words, made harmless to show: no control characters, nothing that turns or hides text."""

from collections.abc import Mapping
from itertools import chain, islice

# Tab, line ends and other control characters, U+2028 and U+2029 separate words; U+200C and U+200D stay, because
# Persian and emoji need them.
_TO_SPACE = chain(range(0x20), range(0x7F, 0xA0), (0x2028, 0x2029))
# Soft hyphen, zero width, marks and overrides of direction (Unicode UAX 9), invisible operators, tags.
_TO_NOTHING = chain(
    (0xAD, 0x61C, 0x180E, 0x200B, 0x200E, 0x200F, 0xFEFF),
    range(0x202A, 0x202F),
    range(0x2060, 0x2070),
    range(0xFFF9, 0xFFFC),
    range(0xE0000, 0xE0080),
)
_HARMLESS: Mapping[int, str] = dict.fromkeys(_TO_SPACE, " ") | dict.fromkeys(_TO_NOTHING, "")

WHOLE = 1_000_000
"""Of what is never cut: a TSM's words, and what is let through."""

_LONGEST_WORD = 30
"""Characters; what is longer is cut within."""


def one_line(words: str, limit: int) -> str:
    """The words on one line of at most `limit` characters, single spaces between them; cut between words where it can be."""
    line = " ".join(_harmless(words[: 4 * limit]).split())
    if len(line) <= limit:
        return line
    kept, _, begun = line[:limit].rpartition(" ")
    return f"{kept if kept and len(begun) <= _LONGEST_WORD else line[: limit - 1]}…"


def some_lines(words: str, *, characters: int, lines: int) -> tuple[tuple[str, ...], bool]:
    """The first lines of the words, inner spaces kept, and whether something was cut off."""
    shown = words[:characters].strip("\r\n").splitlines()
    kept = tuple(_harmless(line.expandtabs(4)).rstrip() for line in islice(shown, lines))
    return kept, len(words.rstrip()) > characters or len(shown) > lines


def _harmless(words: str) -> str:
    if words.isascii() and words.isprintable():
        return words
    # Lone surrogates are what is left of bytes in an unknown charset; no message can carry them.
    return words.encode("utf-8", "replace").decode().translate(_HARMLESS)
