"""What stands in the mail around a calendar's answer: what the calendar writes by itself, or words of a person."""

import re
from collections.abc import Iterable, Iterator

from maild.mail.invitation_dates import read_event, without_moments

_VALUE = re.compile(r"(?im)^(?:SUMMARY|LOCATION)(?:;[^:\n]{0,200})?:(.{2,500})$")
_NAME = re.compile(r'(?i);CN=(?:"([^"\n]{2,200})"|([^;:"\n]{2,200}))')
_ADDRESS = re.compile(r"(?i)mailto:([^\s;:,\"<>]{3,320})")
_ZONE = re.compile(r"(?i)TZID[=:]([^\s;:]{2,60})")
_NUMBER = re.compile(r"\d")
_ESCAPED = re.compile(r"\\([,;\\])")
_WORD = re.compile(r"[^\W\d_]+")
_FOOTER = re.compile(
    r"(?m)^[\w' ]{1,60}Google (?:Calendar|Kalender|Agenda):? ?<?https://(?:www|calendar)\.google\.com/calendar/\S*$"
)
"""What Google writes below, in every language."""

_MOST_NAMES, _LONGEST_NAME = 40, 100
_LONGEST = 10_000
"""Characters; no calendar writes more by itself."""


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


_SENTENCES = _words(
    "has accepted declined tentatively this the your invitation to event organizer guests when where who calendar",
    "hat diese die ihre einladung angenommen abgelehnt vorläufig zugesagt abgesagt termin organisator gäste wann wo wer kalender zum",
    "a accepté refusé provisoirement cette votre l invitation événement organisateur invités quand où qui agenda à",
    "ha aceptado rechazado provisionalmente esta la su invitación evento organizador invitados cuándo dónde quién calendario",
    "central european eastern pacific mountain standard summer daylight time mitteleuropäische zeit heure d europe centrale",
    "hora de europa",
)
"""That somebody comes or not, and what the parts of the event are called, in the languages that ship."""

_BETWEEN = _words("on from at to am um von bis de du au le el las cet cest")
"""Around day and time of the event."""


def says_more(text: str, calendar: str, known: Iterable[str]) -> bool:
    """Whether the text has anything that is not the event, who takes part, or that they come; what is unsure is more.

    `calendar` is unfolded (RFC 5545 3.1); `known` is what may stand there besides, as the author's name.
    """
    footer = _FOOTER.search(text)
    own = text[: footer.start()] if footer else text
    if len(own) > _LONGEST:
        return True
    told = dict.fromkeys(each.lower() for each in (*known, *_told(calendar)) if 1 < len(each) <= _LONGEST_NAME)
    names = sorted(list(told)[:_MOST_NAMES], key=len, reverse=True)
    named = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)")
    event = read_event(calendar)
    lines = (" ".join(named.sub(" ", " ".join(line.split())).split()) for line in own.lower().splitlines())
    return any(_is_more(*without_moments(line, event)) for line in lines)


def _told(calendar: str) -> Iterator[str]:
    """What the calendar says of the event."""
    yield from (_ESCAPED.sub(r"\1", each).strip() for each in _VALUE.findall(calendar))
    yield from (quoted or plain for quoted, plain in _NAME.findall(calendar))
    yield from _ADDRESS.findall(calendar)
    yield from (part for zone in _ZONE.findall(calendar) for part in re.split(r"[/_]", zone))


def _is_more(rest: str, is_dated: bool) -> bool:
    """Of a line, what is left without names and without when the event is."""
    words = set(_WORD.findall(rest))
    return bool(_NUMBER.search(rest)) or "?" in rest or not words <= (_SENTENCES | _BETWEEN if is_dated else _SENTENCES)
