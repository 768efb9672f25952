"""What clients and lists put below a mail; the author's own "Regards, Ana" is theirs and stays."""

import re
from collections.abc import Callable

SIGNATURE_LINES = 25
"""A longer text below `--` is no signature but the rest of the mail."""

_DELIMITER = re.compile(r"^(?:--|\u2014|\u2013\u2013)\s?$")
_FOOTER = re.compile(r"^_{20,}\s*$")
_LIST_WORDS = re.compile(r"(?i)mailing list|mailman|unsubscribe|listinfo")
_DEVICE = re.compile(
    r"(?i)^[\s*_-]{0,4}(?:"
    r"sent (?:from|via|with) (?:my |a |the )?[\w' \u2019().:/-]{2,60}|"
    r"(?:get|t\u00e9l\u00e9charger|obtener|descargar|obtenez) outlook (?:for|pour|para) \S.{0,80}|"
    r"outlook (?:f\u00fcr|for) \S{2,10}?(?:<\S{1,80}>)? (?:beziehen|herunterladen|holen)\S{0,80}|"
    r"(?:von meinem(?:/meiner)?|gesendet mit|gesendet von|diese nachricht wurde von meinem) .{2,60}|"
    r"envoy\u00e9 (?:de mon|depuis|avec|\u00e0 partir de) .{2,60}|"
    r"enviado (?:desde|con) .{2,60}|"
    r"sent with \[?proton ?mail\]?\S{0,80} secure email\.?|"
    r"inviato da .{2,60}|enviado do meu .{2,60}|verstuurd vanaf .{2,60}|skickat fr\u00e5n .{2,60}"
    r")$"
)
_RULE = " \t_-"
_SENTENCE = re.compile(
    r"(?i),\s|[.!?]\s+\S|(?<!\w)(?:because|but|since|as|while|weil|da|aber|denn|car|mais|parce|puisque|porque|pero|pues|"
    r"is|was|has|not|still|ist|war|hat|nicht|est|n'est|pas|est\u00e1|no)(?!\w)"
)
_EXCUSE = re.compile(
    r"(?i),?\s{0,4}(?:so )?(?:please )?(?:excuse|forgive|pardon) (?:the |any |my |all )?(?:brevity|typos|errors|mistakes|spelling)[\w ]{0,40}[.!]?\Z"
)
"""What a telephone asks for behind its advertisement."""


def without_signature(lines: list[str]) -> list[str]:
    """Cut a signature (RFC 3676 4.3), a list's footer and a device's advertisement off the end."""
    return _without_device(_cut(_cut(lines, _is_footer), _is_delimiter))


def is_device(line: str) -> bool:
    """Whether it is a device's advertisement; a sentence that goes on after "Sent from my desk," was written by a person."""
    advertised = _EXCUSE.sub("", line.strip())
    return _DEVICE.match(advertised) is not None and not _SENTENCE.search(advertised)


def _cut(lines: list[str], starts: Callable[[list[str], int], bool]) -> list[str]:
    """Drop what stands below the last line that `starts` it, unless that is the whole text."""
    for index in range(len(lines) - 1, max(-1, len(lines) - SIGNATURE_LINES - 1), -1):
        if starts(lines, index):
            return lines[:index] if any(line.strip() for line in lines[:index]) else lines
    return lines


def _is_delimiter(lines: list[str], index: int) -> bool:
    return _DELIMITER.match(lines[index]) is not None


def _is_footer(lines: list[str], index: int) -> bool:
    return _FOOTER.match(lines[index]) is not None and any(
        _LIST_WORDS.search(line) for line in lines[index + 1 : index + 4]
    )


def _without_device(lines: list[str]) -> list[str]:
    kept = list(lines)
    while kept and not kept[-1].strip(_RULE):  # Outlook draws one between its advertisement and the quote
        kept.pop()
    if len(kept) > 1 and is_device(kept[-1]):
        return kept[:-1]
    return lines
