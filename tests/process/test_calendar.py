"""Working time: what a promise means on a Friday evening."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from maild.process.calendar import Calendar, Span, working_time_after, working_time_between
from tests.support.making import CALENDAR

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)


def berlin(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("start", "span", "end"),
    [
        (berlin(23, 10), Span(clock=4 * HOUR), berlin(23, 14)),
        (berlin(23, 15), Span(clock=4 * HOUR), berlin(24, 11)),
        (berlin(23, 3), Span(clock=HOUR), berlin(23, 10)),
        (berlin(27, 16, 30), Span(clock=HOUR), berlin(30, 9, 30)),
        (berlin(28, 12), Span(clock=HOUR), berlin(30, 10)),
        (berlin(23, 10), Span(business_days=1), berlin(24, 10)),
        (berlin(27, 10), Span(business_days=3), berlin(2, 10, month=12)),
        (berlin(27, 20), Span(business_days=1), berlin(1, 9, month=12)),
        (berlin(23, 10), Span(clock=20 * HOUR), berlin(25, 14)),
        (berlin(23, 10), Span(clock=24 * HOUR), berlin(26, 10)),
        (berlin(23, 10), Span(days=2), berlin(25, 10)),
        (berlin(26, 10), Span(days=2), berlin(30, 9)),
        (berlin(23, 20), Span(days=1), berlin(25, 9)),
        (berlin(16, 10), Span(days=14), berlin(30, 10)),
        (berlin(23, 10), Span(), berlin(23, 10)),
    ],
)
def test_clocks_run_only_while_the_desk_is_open(start: datetime, span: Span, end: datetime) -> None:
    assert working_time_after(start, span, CALENDAR) == end


def test_a_holiday_is_skipped() -> None:
    calendar = Calendar(zone=BERLIN, hours=CALENDAR.hours, holidays=frozenset({date(2026, 11, 24)}))
    assert working_time_after(berlin(23, 10), Span(business_days=1), calendar) == berlin(25, 10)


def test_an_hour_stays_an_hour_when_the_clocks_change() -> None:
    always = Calendar(zone=BERLIN, hours=dict.fromkeys(range(7), (time(0), time(23, 59))))
    start = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert working_time_after(start, Span(clock=2 * HOUR), always) == start + 2 * HOUR


def test_each_of_two_equal_hours_has_its_own_end() -> None:
    always = Calendar(zone=BERLIN, hours=dict.fromkeys(range(7), (time(0), time(23, 59))))
    first = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN)
    second, later = first.replace(fold=1), datetime(2026, 10, 25, 9, tzinfo=UTC)
    ends = [working_time_after(start, Span(clock=HOUR), always) for start in (first, second)]
    assert ends == [datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (1, 2)]
    assert [working_time_between(start, later, always) for start in (first, second)] == [8.5 * HOUR, 7.5 * HOUR]


def test_days_end_at_the_same_hour_when_the_clocks_change() -> None:
    always = Calendar(zone=BERLIN, hours=dict.fromkeys(range(7), (time(0), time(23, 59))))
    assert working_time_after(berlin(24, 12, month=10), Span(days=1), always) == berlin(25, 12, month=10)
    spring = datetime(2026, 3, 28, 2, 30, tzinfo=BERLIN)
    assert working_time_after(spring, Span(days=1), always) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_a_calendar_that_never_opens_is_an_error() -> None:
    with pytest.raises(ValueError, match="never open"):
        working_time_after(berlin(23, 10), Span(clock=HOUR), Calendar(zone=BERLIN, hours={}))
