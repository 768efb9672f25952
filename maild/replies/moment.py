"""A point in time in a reader's words, such as `Tuesday 24 November, 17:00 (Europe/Berlin)`."""

from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

from maild.replies.words import WORDS


def in_words(moment: datetime, *, now: datetime, zone: tzinfo, language: str) -> str:
    """The moment in the desk's zone, which is named; the year only where it is not the running one.

    In the night in which an hour comes twice, the offset from UTC says which of the two is meant.
    """
    return _written(moment.astimezone(UTC), now.astimezone(zone).year, zone, language)


@lru_cache(maxsize=256)  # tickets of one group are opened at the same moment, and most of them are promised the same
def _written(moment: datetime, year: int, zone: tzinfo, language: str) -> str:
    """`moment` is in UTC, where no two moments are called equal."""
    local = moment.astimezone(zone)
    where = f"{zone}, {_offset(local)}" if _comes_twice(local) else f"{zone}"
    words = WORDS.get(language)
    if words is None:
        return f"{local:%Y-%m-%d %H:%M} ({where})"
    written = words.moment.format(
        weekday=words.days[local.weekday()],
        day=words.first_day if local.day == 1 else local.day,
        month=words.months[local.month - 1],
        year="" if local.year == year else words.year.format(local.year),
        hour=local.hour,
        minute=local.minute,
    )
    return f"{written} ({where})"


def _comes_twice(local: datetime) -> bool:
    """Whether the clocks on the wall show this time a second time, because they go back (PEP 495)."""
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def _offset(local: datetime) -> str:
    """Such as `UTC+1`, or `UTC+10:30`."""
    minutes = (local.utcoffset() or timedelta()) // timedelta(minutes=1)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}{f':{rest:02}' if rest else ''}"
