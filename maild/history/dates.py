"""When a mail of the past was written: read from its header alone, so that an archive is put in order before it is read."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

HEADER_OCTETS = 65_536
MOST_CHARACTERS = 128
"""Of a date: what is longer is none."""

EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)
"""Older mail comes from a clock that had lost its battery."""

_END = re.compile(rb"\r?\n\r?\n")
_DATE = re.compile(rb"(?im)^date:[ \t]*(?:\r?\n[ \t]+)?([^\r\n]*)")
_RECEIVED = re.compile(rb"(?im)^received:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*")

Key = TypeVar("Key")


def find_date(header: bytes, latest: datetime) -> datetime | None:
    """Read the Date field, or else the topmost Received field; None where both are missing or nonsense.

    `header`: the beginning of a source; `latest`: nothing was written after it.
    """
    end = _END.search(header)
    fields = header[: end.start() + 2 if end else HEADER_OCTETS]
    candidates = [found[1] for found in (_DATE.search(fields),) if found]
    candidates += [found[0].rpartition(b";")[2] for found in (_RECEIVED.search(fields),) if found]
    return next((at for written in candidates if (at := read_date(written.decode("ascii", "replace"), latest))), None)


def read_date(written: str, latest: datetime) -> datetime | None:
    """Read a date of RFC 5322; one without a zone is UTC, and one that cannot be is None."""
    try:
        at = parsedate_to_datetime(" ".join(written.split())[:MOST_CHARACTERS])
        at = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return at if EARLIEST <= at <= latest else None


def in_order(found: Iterable[tuple[datetime | None, Key]]) -> Sequence[tuple[datetime | None, Key]]:
    """Sort by date, oldest first; what has none stays behind its neighbour and takes its date."""
    return sorted(_dated(found), key=lambda one: one[0] or EARLIEST)


def _dated(found: Iterable[tuple[datetime | None, Key]]) -> Iterator[tuple[datetime | None, Key]]:
    last: datetime | None = None
    for at, key in found:
        last = at or last
        yield last, key
