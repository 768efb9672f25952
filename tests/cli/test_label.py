"""`maild label`: what a person says about a ticket is kept, with who said it and what the model had said."""

from pathlib import Path
from typing import Any

import pytest

from maild.desk.learning.correcting import correct
from maild.errors import ConfigurationError, NotFound
from maild.process.questions import explain_label, questions_of, read_label
from maild.store.engine import Store
from tests.support.desk_folder import CATEGORY
from tests.support.desk_told import Captured, complaint, maild, told
from tests.support.making import a_team, priorities
from tests.support.rows import NOW, read_labels

QUESTIONS = questions_of(["network", "outage"], priorities(), a_team())


def test_a_contradiction_is_kept_with_its_author_and_the_verdict(store: Store, desk: Path, capsys: Captured) -> None:
    (kept,) = told(desk, capsys, "label", "T-1", "category=network", "--by", "Ana Ruiz")
    assert (kept["label"], kept["verdict"], kept["agrees"]) == ("network", "outage", False)
    with store.read() as connection:
        (label,) = read_labels(connection, kept["mail"])
    assert (label.value, label.said_by, label.source, label.verdict) == ("network", "Ana Ruiz", "admin", "outage")


def test_a_confirmation_is_a_label_too(store: Store, desk: Path, capsys: Captured) -> None:
    (desk / "categories" / "outage.toml").write_text(CATEGORY, "utf-8")
    maild(desk, "label", "t-1", "category=OUTAGE")
    assert "as the model had said" in capsys.readouterr().out
    with store.read() as connection:
        assert [label.value for label in read_labels(connection, 1)] == ["outage"]


def test_several_labels_are_kept_together_or_not_at_all(store: Store, desk: Path, capsys: Captured) -> None:
    error = complaint(desk, capsys, "label", "T-1", "technical=yes", "category=netwrk", status=2)
    assert "is network meant?" in error
    assert "Nothing was kept" in error
    with store.read() as connection:
        assert read_labels(connection, 1) == []


def test_the_ticket_itself_is_not_changed(desk: Path, capsys: Captured) -> None:
    before = told(desk, capsys, "show", "T-1")
    told(desk, capsys, "label", "T-1", "category=network")
    assert told(desk, capsys, "show", "T-1") == before


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("T-99", "category=network"), 1, "No mail has opened a ticket with the number 99"),
        (("mail:99", "category=network"), 1, "no mail 99"),
        (("T-1", "colour=red"), 2, "is no question; allowed are technical, category"),
        (("T-1", "urgency=4"), 2, "allowed are 1, 2, 3"),
        (("T-1", "network"), 2, "QUESTION=LABEL"),
        (("T-1", "category="), 2, "QUESTION=LABEL"),
    ],
)
def test_what_cannot_be_kept_says_why(
    desk: Path, capsys: Captured, arguments: tuple[str, ...], status: int, words: str
) -> None:
    assert words in complaint(desk, capsys, "label", *arguments, status=status)


def test_a_mail_can_be_labelled_by_its_row(desk: Path, capsys: Captured) -> None:
    (kept,) = told(desk, capsys, "label", "mail:1", "reply_intent=resolved")
    assert (kept["mail"], kept["ticket"], kept["agrees"]) == (1, "T-1", None)


def test_a_category_that_a_desk_has_added_is_allowed(desk: Path, capsys: Captured) -> None:
    (desk / "categories" / "printing.toml").write_text(CATEGORY, "utf-8")
    (kept,) = told(desk, capsys, "label", "T-1", "category=Printing")
    assert kept["label"] == "printing"


@pytest.mark.parametrize(("written", "meant"), [("1", "yes"), (" TRUE ", "yes"), ("No", "no"), ("maybe", None)])
def test_other_spellings_of_technical_are_read(written: str, meant: str | None) -> None:
    assert read_label(QUESTIONS, "technical", written) == meant


def test_a_team_is_one_of_the_desks_own() -> None:
    assert read_label(QUESTIONS, "team", "front office") == "Front Office"
    assert "allowed are Finance, Front Office" in explain_label(QUESTIONS, "team", "Sales")
    alone = questions_of([], priorities(), a_team(others=()))
    assert "allowed are none" in explain_label(alone, "team", "Sales")


def test_what_is_not_there_or_not_allowed_is_no_label(store: Store, desk: Path) -> None:
    del desk
    said: dict[str, Any] = {"question": "technical", "value": "no", "said_by": "ana@acme.example", "now": NOW}
    kept = store.transact(lambda connection: correct(connection, QUESTIONS, ticket=1, **said))
    assert (kept.label.cause, kept.label.source) == (None, "admin")
    with pytest.raises(NotFound):
        store.transact(lambda connection: correct(connection, QUESTIONS, ticket=2, **said))
    with pytest.raises(ConfigurationError, match="allowed are yes, no"):
        store.transact(lambda connection: correct(connection, QUESTIONS, ticket=1, **{**said, "value": "perhaps"}))
