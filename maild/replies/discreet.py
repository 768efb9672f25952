"""What may be repeated to an author whom nothing vouches for: no links, addresses or telephone numbers.

Otherwise a forged From makes maild carry a stranger's advertisement to anybody (FIELD.md, section 8).
"""

import re
import unicodedata

from maild.replies.plain import one_line

LIMIT = 120
"""Characters of a subject that are repeated at most."""

_ADDRESS = re.compile(r"[^\s<>()\[\]]*@[^\s<>()\[\]]*")
_LINK = re.compile(r"(?:\b[a-z][a-z0-9+.-]{0,20}:/+|\bwww\.|\b(?:mailto|tel|sip|javascript|data):)\S*", re.IGNORECASE)
_LABEL = "\\w\u200d\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
"""Characters of a domain's label, pictures among them: some registries sell those."""

_DOMAIN = re.compile(
    rf"(?<![{_LABEL}])(?:[{_LABEL}][{_LABEL}-]*[.\u3002]){{1,20}}(?P<top>[^\W\d_]{{2,24}}|xn--[\w-]+)\b(?:[:/?#]\S+)?",
    re.IGNORECASE,
)
_TELEPHONE = re.compile(r"(?<!\d)(?<!0x)[+(]{0,2}\d(?:[\s().\-/\u2010-\u2015]{0,3}\d){6,}")
_NAMING = re.compile(
    r"\[\s?(?:ticket|case|request|incident|issue|bug|ref|reference|id|vorgang|fall|anfrage|demande|solicitud|caso)"
    r"(?:\s?(?:no|nr|id|number))?[.\s]?[#:-]?\s?[a-z]{0,4}-?$",
    re.IGNORECASE,
)
"""How another desk begins its mark in a subject, without which it does not find its own ticket again."""

_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{4}")
_OF_YEAR = re.compile(r"(?:19|20)\d\d[-/](?:\d{1,5}|0\d{5})")
"""A number of a year, as invoices and orders have one: too short for a telephone, or with a zero that none has there."""

_LEFT_OVER = re.compile(r"[<(\[\"'\s]+[>)\]\"'\s]+")

# Last parts of file names that no mail client takes for a domain; most other endings are one somewhere.
_FILE_ENDINGS = frozenset(
    (  # noqa: SIM905 -- fifty quoted words would be fifty lines
        "bat bmp cfg conf cpp crash csv dll doc docx dmp eml exe gif hpp htm html ics ini jar jpeg jpg js json jsx key "
        "log lua msi odt pdf pem php png ppt pptx ps1 pst sql svg tar toml tsx txt war wav xls xlsx xml yaml yml"
    ).split(),
)


def discreet(words: str) -> str:
    """The words on one line without anything that leads to somebody; may be empty."""
    # Full-width letters and their like look harmless here and lead somewhere in a mail client.
    folded = unicodedata.normalize("NFKC", one_line(words, 4 * LIMIT))
    kept = _TELEPHONE.sub(_number_or_nothing, _DOMAIN.sub(_file_or_nothing, _LINK.sub(" ", _ADDRESS.sub(" ", folded))))
    if kept == folded:
        return one_line(words, LIMIT)
    bare = one_line(_LEFT_OVER.sub(" ", kept), LIMIT).strip(" :;,-\u2013|/<>()[]\"'")
    return bare if any(map(str.isalnum, bare)) else ""


def _file_or_nothing(match: re.Match[str]) -> str:
    return match[0] if match["top"].casefold() in _FILE_ENDINGS and match.end("top") == match.end() else " "


def _number_or_nothing(match: re.Match[str]) -> str:
    if _DATE.fullmatch(match[0]) or _OF_YEAR.fullmatch(match[0]):
        return match[0]
    before, behind = match.string[: match.start()], match.string[match.end() :]
    is_mark = behind.lstrip(" ").startswith("]") and _NAMING.search(before) is not None
    is_within_code = behind[:1].isalpha() and (before[-1:].isalpha() or before.endswith("_"))
    return match[0] if match[0].isdigit() and (is_mark or is_within_code) else " "
