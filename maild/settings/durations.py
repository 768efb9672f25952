"""Durations as an admin writes them: `90s`, `15m`, `4h`, `2 days`, `3 business days`."""

import re
from datetime import timedelta

from maild.process.calendar import Span

ALLOWED = "a duration such as 90s, 15m, 4h, 2 days or 3 business days"
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
LONGEST = 3660
"""Days; a typing error beyond that would promise an answer in the next century."""

CLOCK = re.compile(r"(\d{1,9}) ?(s|m|h|d|days?)", re.ASCII)
DAYS = re.compile(r"\d{1,9} ?(d|days?)", re.ASCII)
BUSINESS = re.compile(r"(\d{1,9}) business days?", re.ASCII)


def parse_span(text: str) -> Span:
    """Parse a duration; more than zero, ten years at most. Raises ValueError, whose words say what is allowed."""
    written = " ".join(text.split())
    if found := BUSINESS.fullmatch(written):
        days = int(found[1])
        return Span(business_days=within_bounds(days, days))
    length = parse_clock(written)
    return Span(days=length.days) if DAYS.fullmatch(written) else Span(clock=length)


def parse_clock(text: str) -> timedelta:
    """Parse a duration of plain clock time. Raises ValueError, whose words say what is allowed."""
    found = CLOCK.fullmatch(" ".join(text.split()))
    if not found:
        raise ValueError(ALLOWED)
    length = timedelta(**{UNITS[found[2][0]]: int(found[1])})
    within_bounds(int(found[1]), length / timedelta(days=1))
    return length


def within_bounds(count: int, days: float) -> int:
    """Refuse what is nothing, and what is longer than anybody means."""
    if count == 0 or days > LONGEST:
        raise ValueError(f"{ALLOWED}, more than zero and at most {LONGEST} days")
    return count


def write_span(span: Span) -> str:
    """Write a duration the way an admin writes it."""
    if span.business_days:
        return "1 business day" if span.business_days == 1 else f"{span.business_days} business days"
    if span.days:
        return f"{span.days}d"
    seconds = int(span.clock.total_seconds())
    unit, letter = next(pair for pair in ((3_600, "h"), (60, "m"), (1, "s")) if seconds % pair[0] == 0)
    return f"{seconds // unit}{letter}"
