"""When the event is, as calendars write it: any other day or time in their answer is somebody's proposal."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

_BEGIN, _END = re.compile(r"(?im)^BEGIN:VEVENT\b"), re.compile(r"(?im)^END:VEVENT\b")
_MOMENT = re.compile(
    r"(?im)^DT(?P<which>START|END)(?:;[^:\n]{0,200})?:(?P<day>\d{8})(?:T(?P<clock>\d{4})\d\d(?P<utc>Z?))?[ \t]*$"
)
_WEEKDAYS = (
    "mon monday mo montag lun lundi lunes",
    "tue tuesday di dienstag mar mardi martes",
    "wed wednesday mi mittwoch mer mercredi mié miércoles",
    "thu thursday do donnerstag jeu jeudi jue jueves",
    "fri friday fr freitag ven vendredi vie viernes",
    "sat saturday sa samstag sam samedi sáb sábado",
    "sun sunday so sonntag dim dimanche dom domingo",
)
_MONTHS = (
    "jan january januar janvier janv enero ene",
    "feb february februar février févr febrero",
    "mar march märz mars marzo",
    "apr april avril avr abril abr",
    "may mai mayo",
    "jun june juni juin junio",
    "jul july juli juillet juil julio",
    "aug august août agosto ago",
    "sep sept september septembre septiembre",
    "oct october okt oktober octobre octubre",
    "nov november novembre noviembre",
    "dec december dez dezember déc décembre dic diciembre",
)
_NOON = 12


@dataclass(frozen=True, slots=True)
class _Moment:
    """How the beginning or the end of an event is written."""

    date: re.Pattern[str]
    weekday: re.Pattern[str]
    clock: re.Pattern[str] | None

    def without_date(self, line: str) -> tuple[str, bool]:
        """The line without this date and its weekday, and whether the date stood there."""
        rest, found = self.date.subn(" ", line)
        return (self.weekday.sub(" ", rest), True) if found else (line, False)

    def without_clock(self, line: str) -> tuple[str, bool]:
        """The line without this time, and whether it stood there."""
        rest, found = self.clock.subn(" ", line) if self.clock else (line, 0)
        return rest, found > 0


def read_event(calendar: str) -> Sequence[_Moment]:
    """Beginning and end of its first event, as far as they can be read; the calendar is unfolded (RFC 5545 3.1)."""
    _, *events = _BEGIN.split(calendar, maxsplit=1)
    if not events:
        return ()
    found = {each["which"].upper(): each for each in _MOMENT.finditer(_END.split(events[0], maxsplit=1)[0])}
    try:
        return [_moment(found[which]) for which in ("START", "END") if "START" in found and which in found]
    except (ValueError, OverflowError):
        return ()


def without_moments(line: str, event: Sequence[_Moment]) -> tuple[str, bool]:
    """A lower-case line without when the event is, and whether its first day stands there; the end alone would be a proposal."""
    rest, is_dated = event[0].without_date(line) if event else (line, False)
    if not is_dated:
        return line, False
    rest, is_timed = event[0].without_clock(rest)
    for each in event[1:]:
        rest, _ = each.without_date(rest)
        rest, _ = each.without_clock(rest) if is_timed else (rest, False)
    return rest, True


def _moment(written: re.Match[str]) -> _Moment:
    """A day that is an end is the first that is over (RFC 5545 3.6.1); a time in UTC must be called so."""
    at = datetime.strptime(written["day"] + (written["clock"] or "0000"), "%Y%m%d%H%M")  # noqa: DTZ007 - of no zone
    if written["which"].upper() == "END" and written["clock"] is None:
        at -= timedelta(days=1)
    weekday = re.compile(rf"(?<!\w)(?:{_WEEKDAYS[at.weekday()].replace(' ', '|')})(?!\w)")
    clock = _clock(at, " ?(?:utc|gmt)" if written["utc"] else "") if written["clock"] else None
    return _Moment(date=_date(at), weekday=weekday, clock=clock)


def _date(at: datetime) -> re.Pattern[str]:
    """With its year; `12/1/2026` is two days."""
    month, day = _MONTHS[at.month - 1].replace(" ", "|"), rf"0?{at.day}(?:\.|st|nd|rd|th|er|º)?"
    year = rf",? (?:de )?{at.year:04}"
    shapes = (
        rf"{day} (?:de )?(?:{month})\.?{year}",
        rf"(?:{month})\.? {day}{year}",
        f"{at:%Y-%m-%d}",
        rf"0?{at.day}\. ?0?{at.month}\. ?{at.year:04}",
    )
    return re.compile(rf"(?<![\w.:/-])(?:{'|'.join(shapes)})(?![\w/-])")


def _clock(at: datetime, zone: str) -> re.Pattern[str]:
    """Of 24 hours or of 12; where a range follows, as in `3 - 4pm`, what stands behind that is said of both."""
    short, half = at.hour % _NOON or _NOON, "a" if at.hour < _NOON else "p"
    minutes = rf"(?:[:.]{at:%M})" + ("" if at.minute else "?")
    shapes = [
        rf"0?{short}{minutes} ?{half}\.?m\b\.?{zone}",
        rf"0?{at.hour}(?:[:.]| ?h ?){at:%M}(?: ?(?:uhr|h))?{zone}",
        rf"0?(?:{short}|{at.hour}){minutes}(?= ?[-\u2013] ?\d)",
        *(() if at.minute else (rf"0?{at.hour} ?(?:uhr|h){zone}",)),
    ]
    return re.compile(rf"(?<![\w.:])(?:{'|'.join(shapes)})(?!\w|[:.]\d)")
