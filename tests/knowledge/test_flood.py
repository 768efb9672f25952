"""A flood is known by what was withheld of it: with that goes whatever came with it, and nobody who is proven."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from maild.knowledge.bursts import Opened
from maild.knowledge.flood import CROWD, find_flood

TEN = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def opened(number: int, client: str, *, minutes: int = 0, is_proven: bool = False) -> Opened:
    at = TEN + timedelta(minutes=minutes)
    return Opened(number=number, at=at, client=client, is_proven=is_proven, category=None, mail=number, terms={})


def test_with_what_was_withheld_goes_what_its_client_wrote_in_that_hour_and_the_one_before() -> None:
    loud = [opened(number, "loud.example", minutes=minutes) for number, minutes in enumerate((-70, -50, 5, 61))]
    others = [opened(9, "calm.example", minutes=6), replace(opened(10, "loud.example"), is_proven=True)]
    assert find_flood([*loud, *others], {2}) == {1, 2}
    assert find_flood([*loud, *others], set()) == set()


def test_where_many_clients_had_something_withheld_nobody_without_proof_counts() -> None:
    flooding = [opened(number, f"v{number}.example") for number in range(CROWD)]
    forged, honest = opened(50, "w.example", minutes=-30), opened(51, "calm.example", minutes=-30, is_proven=True)
    assert find_flood([*flooding, forged, honest], set(range(CROWD))) == {*range(CROWD), 50}
    assert find_flood([*flooding, forged, honest], set(range(CROWD - 1))) == set(range(CROWD - 1))
