"""Octets to text: the declared charset, else UTF-8, else Windows-1252."""

import re

_NAMES = {
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-6-i": "iso-8859-6",
    "unicode-1-1-utf-7": "utf-7",
    "windows-874": "cp874",
    "x-mac-roman": "mac-roman",
    "x-sjis": "cp932",
    "shift_jis": "cp932",
    "iso-2022-jp": "iso-2022-jp-ext",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    # What is declared is often the smaller set, and what is written the larger (WHATWG Encoding, 4.2).
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "big5": "big5hkscs",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "iso-8859-9": "cp1254",
}
_SILENT = {"", "us-ascii", "ascii", "x-unknown", "unknown-8bit", "default", "utf-8", "utf8", "8bit", "7bit"}
"""Declared without thought; what is there is tried."""

_FORBIDDEN = {"idna", "punycode", "undefined", "unicode-escape", "unicode_escape", "raw_unicode_escape", "mbcs", "oem"}
"""Codecs of Python that are no charsets of mail, some of them quadratic."""

_ODD = re.compile(r"[^a-z0-9_.:+-]")


def decode(octets: bytes, charset: str | None) -> tuple[str, str | None]:
    """Decode; the second value names the defect, None where the declared charset did."""
    name = (charset or "").strip().strip("\"'").lower()
    if name in _SILENT:
        return _guess(octets), None
    codec = _find(name)
    if codec is None:
        return _guess(octets), f"charset {_ODD.sub('?', name)[:40]} is unknown: read as UTF-8 or Windows-1252"
    try:
        return _without_surrogates(octets.decode(codec)), None
    except (UnicodeError, LookupError, ValueError):
        return _guess(octets, codec), f"the text is not in the charset {name[:40]} that it declares"


def _find(name: str) -> str | None:
    name = _NAMES.get(name, name)
    if name in _FORBIDDEN or _ODD.search(name):
        return None
    try:
        # Refuses zlib and its kind too, which are codecs but no charsets; not of b"", which is never looked up.
        b"x".decode(name)
    except UnicodeError:
        return name  # it knows the charset, in which one octet is too few
    except Exception:
        return None
    return name


def _guess(octets: bytes, codec: str = "cp1252") -> str:
    if octets.startswith((b"\xff\xfe", b"\xfe\xff")) and len(octets) % 2 == 0:
        return _without_surrogates(octets.decode("utf-16", "replace"))
    try:
        return octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _without_surrogates(octets.decode(codec, "replace"))


def _without_surrogates(text: str) -> str:
    """Some codecs produce lone surrogates, which no database and no JSON takes."""
    if text.isascii():
        return text
    return text.encode("utf-8", "replace").decode("utf-8")
