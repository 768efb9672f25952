"""What stands in the mail around a calendar's answer: what the calendar writes by itself, or words of a person."""

import re
from collections.abc import Iterable, Iterator, Sequence

_VALUE = re.compile(r"(?im)^(?:SUMMARY|LOCATION)(?:;[^:\n]{0,200})?:(.{2,500})$")
_NAME = re.compile(r'(?i);CN=(?:"([^"\n]{2,200})"|([^;:"\n]{2,200}))')
_ADDRESS = re.compile(r"(?i)mailto:([^\s;:,\"<>]{3,320})")
_ZONE = re.compile(r"(?i)TZID[=:]([^\s;:]{2,60})")
_DAY = re.compile(r"(?im)^DT(?:START|END)(?:;[^:\n]{0,200})?:(\d{4})\d\d0?(\d{1,2})(?!\d)")
_NUMBER = re.compile(r"\d+")
_ESCAPED = re.compile(r"\\([,;\\])")
_WORD = re.compile(r"[^\W\d_]+")
_FOOTER = re.compile(
    r"(?m)^[\w' ]{1,60}Google (?:Calendar|Kalender|Agenda):? ?<?https://(?:www|calendar)\.google\.com/calendar/\S*$"
)
"""What Google writes below, in every language."""

_MOST_NAMES = 200
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

_DATES = _words(
    "mon monday tue tuesday wed wednesday thu thursday fri friday sat saturday sun sunday am pm from at to utc gmt cet cest",
    "jan january feb february mar march apr april may jun june jul july aug august sep september oct october nov november dec",
    "december montag dienstag mittwoch donnerstag freitag samstag sonntag mo di mi do fr sa so januar februar märz mai juni juli",
    "oktober dezember um uhr von bis lundi mardi mercredi jeudi vendredi samedi dimanche janvier février mars avril juin juillet",
    "août septembre octobre novembre décembre de h lunes martes miércoles jueves viernes sábado domingo enero febrero marzo abril",
    "mayo junio julio agosto septiembre octubre noviembre diciembre",
)
"""Beside day and year of the event; alone they may be somebody's proposal."""


def says_more(text: str, calendar: str, known: Iterable[str]) -> bool:
    """Whether the text has anything that is not the event, who takes part, or that they come; what is unsure is more.

    `calendar` is unfolded (RFC 5545 3.1); `known` is what may stand there besides, as the author's name.
    """
    footer = _FOOTER.search(text)
    own = text[: footer.start()] if footer else text
    if len(own) > _LONGEST:
        return True
    names = sorted({each.lower() for each in (*known, *_told(calendar)) if len(each) > 1}, key=len, reverse=True)
    named = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names[:_MOST_NAMES]))})(?!\w)")
    days = [set(day) for day in _DAY.findall(calendar)]
    return any(_is_more(named.sub(" ", " ".join(line.split())), days) for line in own.lower().splitlines())


def _told(calendar: str) -> Iterator[str]:
    """What the calendar says of the event."""
    yield from (_ESCAPED.sub(r"\1", each).strip() for each in _VALUE.findall(calendar))
    yield from (quoted or plain for quoted, plain in _NAME.findall(calendar))
    yield from _ADDRESS.findall(calendar)
    yield from (part for zone in _ZONE.findall(calendar) for part in re.split(r"[/_]", zone))


def _is_more(rest: str, days: Sequence[set[str]]) -> bool:
    """Of a line, what is left without names."""
    words, numbers = set(_WORD.findall(rest)), set(_NUMBER.findall(rest))
    if numbers and not any(day <= numbers for day in days):
        return True
    return "?" in rest or not words <= (_SENTENCES | _DATES if numbers else _SENTENCES)
