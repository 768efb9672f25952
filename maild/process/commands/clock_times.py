"""A time of the day as people write it, to the hands of the clock; what may be meant in two ways is no time."""

import re
from datetime import time

TIME = (
    r"(?P<said>(?:at|um|gegen|ab|vers|a|a las|a la|las) )?(?P<hour>\d{1,2})"
    r"(?: ?(?:[:.h]|uhr) ?(?P<minute>\d{2}))? ?(?P<behind>h|uhr|[ap]\.?m\.?)?"
)
"""`15:00`, `um 15 Uhr`, `à 15h30`, `a las 15`, `3 p.m.`; folded."""


class Unclear(ValueError):
    """It can mean two things."""


_FULL = re.compile(TIME)
_EARLY = 6
"""Whoever writes an hour up to this one alone may mean the afternoon."""


def read_clock(written: re.Match[str]) -> time:
    """The time of a match of TIME. Raises ValueError, with what to write instead."""
    hour, minute = int(written["hour"]), int(written["minute"] or 0)
    if minute >= 60:  # noqa: PLR2004 - of an hour
        raise ValueError("there is no such minute")
    half = (written["behind"] or "").replace(".", "")
    if half in {"am", "pm"}:
        if not 1 <= hour <= 12:  # noqa: PLR2004 - of the clock's face
            raise ValueError(f"there is no {hour} {half}")
        return time(hour % 12 + 12 * (half == "pm"), minute)
    if 1 <= hour <= _EARLY and written["minute"] is None:
        raise Unclear(f"{hour} is {hour:02}:00 or {hour + 12}:00; write which")
    if hour >= 24:  # noqa: PLR2004 - of a day
        raise ValueError("there is no such hour")
    return time(hour, minute)


def time_alone(text: str) -> re.Match[str] | None:
    """A time that nothing stands around: `15` alone is none, and `4h` is a while."""
    found = _FULL.fullmatch(text)
    if found is None:
        return None
    is_clear = found["said"] or found["minute"] or (found["behind"] or "h") != "h"
    return found if is_clear else None
