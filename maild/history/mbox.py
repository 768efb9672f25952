"""An mbox: mails one after the other in a file, each behind a `From ` line (RFC 4155)."""

import codecs
import mmap
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

from maild.history.dates import HEADER_OCTETS, find_date, in_order, read_date
from maild.history.line_ends import as_mail
from maild.history.past_mail import Archive, PastMail, Tell

_FROM = b"From "
_MARK = codecs.BOM_UTF8
"""What Windows' editors begin a file with."""

LONGEST_SEPARATOR = 1_000
"""Octets: a line that is longer is none."""

_TIME, _YEAR = re.compile(rb"\d:\d\d"), re.compile(rb"\d{4}")
"""What a separator has, in this order: a sentence that begins with From is none."""

_BLANK = (b"\n\n", b"\n\r\n")
"""What ends before a separator, unless it begins the file."""

_QUOTED = re.compile(rb"(?m)^>(>*From )")
_WHEN = re.compile(rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b.*")

Span = tuple[int, int, int]
"""Number, begin and end of one mail in the file."""


def is_mbox(path: Path) -> bool:
    """Whether the file begins as an mbox does."""
    with path.open("rb") as file:
        return _separator(file.read(LONGEST_SEPARATOR).removeprefix(_MARK)) is not None


def open_mbox(path: Path, latest: datetime, tell: Tell) -> Archive:
    """Find every mail and its date; the mails themselves are read one by one, later."""
    with _mapped(path) as content:
        places = in_order(_scan(content, latest, tell))
    return Archive(kind="mbox", count=len(places), mails=partial(_read, path, places))


@contextmanager
def _mapped(path: Path) -> Iterator[mmap.mmap]:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        yield content


def _scan(content: mmap.mmap, latest: datetime, tell: Tell) -> Iterator[tuple[datetime | None, Span]]:
    number, begin, line = 0, -1, b""
    for at, separator in _separators(content):
        if number:
            yield _place(content, latest, line, (number, begin, at))
        number, begin, line = number + 1, at + len(separator), separator
        tell("looking", number, None)
    if number:
        yield _place(content, latest, line, (number, begin, len(content)))


def _separators(content: mmap.mmap) -> Iterator[tuple[int, bytes]]:
    """Each with where it begins; however hostile the lines, each octet is looked at a few times at most."""
    at = first = len(_MARK) if content[: len(_MARK)] == _MARK else 0
    while True:
        separator = _separator(content[at : at + LONGEST_SEPARATOR])
        if separator and (at == first or content[max(0, at - 3) : at].endswith(_BLANK)):
            yield at, separator
        at = content.find(b"\n" + _FROM, at) + 1
        if not at:
            return


def _separator(beginning: bytes) -> bytes | None:
    """The line with its end, if it is one."""
    line, end, _ = beginning.partition(b"\n")
    time = _TIME.search(line) if end and line.startswith(_FROM) else None
    return line + end if time and _YEAR.search(line, time.end()) else None


def _place(content: mmap.mmap, latest: datetime, line: bytes, span: Span) -> tuple[datetime | None, Span]:
    _, begin, end = span
    at = find_date(content[begin : min(end, begin + HEADER_OCTETS)], latest)
    when = _WHEN.search(line)
    return at or (read_date(when[0].decode("ascii", "replace"), latest) if when else None), span


def _read(path: Path, places: Sequence[tuple[datetime | None, Span]]) -> Iterator[PastMail]:
    for at, (number, begin, end) in places:
        read = partial(_source, path, begin, end)
        yield PastMail(place=f"mail {number:,}", size=end - begin, at=at, read=read)


def _source(path: Path, begin: int, end: int) -> bytes:
    """Without the blank line that belongs to the mbox, and with what the mbox had to quote as it was."""
    with path.open("rb") as file:
        file.seek(begin)
        source = as_mail(_QUOTED.sub(rb"\1", file.read(end - begin)))
    return source[:-2] if source.endswith(b"\r\n\r\n") else source
