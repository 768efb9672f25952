"""`maild train`: from the labels in the database to a candidate that can be promoted."""

import csv
import shutil
from pathlib import Path

import pytest
from sqlalchemy import select, update

from maild import shipped
from maild.classify.content import read_arrays
from maild.classify.encoder.keeping import Shelf, keeping
from maild.classify.encoder.kept_file import read_kept
from maild.classify.text import model_text
from maild.cli.standing import read_standing
from maild.errors import Refused
from maild.store.engine import Store
from maild.store.models.versions import add_version
from maild.store.tables import models
from tests.classify.test_encoder_keeping import Reader
from tests.classify.test_teams import hand_offs, write_hand_offs
from tests.support.desk_history import a_history
from tests.support.desk_told import Captured, maild, told
from tests.support.model_making import a_version_with_an_encoder
from tests.support.rows import NOW


@pytest.fixture(name="reader")
def _reader() -> Reader:
    return Reader()


@pytest.fixture
def labelled(folder: Path, tmp_path: Path, capsys: Captured) -> Path:
    """A desk with 120 labels of one question, and none of the other."""
    keep(folder, tmp_path, capsys, network=50, access=50, billing=20)
    return folder


def keep(folder: Path, tmp_path: Path, capsys: Captured, **sizes: int) -> None:
    for name in sizes:
        shutil.copy(shipped.folder("config") / "categories" / f"{name}.toml", folder / "categories")
    path = tmp_path / "past.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["id", "subject", "text", "category", "written_at"])
        for example in a_history(sizes):
            assert example.at is not None
            rows.writerow([example.ticket, "", example.text, example.labels["category"], example.at.isoformat()])
    maild(folder, "labels", "import", str(path))
    capsys.readouterr()


def test_labels_become_a_candidate_and_the_rest_is_explained(labelled: Path, capsys: Captured) -> None:
    technical, category, team, urgency, impact, replies = told(labelled, capsys, "train")
    assert technical["because"].startswith("0 labelled texts")
    assert technical["version"] is None
    assert category["version"] == "category-1"
    assert category["rows"] == {"desk": {"access": 50, "billing": 20, "network": 50}}
    assert category["scores"]["accuracy"] > 0.9
    assert team["because"].startswith("0 labelled texts")
    assert urgency["version"] is None
    assert "0 labelled texts" in impact["because"]
    assert "0 labelled texts" in replies["because"]


def test_questions_without_labels_are_told_in_one_line(folder: Path, tmp_path: Path, capsys: Captured) -> None:
    keep(folder, tmp_path, capsys, network=5, access=5)
    maild(folder, "train", status=1)
    said = " ".join(capsys.readouterr().out.split())
    assert said.startswith("category: 10 labelled texts, ")
    assert said.count(" labelled texts") == 2
    assert "technical, team, urgency, impact, reply_intent: 0 labelled texts. No model was made;" in said


def test_nothing_is_trained_where_neither_labels_nor_the_sentence_encoder_have_changed(
    labelled: Path, store: Store, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = told(labelled, capsys, "train", "category")
    again = told(labelled, capsys, "train", "category")
    assert "nothing has changed" in again[0]["because"]
    assert again[0]["digest"] == first[0]["digest"]
    with store.read() as connection:
        card = connection.execute(select(models.c.card).where(models.c.number == 1)).scalar_one()
    without = update(models).where(models.c.number == 1).values(card={**card, "encoder": None, "reading": None})
    store.transact(lambda c: c.execute(without))
    with monkeypatch.context() as gone:
        gone.setattr("maild.cli.training.find_encoder", lambda: None)
        assert "since category-1 was trained" in told(labelled, capsys, "train", "category")[0]["because"]
    # The extra is new.
    assert told(labelled, capsys, "train", "category")[0]["because"] == "trained on 120 labelled texts"


def test_training_again_gives_the_same_model(labelled: Path, capsys: Captured) -> None:
    first = told(labelled, capsys, "train", "category")
    kept = labelled / "var" / "senses" / "category.npz"
    assert kept.stat().st_mode & 0o777 == 0o600  # what the sentence encoder has read is nobody else's to see
    again = told(labelled, capsys, "train", "category", "--again")
    assert again[0]["digest"] == first[0]["digest"]
    kept.write_bytes(kept.read_bytes()[:1_000])
    assert told(labelled, capsys, "train", "category", "--again")[0]["digest"] == first[0]["digest"]
    assert read_arrays(kept.read_bytes())["numbers"].shape == (120, 384)


def test_a_model_in_service_recalls_what_it_reads_of_a_history_too_long_to_learn_from_by_the_encoder(
    labelled: Path, store: Store, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    serving = a_version_with_an_encoder("network")
    version = store.transact(lambda c: add_version(c, serving, actor="ada", now=NOW))
    maild(labelled, "models", "promote", version.name, "--anyway", "a test")
    capsys.readouterr()
    monkeypatch.setattr("maild.classify.training.desk.senses.MOST_ENCODED", 10)
    (outcome,) = told(labelled, capsys, "train", "category")
    assert outcome["compared"]["against"] == version.digest
    kept = read_kept(labelled / "var" / "senses" / "category.npz")
    assert len(kept.rows) == outcome["compared"]["n"]


def test_an_evaluation_reads_no_text_that_trainings_have_read(
    labelled: Path, store: Store, capsys: Captured, monkeypatch: pytest.MonkeyPatch, reader: Reader
) -> None:
    shelf = Shelf(folder=labelled / "var" / "senses", forgotten=0, newest=lambda: 0, tell=print)
    with keeping(reader.encoder, shelf, "category") as encoder:
        for example in a_history({"network": 50, "access": 50, "billing": 20}):
            assert encoder is not None
            encoder.encode(model_text("", example.text))
    reader.asked.clear()
    version = store.transact(lambda c: add_version(c, a_version_with_an_encoder("network"), actor="ada", now=NOW))
    maild(labelled, "models", "promote", version.name, "--anyway", "a test")
    capsys.readouterr()
    for module in ("encoder.sentences", "models"):
        monkeypatch.setattr(f"maild.classify.{module}.find_encoder", lambda: reader.encoder)
    (evaluated,) = told(labelled, capsys, "evaluate", "category")["questions"]
    assert evaluated["standings"][0]["what"] == version.name
    assert reader.asked == []


def test_a_model_that_beats_the_shipped_one_goes_into_service_when_asked(labelled: Path, capsys: Captured) -> None:
    (outcome,) = told(labelled, capsys, "train", "category", "--promote")
    assert "in service now" in outcome["because"], outcome
    standings = {line["name"]: line["standing"] for line in told(labelled, capsys, "models")}
    assert standings["category-1"] == "in_service"


def test_too_few_labels_make_no_model_and_say_what_is_missing(folder: Path, tmp_path: Path, capsys: Captured) -> None:
    keep(folder, tmp_path, capsys, network=5, access=5)
    maild(folder, "train", "category", status=1)
    assert "10 labelled texts" in capsys.readouterr().out
    assert all(line["name"].endswith("-0") for line in told(folder, capsys, "models"))
    maild(folder, "labels", "doubtful", "category", status=1)
    shown = capsys.readouterr()
    assert "not looked" in shown.out
    assert "10 labelled texts" in shown.err
    assert "No model was made" not in shown.err


def test_urgency_is_learnt_on_top_of_its_table_and_answers_the_next_mail(
    folder: Path, tmp_path: Path, capsys: Captured
) -> None:
    path = tmp_path / "past.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["id", "subject", "text", "urgency", "language"])
        for example in a_history({"network": 60, "billing": 60}):
            # This desk calls every network issue urgent, which no table can know.
            label = "1" if example.labels["category"] == "network" else "3"
            rows.writerow([example.ticket, "", example.text, label, "en"])
    maild(folder, "labels", "import", str(path))
    capsys.readouterr()
    (outcome,) = told(folder, capsys, "train", "urgency", "--promote")
    assert "in service now" in outcome["because"], outcome
    assert outcome["compared"]["judgement"] == "better"
    again = told(folder, capsys, "train", "urgency")
    assert "nothing has changed" in again[0]["because"]
    maild(folder, "train", "urgency", "--again", status=1)
    assert "has learnt from every text that was held out" in capsys.readouterr().out
    mail = tmp_path / "mail.eml"
    mail.write_bytes(
        b"From: ana@example.org\r\nSubject: the vpn\r\n\r\nThe vpn tunnel and the router gateway, please.\r\n"
    )
    tried = told(folder, capsys, "try", str(mail))
    urgency = next(verdict for verdict in tried["verdicts"] if verdict["question"] == "urgency")
    assert urgency["label"] == "1"
    assert urgency["confidence"] is not None


def test_hand_offs_teach_the_teams_which_are_evaluated_exported_and_go_back(
    folder: Path, tmp_path: Path, capsys: Captured
) -> None:
    write_hand_offs(tmp_path / "past.csv", hand_offs(120))
    maild(folder, "labels", "import", str(tmp_path / "past.csv"))
    capsys.readouterr()
    (outcome,) = told(folder, capsys, "train", "team", "--promote")
    assert "in service now" in outcome["because"], outcome
    assert outcome["compared"]["judgement"] == "better"
    assert "nothing has changed" in told(folder, capsys, "train", "team")[0]["because"]
    (evaluated,) = told(folder, capsys, "evaluate", "team")["questions"]
    assert [each["name"] for each in evaluated["standings"]] == ["in service", "configuration", "majority"]
    maild(folder, "labels", "export", str(tmp_path / "out.csv"))
    assert "Sales" in (tmp_path / "out.csv").read_text("utf-8")
    maild(folder, "models", "rollback", "team")
    assert "the configuration of the teams is in service again" in capsys.readouterr().out
    maild(folder, "models", "rollback", "team", status=1)
    assert "The configuration of the teams is in service" in capsys.readouterr().err


@pytest.mark.parametrize("column", ["content", "card"])
def test_nothing_is_compared_with_a_damaged_version(
    labelled: Path, store: Store, capsys: Captured, column: str
) -> None:
    maild(labelled, "train", "category")
    maild(labelled, "models", "promote", "category-1", "--anyway", "a test")
    capsys.readouterr()
    with store.read() as connection:
        row = connection.execute(select(models.c.content, models.c.card).where(models.c.number == 1)).one()
    damaged = {"content": row.content[:-9], "card": {**row.card, "temperature": 9.0}}
    store.transact(lambda c: c.execute(update(models).where(models.c.number == 1).values({column: damaged[column]})))
    maild(labelled, "train", "category", "--again", status=1)
    shown = " ".join(capsys.readouterr().out.split())
    assert "category-1, which is in service, cannot be compared with" in shown
    assert "maild models rollback category" in shown
    evaluated = told(labelled, capsys, "evaluate", "category")["questions"][0]
    assert "category-1" not in [standing["what"] for standing in evaluated["standings"]]


def test_a_wrong_label_is_listed_with_the_likely_one(folder: Path, tmp_path: Path, capsys: Captured) -> None:
    shutil.copy(shipped.folder("config") / "categories" / "billing.toml", folder / "categories")
    path = tmp_path / "past.csv"
    examples = a_history({"network": 60, "billing": 60})
    wrong = next(example.text for example in examples if example.labels["category"] == "network")
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["id", "subject", "text", "category"])
        for example in examples:
            said = "billing" if example.text == wrong else example.labels["category"]
            rows.writerow([example.ticket, "", example.text, said])
    maild(folder, "labels", "import", str(path))
    capsys.readouterr()
    first, *_ = told(folder, capsys, "labels", "doubtful", "category")
    assert (first["said"], first["likely"], first["text"]) == ("billing", "network", wrong)


def test_a_version_whose_encoder_is_gone_is_in_nobodys_way(labelled: Path, store: Store, capsys: Captured) -> None:
    """`maild check` says to train anew: then training must not say to go back."""
    maild(labelled, "train", "category")
    maild(labelled, "models", "promote", "category-1", "--anyway", "a test")
    capsys.readouterr()
    with store.read() as connection:
        card = connection.execute(select(models.c.card).where(models.c.number == 1)).scalar_one()
    elsewhere = update(models).where(models.c.number == 1).values(card={**card, "encoder": "f" * 64})
    store.transact(lambda c: c.execute(elsewhere))
    (outcome,) = told(labelled, capsys, "train", "category", "--again")
    assert outcome["version"] is not None
    assert outcome["compared"]["n"] > 0, "with what answers in its place"


@pytest.mark.parametrize("broken", ["category.npz", "category.json", "urgency.json", "reply_intent.json"])
def test_a_damaged_file_that_came_with_maild_is_named(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    came_with, real = tmp_path / "models", shipped.folder
    shutil.copytree(real("models"), came_with)
    file = came_with / broken
    file.write_bytes(file.read_bytes()[:300])
    monkeypatch.setattr(shipped, "folder", lambda name: came_with if name == "models" else real(name))
    with pytest.raises(Refused) as refused:
        read_standing(store, file.stem)
    said = str(refused.value)
    assert str(came_with / file.stem) in said
    assert broken in said
    assert said.endswith("Install maild again.")
