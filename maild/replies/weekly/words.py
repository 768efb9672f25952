"""What a language needs to tell of a week."""

from collections.abc import Mapping
from dataclasses import dataclass

PARTS = ("changed", "look", "do")
CLOCKS = ("next_update", "first_response", "resolution", "hand_off_receipt")


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyWords:
    """One language's sentences; names in braces are values of the fact."""

    subject: str
    opening: str
    """{since}, {until}: first and last day."""

    day: str
    """{day} {month}"""

    parts: Mapping[str, str]
    """Heading of each part."""

    sentences: Mapping[str, str]
    """By kind of fact."""

    asides: Mapping[str, str]
    """What stands in a sentence only where its value is known."""

    promises: Mapping[str, str]
    """By clock."""

    questions: Mapping[str, str]
    """What the models answer."""

    nothing: str
    """Where there is nothing to look at and nothing to do."""

    uncategorised: str
    and_more: str
    """{count} tickets beside those that are named."""

    closing: str
    minutes: str
    hours: str
    days: str
    percent: str
    comma: str = ","
