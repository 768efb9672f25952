"""A burst is what chance does not explain: clients are counted, words compared, and what is usual is known from history."""

import math
import random
from datetime import UTC, datetime, timedelta

import pytest

from maild.knowledge.bursts import Alarm, History, Opened, find_bursts
from maild.knowledge.chance import Expectation, Rhythm, negative_binomial_tail
from maild.knowledge.likeness import count_terms, likeness, weigh_by

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
WEEK, MINUTE = timedelta(weeks=1), timedelta(minutes=1)
ALARM = Alarm(false_alarms_a_week=0.25, least_clients=4)
OUTAGE = "the vpn gateway refuses all connections"
PLAIN = (
    *(
        "printer toner is empty",
        "please install the new editor",
        "my screen flickers sometimes",
        "invoice cannot be opened",
    ),
    *("calendar entry is missing", "headset does not charge", "how do I share a folder", "keyboard types twice"),
)


def opened(number: int, at: datetime, text: str, *, client: str = "", category: str = "software") -> Opened:
    return Opened(
        number=number,
        at=at,
        client=client or f"client{number}.example",
        is_proven=False,
        category=category,
        mail=number,
        terms=count_terms("", text),
    )


def quiet_weeks(weeks: int, *, weekly: tuple[str, ...] = ()) -> list[Opened]:
    """Ten plain tickets each working day, and on each Monday at nine those, some minutes apart."""
    found: list[Opened] = []
    for day in range(-7 * weeks, 0):
        at = MONDAY + timedelta(days=day)
        texts = [PLAIN[(day + place) % len(PLAIN)] for place in range(10)] if at.weekday() < 5 else []
        found += [opened(0, at + 45 * place * MINUTE, text) for place, text in enumerate(texts)]
        if at.weekday() == 0:
            found += [opened(0, at + 8 * place * MINUTE, text) for place, text in enumerate(weekly)]
    ordered = sorted(found, key=lambda each: each.at)
    return [opened(n, each.at, " ".join(each.terms), client=f"c{n}") for n, each in enumerate(ordered, start=1)]


def bursts(past: list[Opened], *fresh: Opened, taken: set[int] | None = None) -> list[tuple[int, int]]:
    """Clients and tickets of each burst that is found."""
    history = History(zone=UTC)
    for each in (*past, *fresh):
        history.see(each)
    return [(each.clients, len(each.tickets)) for each in find_bursts(fresh, history, ALARM, taken=taken or set())]


def reports(count: int, at: datetime, text: str = OUTAGE, *, client: str = "") -> list[Opened]:
    return [opened(10_000 + place, at + place * MINUTE, text, client=client) for place in range(count)]


@pytest.mark.parametrize(("count", "shape", "odds"), [(1, 0.5, 0.1), (4, 2.5, 0.4), (30, 3.0, 5.0), (12, 0.5, 1e-3)])
def test_the_tail_is_that_of_the_negative_binomial(count: int, shape: float, odds: float) -> None:
    def probability(k: int) -> float:
        ways = math.lgamma(shape + k) - math.lgamma(shape) - math.lgamma(k + 1)
        return math.exp(ways - shape * math.log1p(odds) + k * (math.log(odds) - math.log1p(odds)))

    assert negative_binomial_tail(count, shape=shape, odds=odds) == pytest.approx(
        sum(probability(k) for k in range(count, count + 400)), rel=1e-6
    )


def test_such_a_tail_is_as_rare_as_it_says() -> None:
    chance, rare = random.Random(7), Expectation(alike=6, weekly=40.0, weeks=8.0)
    draws = 20_000
    came = [_poisson(chance, chance.gammavariate(rare.shape, 0.1 / rare.exposure)) for _ in range(draws)]
    for count in (1, 2):
        expected = rare.tail(count, 0.1)
        assert sum(each >= count for each in came) / draws == pytest.approx(
            expected, abs=4 * math.sqrt(expected / draws)
        )


def _poisson(chance: random.Random, mean: float) -> int:
    count, left = 0, math.exp(-mean)
    while (left := left / chance.random()) < 1:
        count += 1
    return count


def test_a_week_s_hours_share_it_out_and_busy_ones_have_more() -> None:
    rhythm = Rhythm(zone=UTC)
    for each in quiet_weeks(8):
        rhythm.see(each.at)
    start = MONDAY.replace(hour=0)
    assert rhythm.share(start, start + WEEK) == pytest.approx(1.0, abs=0.1)
    assert rhythm.share(MONDAY, MONDAY + 60 * MINUTE) > 5 * rhythm.share(start, start + 60 * MINUTE)


def test_clients_who_write_the_same_are_a_burst_and_it_is_found_once() -> None:
    assert bursts(quiet_weeks(8), *reports(6, MONDAY)) == [(4, 4)]


def test_one_client_who_writes_often_is_none() -> None:
    assert bursts(quiet_weeks(8), *reports(40, MONDAY, client="forged.example")) == []


def test_clients_who_write_of_different_things_are_none() -> None:
    fresh = [opened(10_000 + place, MONDAY + place * MINUTE, text) for place, text in enumerate(PLAIN)]
    assert bursts(quiet_weeks(8), *fresh) == []


def test_what_comes_every_monday_is_usual_on_mondays_and_not_at_night() -> None:
    resets = tuple(f"password reset please {word}" for word in ("again", "now", "today", "friend", "soon", "urgent"))
    past = quiet_weeks(8, weekly=resets)
    monday = [opened(10_000 + place, MONDAY + 8 * place * MINUTE, text) for place, text in enumerate(resets)]
    night = [opened(10_000 + place, MONDAY + (17 * 60 + 8 * place) * MINUTE, text) for place, text in enumerate(resets)]
    assert bursts(past, *monday) == []
    assert len(bursts(past, *night)) == 1


def test_a_new_desk_knows_a_burst_of_minutes_and_none_of_hours() -> None:
    assert len(bursts([], *reports(5, MONDAY))) == 1
    slow = [opened(each.number, MONDAY + 50 * place * MINUTE, OUTAGE) for place, each in enumerate(reports(6, MONDAY))]
    assert bursts([], *slow) == []


def test_what_holds_a_ticket_that_is_spoken_for_is_more_of_the_same() -> None:
    assert bursts(quiet_weeks(8), *reports(8, MONDAY), taken={10_000}) == []


@pytest.mark.parametrize("since", [None, MONDAY - 2 * WEEK])
def test_alike_are_those_of_which_each_comparison_says_so(since: datetime | None) -> None:
    history, chance = History(zone=UTC), random.Random(7)
    for each in quiet_weeks(4, weekly=(OUTAGE, f"{OUTAGE} again", "")):
        words = " ".join(chance.sample(PLAIN, 2)) if chance.random() < 0.5 else ""
        history.see(opened(each.number, each.at, f"{words} {' '.join(each.terms)}"))

    for asked in (*history.opened[::9], opened(0, MONDAY, "words that nobody has written")):
        vector = weigh_by(asked.terms, history.rarity)
        told = [each.number for each in history.like(vector, least=0.2, since=since)]

        later = [each for each in history.opened if since is None or each.at >= since]
        assert told == [each.number for each in later if likeness(vector, history.vector(each.number)) >= 0.2]
