"""What a calendar says about a mail: an invitation, or the answer to one (iMIP, RFC 6047)."""

import re
from collections.abc import Iterable, Sequence

from maild.mail.invitation_words import says_more
from maild.mail.tree import Leaf, parameters

OCTETS = 65_536
"""Of a calendar; whether a longer one has words somewhere is for a person to see."""

_ANSWERS = frozenset({"reply", "counter"})
_CALENDARS = frozenset({"text/calendar", "application/ics"})
_METHOD = re.compile(r"(?im)^METHOD[ \t]*:[ \t]*([A-Z-]{1,40})[ \t]*$")
_COMMENT = re.compile(r"(?im)^(?:X-[A-Z-]{0,40})?COMMENT\b(.*)$")
_PARAMETERS = re.compile(r"(?:;(?:[^\":]|\"[^\"]*\")*+)?:")
_RESPONSE = re.compile(r"(?i)\bX-RESPONSE-COMMENT=(\"[^\"\n]*|[^;:\n]*)")
"""As Google writes it, a parameter of the one who answers."""

_FOLD = re.compile(r"\r?\n[ \t]")
_NOTHING = re.compile(r"\\[nN]|\^n|[\s\"]")
_ALTERNATIVE = "multipart/alternative"


def answered_invitation(parts: Sequence[Leaf], text: str, known: Iterable[str]) -> str | None:
    """The method of a calendar that answers an invitation and nothing else, lower case; None: there is none, or words with it.

    Calendars write what their author adds into COMMENT (RFC 5545 3.8.1.4), a parameter or the text: such a mail is a person's.
    So is one that has a calendar among its files: that is what it is about. `known` is what the text may name.
    """
    told = next((leaf for leaf in parts if _is_told(leaf, parts)), None)
    if told is None or not all(_goes_along(leaf) for leaf in parts if leaf is not told):
        return None
    calendars = [leaf.decode() for leaf in (told, *(leaf for leaf in parts if leaf is not told and _is_calendar(leaf)))]
    if any(len(each) > OCTETS for each in calendars):
        return None
    lines = [_FOLD.sub("", each.decode("utf-8", "replace")).replace("\r", "\n") for each in calendars]
    found = _METHOD.search(lines[0])
    method = (found[1] if found else parameters(told.part).get("method", "")).strip().lower()
    if method not in _ANSWERS or any(_has_note(each) for each in lines) or says_more(text, lines[0], known):
        return None
    return method


def _is_calendar(leaf: Leaf) -> bool:
    return leaf.media_type in _CALENDARS


def _is_told(leaf: Leaf, parts: Sequence[Leaf]) -> bool:
    """Whether the calendar is the mail, or one way to read it."""
    is_file = leaf.disposition == "attachment" or leaf.name != ""
    return leaf.media_type == "text/calendar" and not is_file and (len(parts) == 1 or leaf.container == _ALTERNATIVE)


def _goes_along(leaf: Leaf) -> bool:
    """The same in words, or the calendar once more as a file, as Google sends it."""
    return _is_calendar(leaf) or (leaf.container == _ALTERNATIVE and leaf.media_type in {"text/plain", "text/html"})


def _has_note(calendar: str) -> bool:
    comments = (_after_parameters(found[1]) for found in _COMMENT.finditer(calendar))
    notes = (*comments, *(found[1] for found in _RESPONSE.finditer(calendar)))
    return any(_NOTHING.sub("", note) for note in notes)


def _after_parameters(line: str) -> str:
    parameters_and_colon = _PARAMETERS.match(line)
    return line[parameters_and_colon.end() :] if parameters_and_colon else line
