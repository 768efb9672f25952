"""A daemon watches the versions: what changes is picked up, what is damaged is refused and told once."""

import os
import shutil
import sys
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import exc, text

from maild import shipped
from maild.classify.encoder.sentences import find_encoder
from maild.classify.models import Models
from maild.daemon.budget import BudgetWatch
from maild.daemon.models import ModelWatch
from maild.errors import Refused
from maild.intake.classifying import Classifying
from maild.replies.voice import Voice
from maild.store.engine import Store
from maild.store.models.promoting import promote, read_events, roll_back, shadow
from maild.store.models.thresholds import RaisedThreshold, raise_threshold
from maild.store.models.versions import Version, add_version, find_version
from tests.support.making import NOON, a_mail, some_rules
from tests.support.model_making import NETWORK, a_new_version, a_version_with_an_encoder

VPN = a_mail(subject="", new_text=f"{' '.join(NETWORK)}.")


class Watched:
    """A watch, and what it has given to the processes that classify."""

    def __init__(self, store: Store, folder: Path) -> None:
        folder.mkdir()
        self.used: list[Classifying] = []
        rules = some_rules()
        voice = Voice.load(desk=rules.desk, priorities=rules.priorities, categories=rules.categories, team=rules.team)
        budget = BudgetWatch(store=store, rules=rules, voice=voice, error_budget=0.05, clock=lambda: NOON)
        came = Classifying(folder=shipped.folder("models"), error_budget=0.05, categories=None, own_lists=())
        self.watch = ModelWatch(
            store=store, shipped=came, folder=folder, use=self.used.append, budget=budget, clock=lambda: NOON
        )
        self.watch.look()

    @property
    def models(self) -> Models:
        return self.used[-1].models()

    def says(self) -> str | None:
        (category,) = [v for v in self.used[-1].classify([VPN])[0].verdicts if v.question == "category"]
        return category.label


@pytest.fixture
def watched(store: Store, tmp_path: Path) -> Watched:
    return Watched(store, tmp_path / "models")


def versions(store: Store, *labels: str) -> list[Version]:
    return [store.transact(partial(add_version, new=a_new_version(label), actor="ada", now=NOON)) for label in labels]


def in_service(store: Store, version: Version) -> None:
    store.transact(partial(promote, version=version, shipped={}, actor="ada", now=NOON, anyway="a test"))


def damage(store: Store, column: str, value: object) -> None:
    values = {"value": value}
    store.transact(lambda c: c.execute(text(f"UPDATE models SET {column} = :value WHERE number = 2"), values))  # noqa: S608 - a column of this file


def refusals(store: Store) -> list[str]:
    with store.read() as connection:
        return [event.because for event in read_events(connection) if event.event == "refused"]


def test_nothing_new_is_nothing_to_do(watched: Watched) -> None:
    for _ in range(3):
        watched.watch.look()
    assert len(watched.used) == 1


def test_a_promotion_is_picked_up_and_so_is_its_rollback(watched: Watched, store: Store) -> None:
    first, second = versions(store, "software", "access")
    in_service(store, first)
    watched.watch.look()
    assert watched.says() == "software"
    in_service(store, second)
    watched.watch.look()
    assert watched.says() == "access"
    store.transact(lambda c: roll_back(c, "category", actor="ada", now=NOON))
    watched.watch.look()
    assert watched.says() == "software"
    store.transact(lambda c: roll_back(c, "category", actor="ada", now=NOON))
    watched.watch.look()
    assert watched.used[-1] == watched.used[0]


def test_a_shadow_says_its_own_and_changes_nothing(watched: Watched, store: Store) -> None:
    first, second = versions(store, "software", "access")
    in_service(store, first)
    store.transact(lambda c: shadow(c, second, actor="ada", now=NOON))
    watched.watch.look()
    classified = watched.used[-1].classify([VPN])[0]
    assert watched.says() == "software"
    assert {v.label for v in classified.shadows if v.model == second.digest} == {"access"}


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("content", b"broken", "no archive"),
        ("card", '{"question": "category"}', "lacks"),
        ("card", "{oops", "its card is no JSON: "),
        ("card", "[1]", "its card is no JSON object"),
        ("card", "null", "its card is no JSON object"),
        ("base", "b" * 64, "no model"),
    ],
)
def test_a_damaged_version_is_refused_and_the_one_before_answers(
    watched: Watched, store: Store, column: str, value: object, reason: str
) -> None:
    first, second = versions(store, "software", "access")
    in_service(store, first)
    if value == "{oops" and store.name.startswith("postgresql"):
        with pytest.raises(exc.DBAPIError):
            damage(store, column, value)
        return
    in_service(store, second)
    damage(store, column, value)
    watched.watch.look()
    assert watched.says() == "software"
    assert reason in refusals(store)[0]
    assert "what was in service before answers in its place" in refusals(store)[0]


def test_without_the_encoder_a_version_that_needs_it_is_refused_and_the_one_before_answers(
    watched: Watched, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    (first,) = versions(store, "software")
    in_service(store, first)
    second = store.transact(partial(add_version, new=a_version_with_an_encoder("access"), actor="ada", now=NOON))
    in_service(store, second)
    monkeypatch.setitem(sys.modules, "onnxruntime", None)  # cannot be imported any more
    find_encoder.cache_clear()
    watched.watch.look()
    monkeypatch.undo()
    find_encoder.cache_clear()
    assert watched.says() == "software"
    (refusal,) = refusals(store)
    assert "category-2 cannot answer: it was trained with the sentence encoder, which is not installed here" in refusal
    assert "pip install 'maild[encoder]'; what was in service before answers in its place" in refusal


def test_with_the_encoder_a_version_that_needs_it_answers(watched: Watched, store: Store) -> None:
    new = store.transact(partial(add_version, new=a_version_with_an_encoder("access"), actor="ada", now=NOON))
    in_service(store, new)
    watched.watch.look()
    assert watched.says() == "access"


def test_a_version_whose_content_was_exchanged_is_refused(watched: Watched, store: Store) -> None:
    _, second = versions(store, "software", "access")
    damage(store, "content", a_new_version("software").content)
    in_service(store, second)
    watched.watch.look()
    assert watched.used[-1] == watched.used[0]
    assert "its digest is" in refusals(store)[0]


def test_a_refusal_is_told_once_by_all_processes(watched: Watched, store: Store, tmp_path: Path) -> None:
    _, second = versions(store, "software", "access")
    damage(store, "content", b"broken")
    in_service(store, second)
    further = Watched(store, tmp_path / "further")
    for watch in (watched.watch, further.watch, watched.watch):
        watch.look()
    assert len(refusals(store)) == 1


def test_a_version_for_a_question_that_nobody_asks_is_refused(watched: Watched, store: Store) -> None:
    new = a_new_version(question="mood")
    version = store.transact(lambda c: add_version(c, new, actor="ada", now=NOON))
    in_service(store, version)
    watched.watch.look()
    assert "it answers 'mood'" in refusals(store)[0]
    assert watched.used[-1] == watched.used[0]


def test_files_that_somebody_cleaned_away_are_laid_down_again(watched: Watched, store: Store) -> None:
    in_service(store, versions(store, "software")[0])
    watched.watch.look()
    for file in watched.watch.folder.iterdir():
        file.unlink()
    watched.watch.look()
    assert len(list(watched.watch.folder.iterdir())) == 2
    assert watched.says() == "software"


def test_where_files_cannot_be_written_the_one_before_answers(watched: Watched, store: Store) -> None:
    shutil.rmtree(watched.watch.folder)
    in_service(store, versions(store, "software")[0])
    watched.watch.look()
    assert watched.used[-1] == watched.used[0]
    assert "TMPDIR" in refusals(store)[0]


def test_a_file_that_was_changed_behind_our_back_is_never_used(watched: Watched, store: Store) -> None:
    in_service(store, versions(store, "software")[0])
    watched.watch.look()
    chosen = watched.used[-1].versions[0]
    chosen.file.write_bytes(a_new_version("access").content)
    fresh = Classifying(
        folder=watched.watch.shipped.folder, error_budget=0.04, categories=None, own_lists=(), versions=(chosen,)
    )
    with pytest.raises(Refused, match="damaged"):
        fresh.classify([VPN])


def test_a_raised_threshold_is_picked_up(watched: Watched, store: Store) -> None:
    (version,) = versions(store, "software")
    in_service(store, version)
    raised = RaisedThreshold(
        digest=version.digest, question="category", label="software", least=1.01, at=NOON, because="a test"
    )
    store.transact(lambda c: raise_threshold(c, raised))
    watched.watch.look()
    assert watched.says() is None
    assert watched.models.category.thresholds == (0.5, 0.5, 1.01)


def test_a_version_that_was_forgotten_from_the_shell_is_no_trouble_for_good(watched: Watched, store: Store) -> None:
    in_service(store, versions(store, "software")[0])
    store.transact(lambda c: c.execute(text("DELETE FROM models")))
    watched.watch.look()
    assert watched.used[-1] == watched.used[0]


@pytest.fixture
def gone(sqlite_url: str) -> Iterator[Store]:
    store = Store(sqlite_url)
    yield store
    store.close()


def test_while_the_database_is_away_all_stays_as_it_is(gone: Store, tmp_path: Path) -> None:
    in_service(gone, versions(gone, "software")[0])
    watched = Watched(gone, tmp_path / "models")
    gone.close()
    database = tmp_path / "maild.db"
    database.rename(tmp_path / "away.db")
    with pytest.raises(Refused):
        watched.watch.look()
    (tmp_path / "away.db").rename(database)
    watched.watch.look()
    assert watched.says() == "software"
    assert len(watched.used) == 1


def test_who_when_and_why_are_in_the_history(store: Store) -> None:
    (version,) = versions(store, "software")
    in_service(store, version)
    store.transact(lambda c: roll_back(c, "category", actor="eve", now=NOON + timedelta(hours=1)))
    with store.read() as connection:
        told = [(event.event, event.actor) for event in read_events(connection, "category")]
        assert find_version(connection, "category-1").standing == "retired"
    assert told == [("added", "ada"), ("promoted", "ada"), ("rolled_back", "eve")]


def test_files_of_versions_that_answer_no_more_are_deleted_after_a_while(watched: Watched) -> None:
    left = watched.watch.folder / "left.npz"
    left.write_bytes(b"what somebody wrote")
    os.utime(left, (NOON.timestamp() - 60, NOON.timestamp() - 60))
    watched.watch.look()
    assert left.exists()
    os.utime(left, (NOON.timestamp() - 600, NOON.timestamp() - 600))
    watched.watch.look()
    assert not left.exists()
