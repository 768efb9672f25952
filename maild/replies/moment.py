"""A point in time in a reader's words, such as `Tuesday 24 November, 17:00 (Europe/Berlin)`."""

from datetime import datetime, tzinfo

from maild.replies.words import WORDS


def in_words(moment: datetime, *, now: datetime, zone: tzinfo, language: str) -> str:
    """The moment in the desk's zone, which is named; the year only where it is not the running one."""
    local = moment.astimezone(zone)
    words = WORDS.get(language)
    if words is None:
        return f"{local:%Y-%m-%d %H:%M} ({zone})"
    written = words.moment.format(
        weekday=words.days[local.weekday()],
        day=words.first_day if local.day == 1 else local.day,
        month=words.months[local.month - 1],
        year="" if local.year == now.astimezone(zone).year else words.year.format(local.year),
        hour=local.hour,
        minute=local.minute,
    )
    return f"{written} ({zone})"
