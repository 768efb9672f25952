"""Points in time as files write them."""

from datetime import UTC, date, datetime, time, tzinfo


def read_moment(written: str, zone: tzinfo) -> datetime | None:
    """Read RFC 3339 or ISO 8601; a time without a zone is one of `zone`, a day is its midnight. None: it is neither."""
    text = written.strip()
    try:
        if len(text) <= len("2026-03-02"):
            return datetime.combine(date.fromisoformat(text), time(), zone).astimezone(UTC)
        read = datetime.fromisoformat(text)
        return (read if read.tzinfo else read.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def write_moment(at: datetime | None) -> str | None:
    """Write RFC 3339 in UTC, to the microsecond where there are any; `read_moment` gives the same back."""
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")
