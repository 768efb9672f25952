"""Ten days of a simulated desk, in which everybody writes real mails: what must always be true is true in the end."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks.simulated.invariants.line import check_all
from benchmarks.simulated.month import Month, live
from maild.store.engine import Store

BEGINNING = datetime(2026, 10, 19, tzinfo=UTC)
"""Of the week in which the clocks go back."""


@pytest.mark.parametrize(
    "month",
    [
        Month(start=BEGINNING, days=10, mails=150, seed=1),
        Month(start=BEGINNING, days=10, mails=150, seed=2, trust="none", is_stopped=True),
    ],
    ids=["the server vouches", "nothing vouches, and maild stands still for a week"],
)
def test_no_invariant_breaks_in_ten_days_of_a_desk(store: Store, tmp_path: Path, month: Month) -> None:
    findings = check_all(live(month, store, tmp_path / "desk"))
    assert {finding.invariant: finding.broken for finding in findings if finding.broken} == {}
    assert all(finding.checked for finding in findings)
