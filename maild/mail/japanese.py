"""ISO-2022-JP as it is written: with the letters of Windows that its standard (RFC 1468) does not have."""

import re

_DESIGNATION = re.compile(rb"\x1b(\$[@B]|\$\(D|\([BJI])")
"""Octets that say in which set the following ones are (ISO/IEC 2022)."""

_BEGINNING = re.compile(rb"\x1b\$(?:[@B]|\(D)[\x21-\x7e]{2}|\x1b\(I[\x21-\x5f]")
_PAIR = re.compile(rb"[\x21-\x7e]{2}")
_LAST_BELOW_KANA, _DELETE = 0x9F, 0x7F
"""Octets of Shift_JIS: its first ones go on above the narrow kana, its second ones leave out the control character."""

_KANA = re.compile(rb"[\x21-\x5f]")


def is_japanese(octets: bytes) -> bool:
    """Whether 7-bit text is in it, whatever it is called: nothing else has these escapes."""
    return b"\x1b" in octets and _BEGINNING.search(octets) is not None and octets.isascii()


def read_japanese(octets: bytes) -> str:
    """Decode it by way of the code page of Windows, which has ①, ㈱ and № too; Python's codecs refuse a whole text for one.

    Each line begins in ASCII (RFC 1468): a stray escape that somebody quotes leaves their own lines as they are.
    """
    return "\n".join(map(_line, octets.split(b"\n")))


def _line(octets: bytes) -> str:
    first, *rest = _DESIGNATION.split(octets)
    pieces = [_ascii(first)]
    pieces += [_READERS[name](piece) for name, piece in zip(rest[::2], rest[1::2], strict=True)]
    return "".join(pieces)


def _ascii(octets: bytes) -> str:
    return octets.decode("ascii", "replace")


def _kanji(octets: bytes) -> str:
    return _PAIR.sub(lambda pair: _shifted(*pair.group()), octets).decode("cp932", "replace")


def _shifted(row: int, cell: int) -> bytes:
    """A pair of JIS X 0208 as Shift_JIS has it: two rows share one first octet."""
    first = (row + 1) // 2 + 0x70
    second = cell + 0x1F if row % 2 else cell + 0x7E
    return bytes((first + (first > _LAST_BELOW_KANA) * 0x40, second + (row % 2 and second >= _DELETE)))


def _supplementary(octets: bytes) -> str:
    marked = _PAIR.sub(lambda pair: b"\x8f" + bytes(octet | 0x80 for octet in pair.group()), octets)
    return marked.decode("euc_jp", "replace")


def _half_wide(octets: bytes) -> str:
    return _KANA.sub(lambda kana: bytes((kana.group()[0] | 0x80,)), octets).decode("cp932", "replace")


_READERS = {
    b"$@": _kanji,
    b"$B": _kanji,
    b"$(D": _supplementary,
    b"(B": _ascii,
    b"(J": _ascii,
    b"(I": _half_wide,
}
