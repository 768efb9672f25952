"""`maild import`: what came is told, a dry run keeps nothing, and mistakes are named."""

from pathlib import Path

import pytest

from maild.store.engine import Store
from tests.support.desk_folder import a_folder
from tests.support.desk_told import Captured, complaint, maild, told
from tests.support.intakes import look
from tests.support.past_mails import DESK, past_threads, write_mbox

OURS = ("--ours", DESK)
"""The desk under test has another address than the old one."""


@pytest.fixture
def mbox(tmp_path: Path) -> Path:
    return write_mbox(tmp_path / "old.mbox", past_threads(2))


def test_an_archive_is_moved_in_and_told(store: Store, folder: Path, mbox: Path, capsys: Captured) -> None:
    answer = told(folder, capsys, "import", str(mbox), *OURS)
    assert (answer["archive"], answer["mails"], answer["complete"]) == ("mbox", 8, True)
    assert answer["outcomes"] == {"follow_up": 4, "relay": 2, "ticket": 2}
    assert [ticket["status"] for ticket in told(folder, capsys, "tickets")] == ["closed", "closed"]
    mails = told(folder, capsys, "show", "T-1")["mails"]
    assert [(mail["direction"], mail["audience"]) for mail in mails] == [
        ("in", "client"),
        ("out", "client"),
        ("in", "client"),
        ("in", "client"),
    ]
    assert told(folder, capsys, "import", str(mbox), *OURS)["already_there"] == 8
    maild(folder, "import", str(mbox), *OURS)
    assert "8 of 8 mails are in" in capsys.readouterr().out
    assert look(store, "SELECT count(*) FROM outbox") == [(0,)]


def test_a_dry_run_tells_what_would_come_and_keeps_nothing(
    store: Store, folder: Path, mbox: Path, capsys: Captured
) -> None:
    assert told(folder, capsys, "import", str(mbox), *OURS, "--dry-run")["outcomes"]["ticket"] == 2
    assert look(store, "SELECT count(*) FROM mails") == [(0,)]
    maild(folder, "import", str(mbox), "--dry-run")
    assert "8 of 8 mails would come in; nobody was mailed" in capsys.readouterr().out


def test_what_was_left_out_makes_the_exit_status(folder: Path, mbox: Path, capsys: Captured) -> None:
    with mbox.open("ab") as file:
        file.write(b"From x Mon Feb  5 08:00:00 2024\nSubject: " + b"x" * 300_000 + b"\n\nHelp\n")
    maild(folder, "import", str(mbox), status=1)
    shown = capsys.readouterr().out
    assert "left out: mail 9: The header fields have 300,0" in shown
    assert "8 of 9 mails are in" in shown


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--column", "colour=x"), "--column colour: allowed are id, client"),
        (("--column", "x"), "write NAME=VALUE"),
        (("--label-header", "X-Queue=colour"), "allowed questions are technical, category"),
        (("--rename", "category:a=b"), "'b' is no label of this desk"),
        (("--ours", "Former Colleague"), "allowed is an address, or @domain"),
    ],
)
def test_wrong_use_says_what_is_allowed(
    folder: Path, mbox: Path, capsys: Captured, arguments: tuple[str, ...], words: str
) -> None:
    assert words in complaint(folder, capsys, "import", str(mbox), *arguments, status=2)


def test_a_file_that_is_not_there_is_refused(folder: Path, tmp_path: Path, capsys: Captured) -> None:
    assert "No such file" in complaint(folder, capsys, "import", str(tmp_path / "no"))


def test_the_first_thing_that_a_desk_does_may_be_an_import(tmp_path: Path, mbox: Path, capsys: Captured) -> None:
    begun = a_folder(tmp_path / "new")
    assert told(begun, capsys, "import", str(mbox), "--dry-run")["mails"] == 8
    assert not list(tmp_path.glob("**/maild.db"))
    assert told(begun, capsys, "import", str(mbox))["complete"]
    assert len(told(begun, capsys, "tickets")) == 4
