"""`maild check` on a process.toml that is older than some events."""

from pathlib import Path

import pytest

from maild.cli.checking.desk import check_told
from maild.cli.checking.finding import Finding, Trial
from tests.support.desk_folder import a_folder, change, read


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return a_folder(tmp_path / "config")


def found(folder: Path) -> list[Finding]:
    return list(check_told(Trial(settings=read(folder), environ={})))


def test_the_shipped_table_lacks_nothing(folder: Path) -> None:
    assert found(folder) == []


def test_rows_that_are_missing_are_named_and_the_desk_runs_all_the_same(folder: Path) -> None:
    change(folder, "process.toml", 'closed_by_silence = { client = "closed_notice" }', "")
    change(folder, "process.toml", 'relay_held = { author = "leak" }', "")
    (finding,) = found(folder)
    assert finding.ok
    assert "no row for relay_held, closed_by_silence:" in finding.message
    assert "maild init" in finding.cure


def test_a_row_that_tells_nobody_is_a_decision(folder: Path) -> None:
    change(folder, "process.toml", 'closed_by_silence = { client = "closed_notice" }', "closed_by_silence = {}")
    assert found(folder) == []


def test_a_role_that_a_row_lacks_is_named_until_the_row_says_that_it_shall_hear_nothing(folder: Path) -> None:
    row = 'staff_wrote = { author = "not_relayed", tsm = "team_wrote" }'
    change(folder, "process.toml", row, 'staff_wrote = { author = "not_relayed" }')
    change(folder, "process.toml", 'closed = { team = "taken_back", former = "reassigned" }', "closed = {}")
    (finding,) = found(folder)
    assert finding.ok
    assert "does not say staff_wrote.tsm:" in finding.message
    assert 'tsm = ""' in finding.cure
    change(folder, "process.toml", row.partition(", tsm")[0] + " }", row.replace("team_wrote", ""))
    assert found(folder) == []
