"""The offset from UTC in which a mail's author lives, as its Date field says it."""

from datetime import timedelta
from email.utils import parsedate_tz

from maild.mail.message import Mail

_FARTHEST = timedelta(hours=14)


def utc_offset(mail: Mail) -> timedelta | None:
    """The offset; None where the field says none, or that it does not know (`-0000`, RFC 5322 3.3).

    UTC itself is what servers write who do not know either.
    """
    written = next((value for name, value in mail.headers if name == "date"), "")
    try:
        parsed = parsedate_tz(written[:200])
    except (ValueError, IndexError, OverflowError):
        return None
    seconds = parsed[9] if parsed else None
    offset = timedelta(seconds=seconds) if seconds else None
    return offset if offset and abs(offset) <= _FARTHEST else None
