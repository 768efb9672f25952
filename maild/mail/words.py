"""Header text to one line of Unicode: 8-bit octets, folding, encoded words (RFC 2047), control characters."""

import base64
import quopri
import re
import unicodedata

from maild.mail.charsets import decode

_FOLD = re.compile(r"[\r\n]+")
_WORD = re.compile(r"=\?([^?\s*]{1,64})(?:\*[^?\s]{0,32})?\?([bBqQ])\?([^?\r\n]*(?:\?(?!=)[^?\r\n]*){0,10})\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)\s+(?==\?[^?\s]{1,100}\?[bBqQ]\?)")
_QUOTED_OR_WORDS = re.compile(
    r'"(?:[^"\\]|\\.)*+"?|(?P<words>=\?[^?\s]{1,100}\?[bBqQ]\?[^?\r\n]*\?=(?:\s*=\?[^?\s]{1,100}\?[bBqQ]\?[^?\r\n]*\?=)*)'
)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_DIRECTIONS = re.compile(r"[\u202a-\u202e\u2066-\u2069]+")
"""Marks that make a line read from right to left, and so end in another way than it does."""

_NO_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
_SPACES = re.compile(r"\s{2,}")


def restore(value: str) -> str:
    """Give 8-bit octets back their letters: the parser kept them as surrogates (UTF-8, else Windows-1252)."""
    if value.isascii() and "\x1b" not in value:
        return value
    try:
        return decode(value.encode("ascii", "surrogateescape"), None)[0]
    except UnicodeEncodeError:
        return value


def unfold(value: str) -> str:
    """Put a folded field on one line (RFC 5322 2.2.3)."""
    return (_FOLD.sub("", value) if "\n" in value or "\r" in value else value).strip()


def one_line(value: str) -> str:
    """Replace whatever could end a line, ring a bell or hide by one space: decoded words may contain anything."""
    if value.isascii() and value.isprintable() and "  " not in value:
        return value.strip()
    return _SPACES.sub(" ", _CONTROLS.sub(" ", _DIRECTIONS.sub("", value))).strip()


def decode_words(value: str) -> str:
    """Decode the encoded words of an unfolded value, in linear time; what cannot be decoded stays as it is.

    Neighbours in one charset are joined before decoding: many clients split a letter between two words.
    """
    if "=?" not in value:
        return one_line(value)
    pieces: list[str] = []
    octets: list[bytes] = []
    charset = ""
    position = 0
    value = _BETWEEN_WORDS.sub(r"\1", value)
    for word in _WORD.finditer(value):
        if octets and (word.start() != position or word.group(1).lower() != charset):
            pieces.append(decode(b"".join(octets), charset)[0])
            octets = []
        pieces.append(value[position : word.start()])
        charset = word.group(1).lower()
        octets.append(_octets(word.group(2), word.group(3)))
        position = word.end()
    if octets:
        pieces.append(decode(b"".join(octets), charset)[0])
    pieces.append(value[position:])
    return unicodedata.normalize("NFC", one_line("".join(pieces)))


def quote_words(value: str) -> str:
    """Turn the encoded words of an address field into quoted strings.

    Clients leave commas and colons in them that the grammar (RFC 2047 5) forbids there; quoted, they separate nothing.
    """
    if "=?" not in value:
        return value
    return _QUOTED_OR_WORDS.sub(_quoted, value)


def _quoted(found: re.Match[str]) -> str:
    words = found.group("words")
    if words is None:
        return found.group()
    text = decode_words(words).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}" '


def _octets(encoding: str, encoded: str) -> bytes:
    source = encoded.encode("utf-8", "surrogateescape")
    if encoding in "qQ":
        return quopri.decodestring(source, header=True)
    return b"".join(map(_from_base64, source.split(b"=")))


def _from_base64(source: bytes) -> bytes:
    """One run up to its padding: some programs glue several into a word, and some cut the last one off."""
    letters = _NO_BASE64.sub(b"", source)
    if len(letters) % 4 == 1:
        letters = letters[:-1]  # one letter alone holds no octet
    return base64.b64decode(letters + b"=" * (-len(letters) % 4))
