"""Versions of models: kept, promoted, shadowed, rolled back; each by somebody, at some time, for a reason."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import text

from maild.errors import NotFound, Refused
from maild.store.engine import Connection, Store
from maild.store.models.promoting import promote, read_events, roll_back, shadow, unshadow
from maild.store.models.versions import (
    KEPT,
    Stored,
    Version,
    add_version,
    find_version,
    list_standing,
    list_versions,
    read_stored,
    read_version,
)
from tests.support.model_making import CATEGORIES, NETWORK, a_card, a_new_version, digest, some_content
from tests.support.rows import NOW

SHIPPED = {"category": "5" * 64}
LATER = NOW + timedelta(hours=1)


def added(store: Store, label: str = "software", *, beats: str | None = "5" * 64) -> Version:
    new = a_new_version(label, beats=beats)
    return store.transact(lambda connection: add_version(connection, new, actor="admin", now=NOW))


def promoted(store: Store, version: Version, *, anyway: str | None = None) -> None:
    store.transact(lambda c: promote(c, version, shipped=SHIPPED, actor="ada", now=LATER, anyway=anyway))


def rolled_back(store: Store, *, to_shipped: bool = False) -> Version | None:
    return store.transact(lambda c: roll_back(c, "category", actor="ada", now=LATER, to_shipped=to_shipped))


def in_service(store: Store) -> str | None:
    with store.read() as connection:
        version = list_standing(connection, "in_service").get("category")
    return version.name if version else None


def three(store: Store) -> list[Version]:
    """Versions each of which was compared with the one before it."""
    versions = [added(store, "software")]
    for label in ("access", "network"):
        versions.append(added(store, label, beats=versions[-1].digest))
    return versions


def test_a_version_has_a_name_and_is_a_candidate(store: Store) -> None:
    first, second = added(store, "software"), added(store, "access")
    assert (first.name, first.standing, second.name) == ("category-1", "candidate", "category-2")
    with store.read() as connection:
        assert [version.name for version in list_versions(connection)] == ["category-2", "category-1"]
        assert find_version(connection, "category-2").digest == second.digest
        assert find_version(connection, second.digest[:8].upper()).digest == second.digest


def test_the_same_model_again_is_the_version_that_is_there(store: Store) -> None:
    assert added(store).name == added(store).name == "category-1"


def test_a_model_comes_back_as_it_was_kept(store: Store) -> None:
    new = a_new_version(scores={"macro_f1": 1.0, "seed": 1e16, "note": "Zoë\0\ud800", "tiny": 1e-300})
    version = store.transact(lambda connection: add_version(connection, new, actor="admin", now=NOW))
    with store.read() as connection:
        stored = read_stored(connection, version.digest)
    assert stored.content == new.content
    assert digest(replace(new, card=stored.card)) == version.digest


@pytest.mark.parametrize(
    "difference",
    [
        {"content": b"broken"},
        {"card": a_card(labels=["one"])},
        {"card": a_card(base="a" * 64)},
        {"card": a_card(temperature=float("nan"))},
        {"card": a_card(extra=object())},
    ],
    ids=["content", "labels", "base", "a number that is none", "no JSON"],
)
def test_a_model_that_could_never_serve_is_not_kept(store: Store, difference: dict[str, object]) -> None:
    broken = replace(a_new_version(), **difference)  # type: ignore[arg-type]
    with pytest.raises(Refused):
        store.transact(lambda connection: add_version(connection, broken, actor="admin", now=NOW))
    with store.read() as connection:
        assert list_versions(connection) == []
        assert read_events(connection) == []


def test_candidates_that_nobody_promoted_are_let_go_one_day(store: Store) -> None:
    promoted(store, added(store))
    for seed in range(KEPT + 3):
        new = a_new_version(seed=seed)
        store.transact(lambda c, new=new: add_version(c, new, actor="cron", now=NOW))  # type: ignore[misc]
    with store.read() as connection:
        numbers = [version.number for version in list_versions(connection)]
    assert numbers == [*range(KEPT + 4, 4, -1), 1]
    assert in_service(store) == "category-1"


def test_what_a_version_stands_on_is_kept_with_it(store: Store) -> None:
    base = a_new_version("network")
    content = some_content({"network": NETWORK}, CATEGORIES, mixing=np.ones((3, 3), dtype=np.float32))
    new = replace(
        base, content=content, card=a_card(base=digest(base)), base=Stored(content=base.content, card=base.card)
    )
    version = store.transact(lambda connection: add_version(connection, new, actor="admin", now=NOW))
    with store.read() as connection:
        assert version.base == digest(base)
        assert read_stored(connection, digest(base)).content == base.content
        assert [listed.name for listed in list_versions(connection)] == ["category-1"]
        with pytest.raises(NotFound):
            read_version(connection, digest(base))


def test_a_promotion_says_who_when_and_why(store: Store) -> None:
    promoted(store, added(store))
    with store.read() as connection:
        last = read_events(connection)[-1]
    assert (last.event, last.actor, last.at, last.because) == ("promoted", "ada", LATER, "20 wins and 3 losses")
    assert in_service(store) == "category-1"


def test_a_promotion_retires_the_one_before(store: Store) -> None:
    first, second, _ = three(store)
    promoted(store, first)
    promoted(store, second)
    with store.read() as connection:
        standings = {version.name: version.standing for version in list_versions(connection)}
    assert standings == {"category-1": "retired", "category-2": "in_service", "category-3": "candidate"}


def test_a_version_that_was_compared_with_nothing_is_not_promoted(store: Store) -> None:
    version = added(store, beats=None)
    with pytest.raises(Refused, match=r"no comparison with the shipped model.*stays in service"):
        promoted(store, version)
    assert in_service(store) is None


def test_a_version_that_was_compared_with_another_is_not_promoted(store: Store) -> None:
    promoted(store, added(store))
    stale = added(store, "access")
    with pytest.raises(Refused, match="another model than category-1"):
        promoted(store, stale)
    assert in_service(store) == "category-1"


@pytest.mark.parametrize("judgement", ["worse", "unclear", None])
def test_a_version_that_does_not_match_the_one_in_service_is_not_promoted(store: Store, judgement: str | None) -> None:
    compared = {"against": SHIPPED["category"], "judgement": judgement, "because": "3 wins and 20 losses"}
    new = a_new_version(compared=compared)
    version = store.transact(lambda connection: add_version(connection, new, actor="admin", now=NOW))
    with pytest.raises(Refused, match="3 wins and 20 losses"):
        promoted(store, version)


def test_an_admin_may_promote_anyway_and_it_is_written_down(store: Store) -> None:
    promoted(store, added(store, beats=None), anyway="the new categories count more")
    with store.read() as connection:
        because = read_events(connection)[-1].because
    assert "although its card has no comparison" in because
    assert because.endswith("the new categories count more")


def test_rollbacks_go_back_one_by_one_down_to_the_shipped_model(store: Store) -> None:
    for version in three(store):
        promoted(store, version)
    assert [rolled_back(store) and in_service(store) for _ in range(2)] == ["category-2", "category-1"]
    assert rolled_back(store) is None
    assert in_service(store) is None
    with pytest.raises(Refused, match="none before it"):
        rolled_back(store)


def test_a_rollback_leads_to_what_was_in_service_and_not_to_what_was_trained_before(store: Store) -> None:
    first, second, third = three(store)
    promoted(store, first)
    promoted(store, second)
    rolled_back(store)
    promoted(store, third, anyway="a try")
    promoted(store, first, anyway="back by promotion")
    promoted(store, second)
    assert [rolled_back(store) and in_service(store) for _ in range(3)] == ["category-1", "category-3", "category-1"]


def test_a_rollback_to_the_shipped_model_forgets_the_way_there(store: Store) -> None:
    for version in three(store):
        promoted(store, version)
    assert rolled_back(store, to_shipped=True) is None
    assert in_service(store) is None
    with pytest.raises(Refused):
        rolled_back(store)


def test_one_version_of_a_question_is_in_the_shadow(store: Store) -> None:
    first, second, _ = three(store)
    store.transact(lambda c: shadow(c, first, actor="ada", now=NOW))
    store.transact(lambda c: shadow(c, second, actor="ada", now=NOW))
    with store.read() as connection:
        assert {version.name for version in list_standing(connection, "shadow").values()} == {"category-2"}
        again = find_version(connection, "category-2")
    with pytest.raises(Refused, match="already"):
        store.transact(lambda c: shadow(c, again, actor="ada", now=NOW))
    store.transact(lambda c: unshadow(c, again, actor="ada", now=NOW))
    with store.read() as connection:
        assert list_standing(connection, "shadow") == {}


def test_what_is_in_service_is_no_shadow(store: Store) -> None:
    promoted(store, added(store))
    with store.read() as connection:
        serving = find_version(connection, "category-1")
    with pytest.raises(Refused, match="its own shadow"):
        store.transact(lambda c: shadow(c, serving, actor="ada", now=NOW))
    with pytest.raises(Refused, match="already"):
        promoted(store, serving)


def test_a_shadow_that_is_promoted_is_none_any_more(store: Store) -> None:
    version = added(store)
    store.transact(lambda c: shadow(c, version, actor="ada", now=NOW))
    promoted(store, version)
    with store.read() as connection:
        assert list_standing(connection, "shadow") == {}
    assert in_service(store) == "category-1"


@pytest.mark.parametrize("name", ["category-9", "technical", "", "abcdef", "'; DROP TABLE models"])
def test_a_name_that_nothing_has_is_answered_with_those_that_are_there(store: Store, name: str) -> None:
    added(store)
    with store.read() as connection, pytest.raises(NotFound, match="category-1"):
        find_version(connection, name)


def test_where_nothing_was_trained_the_answer_says_so(store: Store) -> None:
    with store.read() as connection, pytest.raises(NotFound, match="maild train"):
        find_version(connection, "category-1")


def test_the_beginning_of_several_digests_names_none_of_them(store: Store) -> None:
    first, second = added(store, "software"), added(store, "access")

    def make_alike(connection: Connection) -> None:
        for version, end in ((first, "0"), (second, "1")):
            renamed = {"new": "abcdef" + end * 58, "old": version.digest}
            connection.execute(text("UPDATE models SET digest = :new WHERE digest = :old"), renamed)

    store.transact(make_alike)
    with store.read() as connection, pytest.raises(Refused, match="category-2, category-1"):
        find_version(connection, "abcdef")
