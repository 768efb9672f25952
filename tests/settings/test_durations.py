from datetime import timedelta

import pytest

from maild.process.calendar import Span
from maild.settings.durations import parse_clock, parse_span


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("90s", Span(clock=timedelta(seconds=90))),
        ("15m", Span(clock=timedelta(minutes=15))),
        ("4h", Span(clock=timedelta(hours=4))),
        (" 4  h ", Span(clock=timedelta(hours=4))),
        ("2 days", Span(days=2)),
        ("1d", Span(days=1)),
        ("24h", Span(clock=timedelta(days=1))),
        ("3 business days", Span(business_days=3)),
        ("1 business  day", Span(business_days=1)),
    ],
)
def test_a_duration_is_read_as_an_admin_writes_it(text: str, span: Span) -> None:
    assert parse_span(text) == span


@pytest.mark.parametrize(
    "text",
    ["", "4", "h", "-4h", "4.5h", "0h", "0 business days", "four hours", "4h 30m", "٤h", "99999999h", "9" * 5000 + "s",
     "9999999 business days", "4 business hours", "1e3s"],
)  # fmt: skip
def test_what_is_no_duration_is_refused_with_what_is_allowed(text: str) -> None:
    with pytest.raises(ValueError, match="a duration such as 90s, 15m, 4h"):
        parse_span(text)


def test_business_days_are_no_clock_time() -> None:
    with pytest.raises(ValueError, match="a duration"):
        parse_clock("3 business days")
