"""Settings of the clocks: who is reminded of what, and when."""

from datetime import timedelta
from pathlib import Path

import pytest

from maild.process.calendar import Span
from maild.process.policy import SILENCES, Silence
from maild.process.ticket import Status
from maild.settings.durations import parse_span, write_span
from tests.support.desk_folder import a_folder, change, problems, read


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return a_folder(tmp_path / "config")


def test_the_shipped_folder_says_what_holds_without_it(folder: Path) -> None:
    policy = read(folder).policy
    assert policy.silences == SILENCES
    assert (policy.remind_before, policy.holding_update) == (0.25, False)


def test_a_desk_says_how_patient_it_is(folder: Path) -> None:
    old = 'remind_after = "3 business days"\nreminders = 2\ngive_up_after = "5 business days"\n\n[resolved]'
    change(folder, "process.toml", old, 'remind_after = "12h"\nreminders = 0\n\n[resolved]')
    patient = read(folder).policy.silences[Status.WAITING]
    assert patient == Silence(remind_after=Span(clock=timedelta(hours=12)), reminders=0)


def test_nobody_is_reminded_a_hundred_times_or_after_the_update_is_due(folder: Path) -> None:
    change(folder, "process.toml", "remind_before = 0.25", "remind_before = 1.5")
    old = 'reminders = 2\ngive_up_after = "5 business days"\n\n[resolved]'
    change(folder, "process.toml", old, "reminders = 100\n\n[resolved]")
    remind, often = problems(folder)
    assert "updates.remind_before" in remind
    assert "waiting.reminders" in often


@pytest.mark.parametrize("text", ["90s", "15m", "4h", "2d", "1 business day", "3 business days"])
def test_a_duration_is_written_as_it_is_read(text: str) -> None:
    assert write_span(parse_span(text)) == text
