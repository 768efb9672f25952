"""Until when a closed ticket is taken up again: days are those of the clients, business days those of the desk."""

from datetime import UTC, datetime, timedelta

import pytest

from maild.process.calendar import Span
from maild.process.closure import reopens_until
from tests.support.making import a_policy, some_rules

FRIDAY = datetime(2026, 11, 27, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("window", "end"),
    [
        (Span(business_days=3), datetime(2026, 12, 2, 15, tzinfo=UTC)),
        (Span(days=3), datetime(2026, 11, 30, 15, tzinfo=UTC)),
        (Span(clock=timedelta(hours=30)), datetime(2026, 11, 28, 21, tzinfo=UTC)),
    ],
)
def test_a_window_of_days_or_hours_goes_on_while_the_desk_is_closed(window: Span, end: datetime) -> None:
    assert reopens_until(FRIDAY, some_rules(policy=a_policy(reopen_window=window))) == end
