"""The client's subject, as it stands behind our tag and stays in the client's own thread."""

import re
from functools import cache

from maild.replies.plain import one_line

LIMIT = 250
"""Characters of a subject that are shown at most."""

# What mail clients of the shipped languages and their neighbours put before a subject; with RFC 5256's `Re` and `Fw`.
_ANSWER = re.compile(
    r"(?:(?:re|aw|antw|sv|vs|rép|tr|rv|wg|fw|fwd|res|enc|rif|odp|pd|ynt|ilt|vá|отв|回复|答复|回覆|转发|轉寄)"
    r"(?:\[\d{1,3}\])?\s?[:\uff1a]\s*)+",
    re.IGNORECASE,
)


def base_subject(subject: str, prefix: str) -> str:
    """The subject without our tags and without `Re:` and its like (RFC 5256 2.1); may be empty."""
    line = one_line(_tags(prefix).sub(" ", one_line(subject, 2 * LIMIT)), LIMIT)
    answer = _ANSWER.match(line)
    return line[answer.end() :] if answer else line


def is_of_tap(base: str, prefix: str) -> bool:
    """Whether it is what a tap of a client writes: the subject of an action, and of no conversation."""
    return _taps(prefix).fullmatch(base) is not None


@cache
def _taps(prefix: str) -> re.Pattern[str]:
    number = rf"{re.escape(prefix)}-\d{{1,12}}"
    return re.compile(rf"(?:\[{number} a[^\]\s]{{1,40}}\]|{number}) (?:works|fails)", re.IGNORECASE)


@cache
def _tags(prefix: str) -> re.Pattern[str]:
    # A stale tag would lead an answer to the wrong ticket, and ours is added anew.
    number = rf"{re.escape(prefix)}[-\u2010-\u2013\u2212\uff0d]\d{{1,12}}(?:\sk[^\]\s\u3011\uff3d]{{1,40}})?"
    return re.compile(rf"[\[\u3010\uff3b]{number}[\]\u3011\uff3d]", re.IGNORECASE)
