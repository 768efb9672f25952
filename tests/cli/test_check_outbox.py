"""`maild check` says what keeps mail from leaving the house, and what room is left."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from maild.cli.checking.database import LEAST_ROOM_MB, check_disk
from maild.cli.checking.finding import Finding, Trial
from maild.cli.checking.outbox import check_outbox
from maild.store.engine import Store
from tests.support.desk_folder import a_folder, read
from tests.support.outbox_rows import in_state
from tests.support.rows import due

HOUR = timedelta(hours=1)


class Usage(NamedTuple):
    """What shutil.disk_usage gives."""

    total: int
    used: int
    free: int


@pytest.fixture
def trial(tmp_path: Path, database_url: str) -> Trial:
    settings = read(a_folder(tmp_path / "config"), MAILD_DATABASE__URL=database_url)
    return Trial(settings=settings, environ={})


def outbox_finding(trial: Trial) -> Finding:
    (found,) = check_outbox(trial)
    return found


def test_an_empty_outbox_is_well(trial: Trial) -> None:
    assert outbox_finding(trial) == Finding(part="outbox", ok=True, message="nothing waits", cure="")


def test_mail_that_is_due_for_long_and_is_not_submitted_fails(trial: Trial, store: Store) -> None:
    due(store, due_at=datetime.now(UTC) - HOUR)
    due(store, due_at=datetime.now(UTC) + HOUR)
    found = outbox_finding(trial)
    assert not found.ok
    assert found.message == "mail is due for 60 minutes and is not submitted: 1 due"
    assert "maild run" in found.cure


def test_mail_that_has_just_become_due_does_not(trial: Trial, store: Store) -> None:
    due(store, due_at=datetime.now(UTC))
    assert outbox_finding(trial).ok


def test_what_waits_for_a_person_is_counted_with_the_last_answer(trial: Trial, store: Store) -> None:
    for state in ("uncertain", "held", "sent", "deferred"):
        in_state(store, state)
    found = outbox_finding(trial)
    assert found.ok
    assert found.message == "1 deferred, 1 uncertain, 1 held; the last answer: 450 later"
    assert "maild outbox" in found.cure


def test_a_disk_that_is_nearly_full_fails(trial: Trial, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def usage(_: object) -> Usage:
        return Usage(10**9, 10**9, (LEAST_ROOM_MB - 1) * 1_000_000)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    found = list(check_disk(trial))
    if trial.settings.database_url == sqlite_url:
        assert [finding.ok for finding in found] == [False]
        assert "make room" in found[0].cure
    else:
        assert found == [], "its disk is elsewhere"
