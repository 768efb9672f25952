"""Kinds of value that the files share. A wrong one raises ValueError, whose words say what is allowed."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainValidator

from maild.loopback import is_ip
from maild.process.calendar import Span, clock_time
from maild.process.people.duty import read_hours
from maild.settings.durations import ALLOWED, parse_clock, parse_span

LONGEST_LINE = 200
FIRST_YEAR, LAST_YEAR = 1970, 2999
LARGEST = 10**12
"""No number of octets, mails or people is larger; beyond 2**63 no database keeps it."""

ORDER = ", days of the calendar, the earlier one first"
SHORTEST_PATIENCE, LONGEST_PATIENCE = timedelta(seconds=5), timedelta(hours=1)

ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)*[A-Za-z0-9-]{1,63}", re.ASCII)
HOST = re.compile(r"(?:[A-Za-z0-9_-]{1,63}\.)*[A-Za-z0-9-]{1,63}\.?", re.ASCII)
LIST_ID = re.compile(r"[A-Za-z0-9._-]{1,255}", re.ASCII)
TEMPLATE = re.compile(r"(?:[a-z0-9][a-z0-9_-]{0,63})?", re.ASCII)
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}", re.ASCII)
HOURS = re.compile(r"([0-2]\d):([0-5]\d) ?- ?([0-2]\d):([0-5]\d)", re.ASCII)


class Section(BaseModel):
    """A table of a configuration file: unknown keys are errors, at every depth."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, use_attribute_docstrings=True)


def text_that(pattern: re.Pattern[str], allowed: str) -> Callable[[Any], str]:
    """Make the check of a text that must have a form."""

    def check(value: Any) -> str:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise ValueError(allowed)
        return value

    return check


def one_line(value: Any) -> str:
    """Check a text that becomes part of a header field: one line, not empty."""
    if not isinstance(value, str) or not value.strip() or not value.isprintable() or len(value) > LONGEST_LINE:
        raise ValueError(f"one line of text, not empty, at most {LONGEST_LINE} characters, without control characters")
    return value.strip()


def address(value: Any) -> str:
    """Check an address (RFC 5321 4.1.2, dot-atoms of ASCII only; no quoted local parts)."""
    local = value.rpartition("@")[0] if isinstance(value, str) else ""
    if not local or not ADDRESS.fullmatch(value) or ".." in local or local[0] == "." or local[-1] == ".":
        raise ValueError("an address such as support@example.org, without a display name")
    return str(value)


def address_or_list(value: Any) -> str:
    """Check what names a group that delivers to us: its address or its list-id (RFC 2919)."""
    if isinstance(value, str) and "@" not in value and LIST_ID.fullmatch(value):
        return value.casefold()
    try:
        return address(value).casefold()
    except ValueError:
        raise ValueError("the address of a group, or a list-id such as support.lists.example.org") from None


def domain(value: Any) -> str:
    """Check the part of an address behind its `@`."""
    if isinstance(value, str) and ADDRESS.fullmatch(f"x@{value}") and "." in value:
        return value.casefold()
    raise ValueError("a domain such as example.org, without @")


def host(value: Any) -> str:
    """Check the name or the IP address of a server."""
    if isinstance(value, str) and (HOST.fullmatch(value) or is_ip(value)):
        return value
    raise ValueError("a server's name such as mail.example.org, or an IP address; no port, no scheme")


def zone(value: Any) -> ZoneInfo:
    """Check a time zone of the IANA database."""
    try:
        if isinstance(value, str) and value:
            return ZoneInfo(value)
    except (ValueError, OSError, KeyError):  # a zone that is not found is a KeyError
        pass
    raise ValueError("a time zone such as Europe/Berlin or UTC")


def hours(value: Any) -> tuple[time, time]:
    """Check opening and closing time; `24:00` closes at midnight, `00:00-24:00` is always open."""
    found = HOURS.fullmatch(value) if isinstance(value, str) else None
    try:
        if found and (opening := clock_time(found[1], found[2])) < (closing := clock_time(found[3], found[4])):
            return opening, closing
    except ValueError:
        pass
    raise ValueError("opening and closing time such as 09:00-17:00, the earlier one first, 24:00 at most")


def working_hours(value: Any) -> str:
    """Check a person's hours; `duty` reads them."""
    read_hours(value if isinstance(value, str) else "")
    return str(value)


def day(value: Any) -> date:
    """Check a date, bare as TOML knows it or in quotes."""
    try:
        if type(value) is date:
            return value
        if isinstance(value, str):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise ValueError("a date such as 2026-12-25")


def days_off(value: Any) -> str:
    """Check a day off, or a stretch of them whose first day stands first; one day may be bare as TOML knows it."""
    first, dots, last = value.partition("..") if isinstance(value, str) else (value, "", "")
    with suppress(ValueError):
        begin, end = day(first), day(last if dots else first)
        if begin <= end:
            return f"{begin}..{end}" if dots else f"{begin}"
    raise ValueError(f"a day such as 2026-08-01, or a stretch such as 2026-08-01..2026-08-14{ORDER}")


def moment(value: Any) -> datetime | date:
    """Check a point in time with its offset, or a date (whose midnight is meant)."""
    if isinstance(value, str):
        with suppress(ValueError):
            value = date.fromisoformat(value)
    if isinstance(value, str):
        with suppress(ValueError):
            value = datetime.fromisoformat(value)
    has_place = type(value) is date or (isinstance(value, datetime) and value.tzinfo is not None)
    if has_place and FIRST_YEAR <= value.year <= LAST_YEAR:  # others cannot be turned into UTC
        return value  # type: ignore[no-any-return]
    raise ValueError("a date such as 2026-01-31, or a time with its offset such as 2026-01-31T08:00:00Z")


def whole(value: Any) -> Any:
    """Refuse what pydantic would count as a number, and is none: true is not 1; nor can all numbers be kept."""
    if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
        raise ValueError("a whole number")
    if isinstance(value, int | float) and abs(value) > LARGEST:
        raise ValueError(f"a whole number of at most {LARGEST}")
    return value


def span(value: Any) -> Span:
    """Check a duration, business days included."""
    return parse_span(value if isinstance(value, str) else "")


def length(value: Any) -> timedelta:
    """Check a duration of plain clock time."""
    try:
        return parse_clock(value if isinstance(value, str) else "")
    except ValueError as error:
        raise ValueError(f"a duration such as 90s, 15m or 4h{str(error).removeprefix(ALLOWED)}") from None


def patience(value: Any) -> timedelta:
    """Check how long others wait for a process that may have died: not so short that a slow one is taken for dead."""
    waited = length(value)
    if not SHORTEST_PATIENCE <= waited <= LONGEST_PATIENCE:
        raise ValueError("a duration from 5s to 1h")
    return waited


Line = Annotated[str, PlainValidator(one_line)]
AddressText = Annotated[str, PlainValidator(address)]
AddressOrList = Annotated[str, PlainValidator(address_or_list)]
Domain = Annotated[str, PlainValidator(domain)]
Host = Annotated[str, PlainValidator(host)]
Name = Annotated[str, PlainValidator(text_that(NAME, "a name of lower-case letters, digits, - and _"))]
Template = Annotated[
    str, PlainValidator(text_that(TEMPLATE, 'a name of lower-case letters, digits, - and _, or "" for nothing'))
]
Zone = Annotated[ZoneInfo, PlainValidator(zone)]
Hours = Annotated[tuple[time, time], PlainValidator(hours)]
WorkingHours = Annotated[str, PlainValidator(working_hours)]
Day = Annotated[date, PlainValidator(day)]
Moment = Annotated[datetime | date, PlainValidator(moment)]
Duration = Annotated[Span, PlainValidator(span)]
Length = Annotated[timedelta, PlainValidator(length)]
Patience = Annotated[timedelta, PlainValidator(patience)]
Away = Annotated[str, PlainValidator(days_off)]
Whole = Annotated[int, BeforeValidator(whole)]
