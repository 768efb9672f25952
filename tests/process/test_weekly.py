"""When the weekly summary falls due, and which days it tells of: by the desk's own clock, wherever that jumps."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from maild.knowledge.analysis.history import Period
from maild.process.weekly import Weekly, newest_week, week_before

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY_AT_EIGHT = Weekly()
SUNDAY_NIGHT = Weekly(day=6, hour=2)
"""Both in spring, when that hour is left out, and in autumn, when it comes twice."""


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "weekly", "name"),
    [
        ("2026-11-23T07:59:59+01:00", MONDAY_AT_EIGHT, "2026-W47"),
        ("2026-11-23T08:00:00+01:00", MONDAY_AT_EIGHT, "2026-W48"),
        ("2026-11-29T23:59:59+01:00", MONDAY_AT_EIGHT, "2026-W48"),
        ("2026-11-23T00:30:00+01:00", Weekly(hour=0), "2026-W48"),
        ("2026-03-29T01:59:59+01:00", SUNDAY_NIGHT, "2026-W12"),
        ("2026-03-29T03:00:00+02:00", SUNDAY_NIGHT, "2026-W13"),
        ("2026-10-25T01:59:59+02:00", SUNDAY_NIGHT, "2026-W42"),
        ("2026-10-25T02:00:00+02:00", SUNDAY_NIGHT, "2026-W43"),
        ("2026-10-25T02:00:00+01:00", SUNDAY_NIGHT, "2026-W43"),
        ("2027-01-01T12:00:00+01:00", MONDAY_AT_EIGHT, "2026-W53"),
        ("2027-01-04T12:00:00+01:00", MONDAY_AT_EIGHT, "2027-W01"),
    ],
)
def test_the_newest_one_fell_due_at_the_day_and_hour_on_the_desks_wall(now: str, weekly: Weekly, name: str) -> None:
    assert newest_week(at(now), weekly, BERLIN).name == name


def test_it_falls_due_once_in_each_of_57_weeks_whatever_the_day_and_the_hour() -> None:
    for weekly in (Weekly(day=day, hour=hour) for day in range(7) for hour in (0, 2, 3, 23)):
        names = [
            newest_week(at("2026-01-05T23:30+01:00") + timedelta(hours=6 * n), weekly, BERLIN) for n in range(1600)
        ]
        told = list(dict.fromkeys(week.name for week in names))
        assert len(told) in {58, 59}
        assert told == sorted(told)


def test_it_tells_of_seven_whole_days_also_where_they_have_167_or_169_hours() -> None:
    spring, autumn = week_before(date(2026, 3, 30), BERLIN), week_before(date(2026, 10, 26), BERLIN)
    assert (spring.since, spring.until) == (at("2026-03-23T00:00+01:00"), at("2026-03-30T00:00+02:00"))
    assert spring.until - spring.since == timedelta(hours=167)
    assert autumn.until - autumn.since == timedelta(hours=169)


@pytest.mark.parametrize(
    ("first", "days"),
    [
        *(("2026-11-23", "2026-W48"), ("2026-11-25", "2026-W48"), ("2026-11-26", "2026-W48")),
        *(("2026-11-27", "2026-W49"), ("2026-12-28", "2026-W53")),
    ],
)
def test_programs_are_told_the_week_that_most_of_the_days_belong_to(first: str, days: str) -> None:
    assert week_before(date.fromisoformat(first) + timedelta(days=7), BERLIN).days == days


def test_the_weeks_of_a_period_begin_at_midnight_of_the_wall_on_both_sides_of_a_jump() -> None:
    period = Period(since=at("2026-03-09T00:00+01:00"), until=at("2026-04-06T00:00+02:00"), zone=BERLIN)
    assert period.weeks == ("09 Mar", "16 Mar", "23 Mar", "30 Mar")
    assert [start.astimezone(BERLIN).hour for start in period.starts] == [0, 0, 0, 0]
    assert [period.week(at(day)) for day in ("2026-03-15T23:59+01:00", "2026-03-16T00:00+01:00")] == [0, 1]
    assert period.last(1) == Period(since=at("2026-03-23T00:00+01:00"), until=at("2026-03-30T00:00+02:00"), zone=BERLIN)
