"""Lines with which mail clients announce a quote, as tables: a client or a language is one row."""

import re
from collections.abc import Iterable

LINE_CHARACTERS = 400
"""Read of a line: each pattern below is linear in it."""

STAMPED_LINES = 2
"""Of an announcement that is known by its stamp alone: a sentence may stand above it."""

WROTE = (
    # (how it starts, how it goes on), casefolded by the flag; English, German, French, Spanish ship, others came along.
    (r"on\b", r"\bwrote\s*:?$|\bwrote:"),
    (r"am\b", r"\bschrieb\b.*:$"),
    (r"le\b", r"a\s+écrit\s*:?$"),
    (r"el\b", r"escribió\s*:?$"),
    (r"il\b", r"ha\s+scritto\s*:?$"),
    (r"em\b|a\b", r"escreveu\s*:?$"),
    (r"op\b", r"\bschreef\b.*:$"),
    (r"(?:den|på|fra|mån|tis|ons|tors|fre|lör|sön|\d)", r"\bskrev\b.*:$"),
    (r"(?:dnia|w dniu)\b", r"(?:napisał|pisze).*:$"),
)

_STARTS = re.compile("|".join(f"(?:{start})" for start, _ in WROTE), re.IGNORECASE)
_WROTE = tuple((re.compile(start, re.IGNORECASE), re.compile(end, re.IGNORECASE)) for start, end in WROTE)
_WROTE_UNDATED = re.compile(
    r"\b(?:wrote|writes|schrieb|schreibt|a \u00e9crit|\u00e9crit|escribi\u00f3|escribe|ha scritto|scrive|escreveu|schreef|schrijft|skrev|"
    r"skriver|napisa\u0142)\b[^:]{0,80}:$",
    re.IGNORECASE,
)
_NAMES_SOMEBODY = re.compile(r"<[^<>\s@]{1,64}@[^<>\s]{1,255}>[^<>]{0,60}:$")
_TIME = re.compile(r"\d{1,2}[:.]\d\d")
_ADDRESS_AT_END = re.compile(r"\s*[^<>\s@]+@[^<>\s]+>[^<>]{0,40}[:\uff1a]")
_DIGIT = re.compile(r"\d")
_DECORATION = " \t*_>~=-\u2013\u2014"

SEPARATORS = re.compile(
    r"^[\s*>_=\u2013\u2014-]{2,}"
    r"(?:original message|original appointment|forwarded message|urspr\u00fcngliche nachricht|originalnachricht|"
    r"weitergeleitete nachricht|message d.origine|message original|message transf\u00e9r\u00e9|message transf\u00e8r\u00e9|"
    r"mensaje original|mensaje reenviado|messaggio originale|messaggio inoltrato|mensagem original|"
    r"oorspronkelijk bericht|doorgestuurd bericht|oprindelig meddelelse|ursprungligt meddelande|"
    r"opprinnelig melding|wiadomo\u015b\u0107 oryginalna)[-_\u2013\u2014=\s*]{2,}$",
    re.IGNORECASE,
)
FORWARDED = re.compile(
    r"^[\s*]*(?:begin forwarded message|anfang der weitergeleiteten nachricht|d\u00e9but du message (?:r\u00e9exp\u00e9di\u00e9|transf\u00e9r\u00e9)|"
    r"inicio del mensaje reenviado|original message processed by\b.*)\s*:?\s*$",
    re.IGNORECASE,
)

LABELS = {
    "from": ("from", "von", "de", "da", "van", "fra", "från", "od", "от"),
    "sent": (
        "sent",
        "gesendet",
        "envoyé",
        "enviado",
        "inviato",
        "verzonden",
        "sendt",
        "skickat",
        "wysłano",
        "отправлено",
    ),
    "date": ("date", "datum", "fecha", "data", "dato"),
    "to": ("to", "an", "à", "para", "a", "aan", "til", "till", "do", "кому"),
    "subject": ("subject", "betreff", "objet", "asunto", "oggetto", "onderwerp", "emne", "ämne", "temat", "тема"),
    "cc": ("cc", "kopie", "copie", "copia"),
}
"""What Outlook and others write over the mail that they quote; three different ones in a row are such a block."""

_KIND = {label: kind for kind, labels in LABELS.items() for label in labels}
_LABEL = re.compile(r"^[\s*_]{0,6}([^\W\d_]{1,12})[\s\u00a0*_]{0,4}:[\s*_]*\S?")


def is_attribution(lines: list[str]) -> bool:
    """Tell whether these lines, wrapped by a client, are one announcement; prose has no date in such a place."""
    joined = " ".join(line.strip() for line in lines)[:LINE_CHARACTERS]
    joined = joined.strip(_DECORATION)
    if not _DIGIT.search(joined):
        return False
    if any(start.match(joined) and end.search(joined) for start, end in _WROTE):
        return True
    return len(lines) <= STAMPED_LINES and _is_stamped(joined)


def _is_stamped(line: str) -> bool:
    """Any language: a time of day, then an address in angle brackets, then a colon at the end."""
    before, _, behind = line.rpartition("<")
    return _TIME.search(before) is not None and _ADDRESS_AT_END.fullmatch(behind) is not None


def is_undated(lines: Iterable[str]) -> bool:
    """Tell the same of an announcement without a date, for which prose can be taken: only next to a quote."""
    joined = " ".join(line.strip() for line in lines)[:LINE_CHARACTERS].strip(_DECORATION)
    return _WROTE_UNDATED.search(joined) is not None


def names_author(lines: Iterable[str]) -> bool:
    """Tell whether the lines end with an address and a colon, in words and an order that no client here is known by.

    Only next to a quote, as is_undated: `* Desk <desk@acme.example> [2026-11-23 13:00]:`.
    """
    joined = " ".join(line.strip() for line in lines)[:LINE_CHARACTERS].strip(_DECORATION)
    return _NAMES_SOMEBODY.search(joined) is not None


def may_start(line: str) -> bool:
    """Tell cheaply whether an announcement could start here."""
    head = line[:LINE_CHARACTERS].lstrip(_DECORATION)
    return bool(_STARTS.match(head)) or bool(_DIGIT.search(head) and ("<" in head or head.endswith(":")))


def label_kind(line: str) -> str | None:
    """The kind of header label that the line starts with; None for any other line."""
    found = _LABEL.match(line[:LINE_CHARACTERS]) if ":" in line else None
    return _KIND.get(found.group(1).lower()) if found else None


def is_separator(line: str) -> bool:
    """Tell a line after which nothing is the author's."""
    head = line[:LINE_CHARACTERS]
    return SEPARATORS.match(head) is not None or FORWARDED.match(head) is not None
