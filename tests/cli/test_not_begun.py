"""A desk that has not begun yet: an empty one for whoever looks, and nothing is made by looking."""

from pathlib import Path

import pytest

from maild.store.engine import Store
from tests.support.desk_folder import a_folder
from tests.support.desk_told import Captured, complaint, maild, told


@pytest.fixture
def folder(tmp_path: Path, empty_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration folder over a database in which nothing is yet."""
    monkeypatch.setenv("MAILD_DATABASE__URL", empty_url)
    return a_folder(tmp_path / "config")


@pytest.mark.parametrize("command", ["tickets", "held", "outbox"])
def test_a_list_of_a_desk_that_has_not_begun_is_empty(folder: Path, capsys: Captured, command: str) -> None:
    assert told(folder, capsys, command) == []


@pytest.mark.parametrize(
    ("command", "said"),
    [("tickets", "no tickets yet"), ("held", "nothing is held"), ("outbox", "the outbox is empty")],
)
def test_a_person_is_told_that_the_desk_has_not_begun(folder: Path, capsys: Captured, command: str, said: str) -> None:
    maild(folder, command)
    printed = capsys.readouterr()
    assert printed.out.strip() == said
    assert "has not begun yet" in printed.err


@pytest.mark.parametrize(
    "arguments", [("show", "T-1"), ("trace", "<a@b.example>"), ("held", "retry", "1"), ("outbox", "drop", "1")]
)
def test_what_is_not_there_before_the_first_start_is_not_found(
    folder: Path, capsys: Captured, arguments: tuple[str, ...]
) -> None:
    said = complaint(folder, capsys, *arguments)
    assert "has not begun yet" in said
    assert "There is no" in said or "No mail with" in said


def test_looking_makes_no_tables(folder: Path, empty_url: str, capsys: Captured) -> None:
    told(folder, capsys, "tickets")
    store = Store(empty_url)
    assert not store.has_begun()
    store.close()


def test_the_shipped_models_answer_before_the_first_start(folder: Path, capsys: Captured) -> None:
    in_service = told(folder, capsys, "models")
    assert {line["question"] for line in in_service} >= {"technical", "category", "urgency", "impact", "reply_intent"}
    assert {line["standing"] for line in in_service} == {"in_service"}


def test_training_before_the_first_start_has_no_labels_to_learn_from(folder: Path, capsys: Captured) -> None:
    maild(folder, "train", "category", status=1)
    printed = capsys.readouterr()
    assert "has not begun yet" in printed.err
    assert "cannot be opened" not in printed.out + printed.err
