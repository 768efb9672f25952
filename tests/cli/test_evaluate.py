"""`maild evaluate`: of the desk's labels or of a file; as a table, as JSON, and as a report."""

import csv
import shutil
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from maild import shipped
from maild.classify.model_files import read_files
from maild.classify.models import read_model
from maild.cli.evaluating.models import promise_of
from maild.store.engine import Store
from tests.support.desk_history import a_history
from tests.support.desk_told import Captured, complaint, maild, told

SIZES = {"network": 45, "access": 45, "billing": 30}


@pytest.fixture
def table(folder: Path, tmp_path: Path) -> Path:
    """A file of 120 labelled texts, for a desk with their categories."""
    for name in SIZES:
        shutil.copy(shipped.folder("config") / "categories" / f"{name}.toml", folder / "categories")
    return write(tmp_path / "past.csv", SIZES)


def write(path: Path, sizes: dict[str, int]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["id", "text", "category", "technical", "urgency", "impact", "written_at", "language"])
        for number, example in enumerate(a_history(sizes)):
            assert example.at is not None
            label = example.labels["category"]
            scale = (number % 3 + 1, number % 2 + 2) if number < 40 else ("", "")
            technical = "no" if label == "billing" else "yes"
            rows.writerow([example.ticket, example.text, label, technical, *scale, example.at.isoformat(), "en"])
    return path


def questions(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["question"]: each for each in document["questions"]}


def test_a_desk_without_labels_has_nothing_to_evaluate_on(folder: Path, capsys: Captured) -> None:
    assert told(folder, capsys, "evaluate")["questions"] == []
    maild(folder, "evaluate")
    assert "no labels to evaluate on" in capsys.readouterr().out


def test_every_labelled_question_is_evaluated_on_the_desks_history(folder: Path, table: Path, capsys: Captured) -> None:
    maild(folder, "labels", "import", str(table))
    capsys.readouterr()
    found = questions(told(folder, capsys, "evaluate"))
    assert list(found) == ["technical", "category", "urgency", "impact", "priority"]
    category = found["category"]
    assert [each["name"] for each in category["standings"]] == ["in service", "your labels", "keywords", "majority"]
    assert "a cautious default and no promise" in category["promise"]
    assert category["standings"][-1]["beside_in_service"]["judgement"] in ("worse", "match", "unclear", "better")
    accuracy = category["standings"][1]["accuracy"]
    assert accuracy["low"] <= accuracy["value"] <= accuracy["high"]
    assert accuracy["n"] == category["standings"][1]["n"]
    assert found["priority"]["texts"] == 40
    assert found["priority"]["standings"][0]["quadratic_weighted_kappa"] is not None
    assert found["urgency"]["standings"][0]["highest_called_low"]["n"] == 14


def test_where_no_confidence_is_enough_no_promise_is_told() -> None:
    content, card = read_files(shipped.folder("models") / "category.npz")
    proven = {"thresholds": {"0.05": 1.01}, "guarantee": {"holds": "desk history", "n": 400, "delta": 0.1}}
    model = read_model(content, {**card, **proven}, error_budget=0.05)
    assert "every text is left to a person" in promise_of({**card, **proven}, model, 0.05)
    assert not promise_of(card, replace(model, cues={}), 0.05), "a scale always answers"


def test_a_promise_is_told_of_the_budgets_alone_that_were_proven() -> None:
    content, card = read_files(shipped.folder("models") / "category.npz")
    guarantee = {"holds": "desk history", "n": 400, "delta": 0.1, "budgets": ["0.1"]}
    proven = {**card, "thresholds": {"0.05": 0.9, "0.1": 0.8}, "guarantee": guarantee}
    told = [promise_of(proven, read_model(content, proven, error_budget=each), each) for each in (0.05, 0.09, 0.1)]
    assert ["no promise" in each for each in told] == [True, True, False]
    assert told[2].startswith("at most 10 % wrong: proven on 400")


def test_a_model_in_service_is_never_judged_by_what_it_has_learnt_from(
    folder: Path, table: Path, capsys: Captured
) -> None:
    maild(folder, "labels", "import", str(table))
    maild(folder, "train", "category")
    maild(folder, "models", "promote", "category-1", "--anyway", "a test")
    capsys.readouterr()
    category = questions(told(folder, capsys, "evaluate", "category"))["category"]
    assert [each["name"] for each in category["standings"]][:2] == ["in service", "shipped"]
    assert "category-1, its training repeated without the texts" in category["standings"][0]["what"]


def test_a_file_is_evaluated_and_kept_nowhere(folder: Path, table: Path, store: Store, capsys: Captured) -> None:
    found = questions(told(folder, capsys, "evaluate", "category", "--data", str(table)))
    assert found["category"]["texts"] == 120
    assert told(folder, capsys, "labels") == []
    assert not store.needs_upgrade()


def test_few_labels_say_that_they_are_few(folder: Path, table: Path, tmp_path: Path, capsys: Captured) -> None:
    few = write(tmp_path / "few.csv", {"network": 6, "access": 6})
    category = questions(told(folder, capsys, "evaluate", "--data", str(few)))["category"]
    assert category["standings"] == []
    assert "n = 12: too few to say" in " ".join(category["notes"])
    maild(folder, "evaluate", "--data", str(few))
    assert "n = 12: too few to say" in capsys.readouterr().out
    assert table.exists()


BAD = (
    ("wrong.csv", b"text,category\nhello,weather\n", "row 2, column category: category = 'weather'"),
    ("columns.csv", b"text,colour\nhello,red\n", "'colour' is no column of labels"),
    ("bytes.csv", b"text,category\nh\xe9llo,network\n", "not UTF-8"),
    ("none.csv", b"message_id,category\n<a@b>,network\n", "no text of its own to evaluate on"),
    ("empty.csv", b"", "is empty"),
    ("odd.txt", b"hello", "its name tells how it is written"),
    ("broken.jsonl", b'{"text": "hello", "category": ', "row 1: no JSON"),
)


def test_a_bad_file_is_refused_with_its_row_and_column(folder: Path, tmp_path: Path, capsys: Captured) -> None:
    for name, content, words in BAD:
        path = tmp_path / name
        path.write_bytes(content)
        assert words in complaint(folder, capsys, "evaluate", "--data", str(path))


def test_an_unknown_question_is_wrong_use(folder: Path, capsys: Captured) -> None:
    error = complaint(folder, capsys, "evaluate", "weather", status=2)
    assert "'weather' is no question; allowed are technical, category" in error


class Elements(HTMLParser):
    """Checks that elements are closed in their order, and collects what would need a network."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "br"):
            self.open.append(tag)
        self.fetched += [
            value or "" for name, value in attrs if name in ("src", "href") and not (value or "").startswith("#")
        ]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_report_is_one_well_formed_file_that_needs_no_network(
    folder: Path, table: Path, tmp_path: Path, capsys: Captured
) -> None:
    out = tmp_path / "report.html"
    maild(folder, "evaluate", "--data", str(table), "--out", str(out))
    assert f"written: {out}" in capsys.readouterr().out
    text = out.read_text("utf-8")
    elements = Elements()
    elements.feed(text)
    assert elements.open == []
    assert elements.fetched == []
    assert "@import" not in text
    assert "url(" not in text
    for words in (
        "<svg",
        "Can its confidence be believed?",
        "What abstaining buys",
        "What is taken for what",
        "no promise",
    ):
        assert words in text


def test_words_of_strangers_stay_words_in_the_report(folder: Path, tmp_path: Path, capsys: Captured) -> None:
    evil = tmp_path / "<img src=x onerror=alert(1)>.csv"
    write(tmp_path / "few.csv", {"network": 25}).rename(evil)
    out = tmp_path / "report.html"
    maild(folder, "evaluate", "urgency", "--data", str(evil), "--out", str(out))
    assert "&lt;img src=x" in out.read_text("utf-8")
    assert "<img" not in out.read_text("utf-8")
    assert "urgency" in capsys.readouterr().out


def test_a_report_that_cannot_be_written_is_refused(
    folder: Path, table: Path, tmp_path: Path, capsys: Captured
) -> None:
    out = tmp_path / "nowhere" / "report.html"
    error = complaint(folder, capsys, "evaluate", "urgency", "--data", str(table), "--out", str(out))
    assert "cannot be written" in error
