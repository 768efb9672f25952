"""How long a mailbox in trouble is left alone."""

import pytest

from maild.intake.backoff import Backoff


@pytest.mark.parametrize(
    ("failures", "seconds"), [(1, 1.0), (2, 2.0), (5, 16.0), (9, 256.0), (10, 300.0), (9_999, 300.0)]
)
def test_waits_double_up_to_a_cap_and_chance_takes_half_of_them_at_most(failures: int, seconds: float) -> None:
    assert Backoff(jitter=lambda: 1.0).seconds(failures) == seconds
    assert Backoff(jitter=lambda: 0.0).seconds(failures) == seconds / 2
