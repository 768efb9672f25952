"""What the JSON of a column looks like for those who read it; what does not is read as nothing, and told."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

Shape = Callable[[Any], bool]
"""Whether a value looks like it."""


def is_text(value: Any) -> bool:
    """Text."""
    return isinstance(value, str)


def is_number(value: Any) -> bool:
    """A number."""
    return isinstance(value, (int, float))


def is_object(value: Any) -> bool:
    """An object of whatever keys."""
    return isinstance(value, dict)


def is_moment(value: Any) -> bool:
    """A moment as ISO 8601 writes it."""
    return _reads(datetime.fromisoformat, value)


def _day(value: Any) -> bool:
    return _reads(date.fromisoformat, value)


def _reads(read: Callable[[str], object], value: Any) -> bool:
    try:
        read(value)
    except (ValueError, TypeError):
        return False
    return True


def _list_of(one: Shape) -> Shape:
    return lambda value: isinstance(value, list) and all(map(one, value))


def _values(one: Shape) -> Shape:
    return lambda value: isinstance(value, dict) and all(map(one, value.values()))


def _or_none(one: Shape) -> Shape:
    return lambda value: value is None or one(value)


def _with(**keys: Shape) -> Shape:
    """An object that has these keys, among others; one that may be missing takes None."""
    return lambda value: isinstance(value, dict) and all(fits(value.get(name)) for name, fits in keys.items())


_texts = _list_of(is_text)

is_sheet = _with(found=_list_of(_with(kind=is_text, value=is_text, words=is_text, mail=is_number)), required=_texts)

is_statistics = _with(
    clients=is_number,
    proven=is_number,
    since=is_moment,
    window_minutes=is_number,
    usual=is_number,
    once_in_weeks=is_number,
    words=_texts,
)
"""Why an incident was proposed."""

is_terms = _with(weights=_or_none(_values(is_number)), rarity=_or_none(_values(is_number)))
"""What the tickets of an incident share."""

is_issue = _with(
    state=_or_none(is_text),
    priority=_or_none(is_number),
    assignee=_or_none(is_text),
    due=_or_none(_day),
    labels=_or_none(_texts),
)
"""The fields of a tracker's issue."""

is_facts = _with(
    author_name=_or_none(is_text),
    to=_or_none(_texts),
    cc=_or_none(_texts),
    attachments=_or_none(_list_of(_with(digest=is_text))),
    infected=_or_none(is_object),
    unscanned=_or_none(_texts),
    utc_offset=_or_none(is_number),
)
"""What a person may want to know about a mail."""

is_verdicts = _list_of(_with(question=is_text, label=_or_none(is_text)))
