"""When the event is, as calendars write it: any other day or time in their answer is somebody's proposal."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

_BEGIN, _END = re.compile(r"(?im)^BEGIN:VEVENT\b"), re.compile(r"(?im)^END:VEVENT\b")
_MOMENT = re.compile(
    r"(?im)^DT(?P<which>START|END)(?:;[^:\n]{0,200})?:(?P<day>\d{8})(?:T(?P<clock>\d{4})\d\d(?P<utc>Z?))?[ \t]*$"
)
_DURATION = re.compile(
    r"(?im)^DURATION(?:;[^:\n]{0,200})?:\+?P(?:(?P<weeks>\d{1,3})W|(?:(?P<days>\d{1,4})D)?"
    r"(?:T(?:(?P<hours>\d{1,4})H)?(?:(?P<minutes>\d{1,5})M)?(?:\d{1,6}S)?)?)[ \t]*$"
)
_REMINDER, _REMINDER_ENDS = re.compile(r"(?im)^BEGIN:VALARM\b"), re.compile(r"(?im)^END:VALARM\b[^\n]*$")

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
_MONTHS_OF_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class _Date:
    """One way to write a day."""

    written: re.Pattern[str]
    needs: str = ""
    """What else must stand in the line for it to be that day: the `weekday`, or a weekday or `time`; empty: nothing."""


@dataclass(frozen=True, slots=True)
class _Moment:
    """How the beginning or the end of an event is written."""

    dates: Sequence[_Date]
    weekday: re.Pattern[str]
    clock: re.Pattern[str] | None

    def without_date(self, line: str) -> tuple[str, bool]:
        """The line without this date, as it is written there first, and its weekday; and whether the date stood there."""
        for date in self.dates:
            rest, found = date.written.subn(" ", line)
            if found and self._is_meant(date, line, rest):
                return self.weekday.sub(" ", rest), True
        return line, False

    def without_clock(self, line: str) -> tuple[str, bool]:
        """The line without this time, and whether it stood there."""
        rest, found = self.clock.subn(" ", line) if self.clock else (line, 0)
        return rest, found > 0

    def _is_meant(self, date: _Date, line: str, rest: str) -> bool:
        if not date.needs or self.weekday.search(line):
            return True
        return date.needs == "time" and self.without_clock(rest)[1]


def read_event(calendar: str) -> Sequence[_Moment]:
    """Beginning and end of its first event, as far as they can be read; the calendar is unfolded (RFC 5545 3.1)."""
    _, *events = _BEGIN.split(calendar, maxsplit=1)
    if not events:
        return ()
    event = _without_reminders(_END.split(events[0], maxsplit=1)[0])
    found = {each["which"].upper(): each for each in _MOMENT.finditer(event)}
    if "START" not in found:
        return ()
    try:
        end = _end(found, event)
        start = _moment(_at(found["START"]), found["START"])
        return [start, *([_moment(end, found.get("END", found["START"]))] if end else [])]
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


def _without_reminders(event: str) -> str:
    """They have durations of their own (RFC 5545 3.6.6); one that does not end goes as far as the event."""
    return "\n".join(_REMINDER.split(each, maxsplit=1)[0] for each in _REMINDER_ENDS.split(event))


def _at(written: re.Match[str]) -> datetime:
    return datetime.strptime(written["day"] + (written["clock"] or "0000"), "%Y%m%d%H%M")  # noqa: DTZ007 - of no zone


def _end(found: Mapping[str, re.Match[str]], event: str) -> datetime | None:
    """A day that is an end is the first that is over (RFC 5545 3.6.1); in place of an end a duration may stand."""
    lasts = _DURATION.search(event)
    if "END" in found:
        at = _at(found["END"])
    elif lasts is not None:
        parts = {name: int(value) for name, value in lasts.groupdict(default="0").items()}
        at = _at(found["START"]) + timedelta(**parts)
    else:
        return None
    return at if found.get("END", found["START"])["clock"] else at - timedelta(days=1)


def _moment(at: datetime, written: re.Match[str]) -> _Moment:
    """With a time where the calendar has one; in UTC it must be called so."""
    clock = _clock(at, " ?(?:utc|gmt)" if written["utc"] else "") if written["clock"] else None
    return _Moment(dates=tuple(_dates(at)), weekday=_weekday(at), clock=clock)


def _weekday(at: datetime) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_WEEKDAYS[at.weekday()].replace(' ', '|')})(?!\w)")


def _dates(at: datetime) -> Iterator[_Date]:
    """With its year; without, where weekday or time say the same. `12/1` is two days, and the weekday tells which."""
    month, day = _MONTHS[at.month - 1].replace(" ", "|"), rf"0?{at.day}(?:\.|st|nd|rd|th|er|º)?"
    year, short = rf",? (?:de )?{at.year:04}", f"0?{at.day}\\. ?0?{at.month}\\."
    yield _date(
        rf"{day} (?:de )?(?:{month})\.?{year}",
        rf"(?:{month})\.? {day}{year}",
        f"{at:%Y-%m-%d}",
        rf"{at.year:04}/0?{at.month}/0?{at.day}",
        rf"{short} ?{at.year:04}",
    )
    needs, bare = _needs_of_slashes(at, at.year), _needs_of_slashes(at, at.year - 1, at.year, at.year + 1)
    for numbers in (f"0?{at.day}/0?{at.month}", f"0?{at.month}/0?{at.day}"):
        if needs is not None:
            yield _date(rf"{numbers}/{at.year:04}", needs=needs)
        if bare is not None:
            yield _date(numbers, needs=bare or "time")
    yield _date(rf"{day} (?:de )?(?:{month})\.?", rf"(?:{month})\.? {day}", short, needs="time")


def _needs_of_slashes(at: datetime, *years: int) -> str | None:
    """What a day between slashes needs to be this one; None: it could be another one of the same weekday in one of the years."""
    if at.day > _MONTHS_OF_A_YEAR or at.day == at.month:
        return ""
    others = (at.replace(year=year, month=at.day, day=at.month) for year in years)
    return None if any(other.weekday() == at.weekday() for other in others) else "weekday"


def _date(*shapes: str, needs: str = "") -> _Date:
    return _Date(re.compile(rf"(?<![\w.:/-])(?:{'|'.join(shapes)})(?![\w/-])"), needs)


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
