"""Octets to text: the declared charset, else UTF-8, else what its letters say, else Windows-1252."""

import codecs
import re

from maild.mail.guessing import guess_charset
from maild.mail.japanese import is_japanese, read_japanese

_NAMES = {
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-6-i": "iso-8859-6",
    "unicode-1-1-utf-7": "utf-7",
    "latin-9": "iso-8859-15",
    "cp28605": "iso-8859-15",
    "cp20866": "koi8-r",
    "cp21866": "koi8-u",
    "mac-ce": "mac-latin2",
    # Japanese: Windows' letters are in what is called by the names of the smaller sets.
    "shift_jis": "cp932",
    "sjis": "cp932",
    "cp31j": "cp932",
    "cp51932": "euc-jp",
    "iso-2022-jp": "iso-2022-jp-ext",
    "iso-2022-jp-ms": "iso-2022-jp-ext",
    "csiso2022jp": "iso-2022-jp-ext",
    "cp50220": "iso-2022-jp-ext",
    "cp50221": "iso-2022-jp-ext",
    "cp50222": "iso-2022-jp-ext",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "euc-kr": "cp949",
    # What is declared is often the smaller set, and what is written the larger (WHATWG Encoding, 4.2).
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "cn-gb": "gb18030",
    "gbk": "gb18030",
    "cp936": "gb18030",
    "cp54936": "gb18030",
    "big5": "big5hkscs",
    "cn-big5": "big5hkscs",
    "cp950": "big5hkscs",
    "iso-8859-1": "cp1252",
    "cp28591": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
}
_PAGE = re.compile(r"(?:x-)?(?:windows|win|cp|ms|ibm|dos)[-_]?(\d{3,5}|31j)")
"""A code page by one of the names that mail programs have for it."""

_ISO = re.compile(r"(?:iso)?[-_ ]?8859[-_](\d{1,2})")
_SILENT = {"", "us-ascii", "ascii", "x-unknown", "unknown-8bit", "default", "8bit", "7bit"}
"""Declared without thought; what is there is tried."""

_UTF_8 = ("utf-8", "utf8", "cp65001")
"""In any name of it, such as `utf8mb4` and `unicode-2-0-utf-8`: what is called so is tried too."""

_FORBIDDEN = {"idna", "punycode", "undefined", "unicode-escape", "unicode_escape", "raw_unicode_escape", "mbcs", "oem"}
"""Codecs of Python that are no charsets of mail, some of them quadratic."""

_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
"""One letter in UTF-8."""

_FIRST = re.compile(rb"[\xc2-\xf4]")
"""The first octet of one that has several."""

_NOTHING_MORE = re.compile(rb"\s*\Z")
"""Looked for where it is: a copy of the line for each octet would take minutes over a long one."""

_HIGH = re.compile(rb"[\x80-\xff]")
_LOOKED_INTO = 4_000_000
"""Octets of a text in no charset that it names; of a longer one more than that is not kept, and its letters matter less."""

_META = re.compile(rb"""<meta\b[^<>]{0,200}?\bcharset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
_HEAD_OCTETS = 4_000
"""Of HTML, in which it says its charset."""

_ODD = re.compile(r"[^a-z0-9_.:+-]")


def decode(octets: bytes, charset: str | None, *, otherwise: str | None = None) -> tuple[str, str | None]:
    """Decode; the second value names the defect, None where the declared charset did.

    `otherwise` is a charset in which the text may be where none is declared and it is no UTF-8.
    """
    name = (charset or "").strip().strip("\"'").lower()
    if name in _SILENT or any(way in name for way in _UTF_8):
        return _guess(octets, _find((otherwise or "").lower()) or "cp1252"), None
    codec = _find(name)
    if codec is None:
        return _guess(octets), f"charset {_ODD.sub('?', name)[:40]} is unknown: read as UTF-8 or Windows-1252"
    try:
        return _without_surrogates(octets.decode(codec)), None
    except (UnicodeError, LookupError, ValueError):
        return _guess(octets, codec), f"the text is not in the charset {name[:40]} that it declares"


def html_charset(content: bytes) -> str | None:
    """The charset that HTML itself names: not heard where the mail declares one, since relays change the octets alone."""
    found = _META.search(content[:_HEAD_OCTETS])
    return found.group(1).decode("ascii", "replace") if found else None


def _find(name: str) -> str | None:
    name = _usual(name)
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


def _usual(name: str) -> str:
    """The name by which Python knows it."""
    if page := _PAGE.fullmatch(name):
        name = f"cp{page.group(1)}"
    elif iso := _ISO.fullmatch(name):
        name = f"iso-8859-{iso.group(1)}"
    else:
        name = name.removeprefix("x-")
    return _NAMES.get(name, name)


def _guess(octets: bytes, codec: str = "cp1252") -> str:
    is_short = len(octets) <= _LOOKED_INTO
    if is_short and is_japanese(octets):
        return read_japanese(octets)
    if octets.startswith((b"\xff\xfe", b"\xfe\xff")) and len(octets) % 2 == 0:
        return _without_surrogates(octets.decode("utf-16", "replace"))
    try:
        return octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        if codec == "cp1252" and not _is_mostly_utf_8(octets[:_LOOKED_INTO]) and (guessed := guess_charset(octets)):
            return _without_surrogates(octets.decode(guessed, "replace"))
        if is_short and codec == "cp1252":
            return "".join(map(_mixed, octets.splitlines(keepends=True)))
        return _without_surrogates(octets.decode(codec, "replace"))


def _mixed(line: bytes) -> str:
    """One line of a text to which a gateway has added words in another charset, or whose end was cut off within a letter."""
    if _is_mostly_utf_8(line):
        return line.decode("utf-8", _AS_WINDOWS)
    return line.decode("cp1252", "replace")


def _is_mostly_utf_8(octets: bytes) -> bool:
    letters, others = _SEQUENCE.subn(b"", octets)[::-1]
    return letters > len(_HIGH.findall(others))


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    """What is no UTF-8 within UTF-8; a letter that was cut is none of another charset either."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    strange = error.object[error.start : error.end]
    is_cut = _FIRST.match(strange) is not None and _NOTHING_MORE.match(error.object, error.end) is not None
    return "\ufffd" if is_cut else strange.decode("cp1252", "replace"), error.end


_AS_WINDOWS = "maild-windows-1252"
codecs.register_error(_AS_WINDOWS, _as_windows)


def _without_surrogates(text: str) -> str:
    """Some codecs produce lone surrogates, which no database and no JSON takes."""
    if text.isascii():
        return text
    return text.encode("utf-8", "replace").decode("utf-8")
