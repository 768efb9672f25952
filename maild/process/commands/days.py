"""A day of the calendar by its numbers; what there is not is said in words of our own, whatever Python calls it."""

from datetime import MAXYEAR, MINYEAR, date

_MONTHS = range(1, 13)


def day_of(year: int, month: int, day: int) -> date:
    """The day. Raises ValueError with what there is not."""
    try:
        return date(year, month, day)
    except ValueError as error:
        raise ValueError(_missing(year, month)) from error


def in_year(day: date, year: int) -> date:
    """The same day of another year; ValueError where that has none."""
    return day_of(year, day.month, day.day)


def _missing(year: int, month: int) -> str:
    if not MINYEAR <= year <= MAXYEAR:
        return "there is no such year"
    return "that month has no such day" if month in _MONTHS else "there is no such month"
