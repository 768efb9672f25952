"""`maild models`: what answers, what else there is, and how the mail has changed."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import exc, insert, text

from maild.cli.frame import main
from maild.cli.model_table import scores
from maild.store.engine import Connection, Store
from maild.store.models.audits import Audit, add_audits
from maild.store.models.thresholds import RaisedThreshold, raise_threshold
from maild.store.models.versions import add_version
from maild.store.tables import labels, mails
from tests.support.desk_folder import a_folder, change
from tests.support.model_making import a_new_version
from tests.support.rows import NOW

Captured = pytest.CaptureFixture[str]
Maild = Callable[..., tuple[int, str, str]]


@pytest.fixture
def desk_store(tmp_path: Path, database_url: str) -> Iterator[Store]:
    change(a_folder(tmp_path / "config"), "maild.toml", '# url = "sqlite:///var/maild.db"', f'url = "{database_url}"')
    store = Store(database_url)
    yield store
    store.close()


@pytest.fixture
def maild(desk_store: Store, tmp_path: Path, capsys: Captured) -> Maild:  # noqa: ARG001 - its configuration is read
    def run(*arguments: str) -> tuple[int, str, str]:
        status = main(["--config", str(tmp_path / "config"), "models", *arguments])
        shown = capsys.readouterr()
        return status, shown.out, shown.err

    return run


def listed(maild: Maild) -> dict[str, dict[str, Any]]:
    status, out, err = maild("--json")
    assert (status, err) == (0, "")
    return {line["name"]: line for line in json.loads(out)}


def add(store: Store, *names: str, beats: str | None = None) -> None:
    for name in names:
        new = a_new_version(name, beats=beats)
        store.transact(lambda c, new=new: add_version(c, new, actor="admin", now=NOW))  # type: ignore[misc]


def test_a_new_desk_is_answered_by_what_came_with_maild(maild: Maild) -> None:
    lines = listed(maild)
    assert {name: line["standing"] for name, line in lines.items() if name in ("category-0", "technical-0")} == {
        "category-0": "in_service",
        "technical-0": "in_service",
    }
    assert lines["category-0"]["scores"]["macro_f1"] > 0.5
    assert lines["category-0"]["n"] > 1_000


def test_every_question_has_its_line_and_every_card_its_texts(maild: Maild) -> None:
    lines = listed(maild)
    assert {name for name, line in lines.items() if line["standing"] == "in_service"} == {
        f"{question}-0" for question in ("technical", "category", "urgency", "impact", "reply_intent", "spam")
    }
    assert lines["spam-0"]["n"] > 1_000
    assert lines["urgency-0"]["n"] == 0


def test_a_label_without_texts_is_no_part_of_macro_f1() -> None:
    known = {"n": 40, "precision": 0.8, "recall": 0.8}
    unseen = {"n": 0, "precision": 0.0, "recall": 0.0}
    assert scores({"scores_per_label": {"access": known, "billing": unseen}})["macro_f1"] == pytest.approx(0.8)
    assert scores({"scores_per_label": {"billing": unseen}})["macro_f1"] is None


def test_a_candidate_is_shown_beside_what_is_in_service(maild: Maild, desk_store: Store) -> None:
    add(desk_store, "software")
    line = listed(maild)["category-1"]
    assert (line["standing"], line["by"], line["because"]) == ("candidate", "admin", "trained on 120 labels")
    assert line["data_digest"] == "d" * 64
    assert line["n"] == 120
    assert "category-1" in maild()[1]


def test_a_candidate_that_beats_the_shipped_model_is_promoted_by_whom_and_when(maild: Maild, desk_store: Store) -> None:
    add(desk_store, "software", beats=listed(maild)["category-0"]["digest"])
    assert maild("promote", "category-1", "--by", "Ada")[0] == 0
    lines = listed(maild)
    assert (lines["category-1"]["standing"], lines["category-1"]["by"]) == ("in_service", "Ada")
    assert lines["category-0"]["standing"] == "shipped"
    assert lines["category-1"]["since"] > "2026"


def test_a_candidate_that_was_not_compared_needs_a_reason(maild: Maild, desk_store: Store) -> None:
    add(desk_store, "software")
    status, out, err = maild("promote", "category-1")
    assert (status, out) == (1, "")
    assert "no comparison with the shipped model" in err
    assert "--anyway WHY overrides this" in err
    assert listed(maild)["category-1"]["standing"] == "candidate"
    assert maild("promote", "category-1", "--anyway", "we know better")[0] == 0
    assert "we know better" in listed(maild)["category-1"]["because"]


@pytest.mark.parametrize(
    "card", ["{oops", "[1]", "3", "null", '"card"', '{"rows": 3}', '{"scores_per_label": 1}', "[" * 100_000]
)
def test_a_card_that_is_none_spoils_no_other_model(maild: Maild, desk_store: Store, card: str) -> None:
    add(desk_store, "software", "access")
    for name in ("category-1", "category-2"):
        maild("promote", name, "--anyway", "a test")
    if is_postgresql(desk_store) and not card.endswith(("]", "}", "3", '"', "null")):
        with pytest.raises(exc.DBAPIError):
            spoil_card(desk_store, 2, card)
        return
    spoil_card(desk_store, 2, card)
    lines = listed(maild)
    assert lines["category-1"]["standing"] == "retired"
    assert "its card is no JSON" in lines["category-2"]["refused"]
    status, out, err = maild()
    assert (status, err) == (0, "")
    assert "category-2 is REFUSED: its card is no JSON" in out
    assert maild("rollback")[1].startswith("category-1 is in service again")
    assert "its card is no JSON" in maild("promote", "category-2", "--anyway", "a test")[2]


def spoil_card(store: Store, number: int, card: str) -> None:
    """As a hand or a disk does it."""
    spoilt = "CAST(:card AS jsonb)" if is_postgresql(store) else ":card"
    statement = text(f"UPDATE models SET card = {spoilt} WHERE number = :number")  # noqa: S608 - of this function
    store.transact(lambda c: c.execute(statement, {"card": card, "number": number}))


def is_postgresql(store: Store) -> bool:
    return store.name.startswith("postgresql")


def test_a_rollback_without_a_question_takes_the_last_promotion_back(maild: Maild, desk_store: Store) -> None:
    add(desk_store, "software", "access")
    for name in ("category-1", "category-2"):
        maild("promote", name, "--anyway", "a test")
    assert maild("rollback")[1].startswith("category-1 is in service again")
    assert maild("rollback", "category", "--by", "Ada")[1].startswith("category-0, which came with maild,")
    assert listed(maild)["category-0"]["by"] == "Ada"
    status, _, err = maild("rollback")
    assert status == 1
    assert "Nothing was changed" in err


@pytest.mark.parametrize("arguments", [("rollback", "--shipped"), ("promote", "category-0")])
def test_the_shipped_model_is_one_step_away(maild: Maild, desk_store: Store, arguments: tuple[str, ...]) -> None:
    add(desk_store, "software", "access")
    for name in ("category-1", "category-2"):
        maild("promote", name, "--anyway", "a test")
    assert maild(*arguments)[0] == 0
    assert listed(maild)["category-0"]["standing"] == "in_service"


def test_a_shadow_can_be_ended(maild: Maild, desk_store: Store) -> None:
    add(desk_store, "software")
    assert maild("shadow", "category-1")[0] == 0
    assert listed(maild)["category-1"]["standing"] == "shadow"
    assert maild("shadow", "category-1", "--end")[0] == 0
    assert listed(maild)["category-1"]["standing"] == "candidate"
    assert maild("shadow", "category-1", "--end")[0] == 1


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("promote",), 2),
        (("promote", "category-7"), 1),
        (("promote", "category-0"), 1),
        (("shadow", "nothing"), 1),
        (("rollback", "colour"), 2),
        (("lower", "category-0", "network"), 2),
        (("fly",), 2),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(maild: Maild, arguments: tuple[str, ...], status: int) -> None:
    before = listed(maild)
    ended, out, err = maild(*arguments)
    assert (ended, out) == (status, "")
    assert err
    assert listed(maild) == before


def test_a_raised_threshold_is_shown_and_can_be_taken_back(maild: Maild, desk_store: Store) -> None:
    digest = listed(maild)["category-0"]["digest"]
    raised = RaisedThreshold(
        digest=digest, question="category", label="network", least=0.9, at=NOW, because="3 of 9 were wrong"
    )
    desk_store.transact(lambda c: raise_threshold(c, raised))
    assert listed(maild)["category-0"]["raised"] == [
        {"label": "network", "least": 0.9, "at": "2026-03-02T09:00:00Z", "because": "3 of 9 were wrong"}
    ]
    assert "gives network from 0.900 on only: 3 of 9 were wrong" in maild()[1]
    assert maild("lower", "category-0", "network")[0] == 0
    assert listed(maild)["category-0"]["raised"] == []


def a_mail(connection: Connection, at: datetime, text: str, language: str = "en") -> int:
    verdicts = [{"question": "category", "label": "network", "confidence": 0.9, "because": "", "model": "m"}]
    row = {"size": 1, "arrived_at": at, "stored_at": at, "outcome": "ticket", "subject": "VPN", "new_text": text,
           "language": language, "verdicts": verdicts}  # fmt: skip
    key: int = connection.execute(insert(mails).values(row).returning(mails.c.id)).scalar_one()
    return key


def test_the_audit_counts_what_was_asked_answered_and_wrong(maild: Maild, desk_store: Store) -> None:
    digest = listed(maild)["category-0"]["digest"]

    def ask(connection: Connection) -> None:
        rows = [a_mail(connection, NOW, f"mail {number}") for number in range(3)]
        drawn = [
            Audit(mail=row, question="category", label="network", confidence=0.9, digest=digest, drawn_at=NOW)
            for row in rows
        ]
        add_audits(connection, drawn)
        for row, value, hours in ((rows[0], "network", 1), (rows[1], "network", 1), (rows[1], "access", 2)):
            said = {"mail_id": row, "question": "category", "value": value, "said_by": "Ana",
                    "said_at": NOW + timedelta(hours=hours), "source": "tsm"}  # fmt: skip
            connection.execute(insert(labels).values(said))

    desk_store.transact(ask)
    assert listed(maild)["category-0"]["audit"] == [{"label": "network", "drawn": 3, "answered": 2, "wrong": 1}]
    assert "network: 3 asked, 2 answered, 1 wrong" in maild()[1]


def test_drift_is_told_week_by_week(maild: Maild, desk_store: Store) -> None:
    now = datetime.now(UTC)
    monday = (now - timedelta(weeks=6, days=now.weekday())).replace(hour=0)  # the same weeks on every day

    def arrive(connection: Connection) -> None:
        for number in range(360):
            at = monday + timedelta(hours=2 * number)
            is_late = number >= 240
            text = "Der Drucker druckt nicht" if is_late else "the printer does not print on paper"
            a_mail(connection, at, text, language="de" if is_late else "en")

    desk_store.transact(arrive)
    status, out, err = maild("--drift", "--json")
    assert (status, err) == (0, "")
    category = next(each for each in json.loads(out) if each["question"] == "category")
    assert category["reference"] == "the first 200 mails of the last 12 weeks"
    assert sum(week["n"] for week in category["weeks"]) == 160
    assert "different" in {week["judgement"] for week in category["weeks"]}
    told = maild("--drift")[1]
    assert "language: more of de: 0% before, 100% now" in told


def test_drift_of_a_desk_without_mails_is_told_as_such(maild: Maild) -> None:
    status, out, _ = maild("--drift")
    assert status == 0
    assert "nothing to compare yet" in out
