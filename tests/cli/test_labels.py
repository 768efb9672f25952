"""`maild labels`: counted, exported and imported; out and in again says the same."""

import csv
import json
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from maild.history.label_export import export_labels
from maild.history.label_import import import_labels
from maild.history.label_reading import LabelFile
from maild.process.questions import questions_of
from maild.store.engine import Store
from maild.store.models.labels import Label, add_labels
from tests.store.test_labels import a_stored_mail
from tests.support.desk_told import Captured, complaint, maild, told
from tests.support.making import a_desk, a_team, priorities
from tests.support.rows import NOW

TABLE = "id,subject,text,category\n1,VPN,does not connect,network\n2,Mail,does not arrive,network\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "past.csv"
    path.write_text(TABLE, "utf-8")
    return path


def test_an_import_tells_what_it_kept_and_what_is_noteworthy(folder: Path, table: Path, capsys: Captured) -> None:
    answer = told(folder, capsys, "labels", "import", str(table))
    assert answer["kept"] == {"of_mails": 0, "of_examples": 2, "labels": 2, "forgotten": 0}
    assert "every row says network" in answer["notes"][0]
    assert "2 labels are few" in answer["notes"][1]
    assert told(folder, capsys, "labels") == [
        {"question": "category", "label": "network", "source": "import", "count": 2}
    ]


def test_a_dry_run_keeps_nothing(folder: Path, table: Path, capsys: Captured) -> None:
    maild(folder, "labels", "import", str(table), "--dry-run")
    assert "2 rows are right; nothing was kept" in capsys.readouterr().out
    assert told(folder, capsys, "labels") == []


def test_a_wrong_file_is_refused_with_every_mistake(folder: Path, tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "wrong.csv"
    path.write_text("text,category\na,red\nb,blue\n", "utf-8")
    error = complaint(folder, capsys, "labels", "import", str(path))
    assert "Nothing was imported: 2 in wrong.csv" in error
    assert "row 2" in error
    assert "row 3" in error


@pytest.mark.parametrize(
    ("rename", "words"),
    [
        ("Netz=network", "write QUESTION:OLD=NEW"),
        ("colour:red=network", "'colour' is no question"),
        ("category:Netz=netwok", "is network meant?"),
    ],
)
def test_a_wrong_renaming_is_wrong_use(folder: Path, table: Path, capsys: Captured, rename: str, words: str) -> None:
    assert words in complaint(folder, capsys, "labels", "import", str(table), "--rename", rename, status=2)


def test_labels_are_counted_for_people_too(folder: Path, table: Path, capsys: Captured) -> None:
    maild(folder, "labels")
    assert "nobody has said anything yet" in capsys.readouterr().out
    maild(folder, "labels", "import", str(table), "--rename", "category:network=network", "--by", "Ana")
    maild(folder, "labels")
    assert "network" in capsys.readouterr().out


def test_an_export_is_for_its_owner_and_is_whole_or_not_there(
    store: Store, desk: Path, tmp_path: Path, capsys: Captured
) -> None:
    del store
    told(desk, capsys, "label", "T-1", "category=network", "technical=yes")
    out = tmp_path / "out.jsonl"
    assert told(desk, capsys, "labels", "export", str(out))["labels"] == 2
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    lines = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [(line["ticket"], line["label"], line["verdict"]) for line in lines] == [
        ("T-1", "network", "outage"),
        ("T-1", "yes", None),
    ]
    assert "cannot be written" in complaint(desk, capsys, "labels", "export", str(tmp_path / "no" / "x.csv"))
    assert "allowed are .csv" in complaint(desk, capsys, "labels", "export", str(tmp_path / "x.txt"), status=2)
    assert sorted(path.name for path in tmp_path.glob("*out*")) == ["out.jsonl"]


def test_an_export_comes_back_to_its_own_desk_without_a_change(
    store: Store, desk: Path, tmp_path: Path, capsys: Captured
) -> None:
    del store
    told(desk, capsys, "label", "T-1", "category=network", "technical=yes")
    out = tmp_path / "out.csv"
    maild(desk, "labels", "export", str(out))
    capsys.readouterr()
    assert told(desk, capsys, "labels", "import", str(out))["kept"] == {
        "of_mails": 2,
        "of_examples": 0,
        "labels": 0,
        "forgotten": 0,
    }


def test_no_cell_of_an_export_is_a_formula_to_a_spreadsheet(store: Store, tmp_path: Path) -> None:
    """Clients choose the words, and a formula may run a program or send other cells away."""
    for number, words in enumerate(("=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\t=1", "\uff1d1", "'=1")):
        mail = a_stored_mail(store, words, message_id=f"<{number}@x.example>")
        said = Label(question="category", value="network", said_by="=x@y.example", said_at=NOW, source="tsm", mail=mail)
        store.transact(lambda connection, said=said: add_labels(connection, [said]))  # type: ignore[misc]
    export_labels(store, a_desk(), tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["subject"] for row in rows][:2] == ["'=HYPERLINK(1)", "'+1"]
    assert [cell for row in rows for cell in row.values() if cell and cell.strip()[:1] in set("=+-@\uff1d")] == []
    assert rows[-1]["subject"] == "''=1"


ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=40)


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Callable[[], Store]:
    def make() -> Store:
        path = tmp_path_factory.mktemp("desk") / "maild.db"
        path.write_bytes(sqlite_template.read_bytes())
        return Store(f"sqlite:///{path}")

    return make


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=st.lists(ANY_TEXT, min_size=1, max_size=5, unique=True), suffix=st.sampled_from([".csv", ".tsv", ".jsonl"])
)
@example(words=["\r", "\n", "a\rb"], suffix=".csv")
@example(words=["=1+1", "'=1+1", "''@x", " -1", "'plain"], suffix=".csv")
def test_out_of_one_desk_into_another_and_out_again_is_the_same_file(
    migrated: Callable[[], Store], tmp_path: Path, words: list[str], suffix: str
) -> None:
    first, second = migrated(), migrated()
    out, again = tmp_path / f"out{suffix}", tmp_path / f"again{suffix}"
    for number, text in enumerate(words):
        mail = a_stored_mail(first, text, message_id=None if number % 2 else f"<{number}@x.example>")
        said = [
            Label(
                question="category",
                value=value,
                said_by=f"Ana {number}",
                said_at=NOW + timedelta(microseconds=number),
                source="tsm",
                mail=mail,
                verdict="email",
            )
            for value in ("network", "email")
        ]
        first.transact(lambda connection, said=said: add_labels(connection, said))  # type: ignore[misc]
    assert export_labels(first, a_desk(), out) == 2 * len(words)
    questions = questions_of(["network", "email"], priorities(), a_team())
    file = LabelFile(path=out, questions=questions, now=datetime.now(UTC))
    assert import_labels(second, a_desk(), file, by="nobody").labels == 2 * len(words)
    export_labels(second, a_desk(), again)
    assert again.read_bytes() == out.read_bytes()
    first.close()
    second.close()
