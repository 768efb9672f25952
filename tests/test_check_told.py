"""`maild check` on a process.toml that is older than some events."""

from pathlib import Path

import pytest

from maild.cli.checking.desk import check_told
from maild.cli.checking.finding import Finding, Trial
from tests.desk_folder import a_folder, change, read


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
