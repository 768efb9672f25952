"""The interval for the time to resolution holds although nobody knows yet how long some tickets take."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import exp

from maild.knowledge.lasting import HORIZON, LEAST, MOST, SURE, Interval, Spell, find_interval, walk

NOW = datetime(2026, 11, 23, tzinfo=UTC)
HOUR = timedelta(hours=1)


def lasted(hours: float | None, *, ago: timedelta = 2 * HORIZON) -> Spell:
    opened_at = NOW - ago
    return Spell(opened_at=opened_at, solved_at=None if hours is None else opened_at + hours * HOUR)


def a_history(chance: random.Random, count: int, *, weeks: int = 12) -> list[Spell]:
    """Median two days; some are never solved."""
    moments = sorted(chance.random() for _ in range(count))
    times = (48 * exp(chance.gauss(0, 1)) if chance.random() > 0.03 else None for _ in moments)
    return [lasted(hours, ago=timedelta(weeks=weeks) * (1 - at)) for at, hours in zip(moments, times, strict=True)]


def known(spells: Sequence[Spell], now: datetime) -> list[Spell]:
    """What one can know then."""
    opened = (each for each in spells if each.opened_at <= now)
    return [each if each.solved_at and each.solved_at <= now else replace(each, solved_at=None) for each in opened]


def test_it_is_kept_as_often_as_it_says() -> None:
    chance, kept, n = random.Random(3), 0, 0
    for _ in range(250):
        told = find_interval(known(a_history(chance, 120), NOW), NOW)
        if told is None:
            continue
        later = [each.hours for each in a_history(chance, 20)]
        kept, n = kept + sum(told.low <= hours <= told.high for hours in later), n + len(later)
    assert n > 240 * 20
    assert SURE - 0.015 <= kept / n <= SURE + 0.03


def test_its_ends_leave_out_as_much_below_as_above() -> None:
    spells = [lasted(float(hours)) for hours in range(1, 100)]
    assert find_interval(spells, NOW) == Interval(low=10.0, high=90.0, n=99)


def test_what_could_not_be_watched_long_enough_says_nothing_whether_it_is_over_or_not() -> None:
    spells = [lasted(float(hours)) for hours in range(1, 100)]
    young = [lasted(hours, ago=HORIZON - HOUR) for hours in (1.0, 2.0, None, None)]
    assert find_interval([*spells, *young], NOW) == find_interval(spells, NOW)


def test_what_is_not_over_after_all_that_time_counts_as_longer_than_anything() -> None:
    spells = [lasted(float(hours)) for hours in range(1, 90)]
    assert find_interval([*spells, *(lasted(None) for _ in range(8))], NOW) == Interval(low=9.0, high=89.0, n=97)
    assert find_interval([*spells, *(lasted(None) for _ in range(9))], NOW) is None


def test_too_few_say_nothing() -> None:
    spells = [lasted(1.0) for _ in range(LEAST)]
    assert find_interval(spells, NOW) is not None
    assert find_interval(spells[1:], NOW) is None
    assert find_interval([], NOW) is None


def test_its_measure_is_what_would_have_been_told_each_time() -> None:
    chance = random.Random(5)
    spells = a_history(chance, 3 * MOST, weeks=60)
    hits = n = 0
    for each in spells:
        told = find_interval(spells, each.opened_at) if each.opened_at <= NOW - HORIZON else None
        if told is not None:
            hits, n = hits + (told.low <= each.hours <= told.high), n + 1
    held = walk(spells, NOW)
    assert (held.hits, held.n) == (hits, n)
    assert n > MOST
