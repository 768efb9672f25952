"""A model is promoted while desks run: the next mail is decided by it, until it is rolled back."""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from maild.store.engine import Store
from maild.store.models.versions import add_version
from tests.servers.dovecot import Dovecot, until
from tests.servers.smtp import SmtpServer
from tests.stories.running import RunningDesk
from tests.stories.test_line import a_source
from tests.support.desk_folder import change
from tests.support.model_making import a_new_version, a_version_with_an_encoder
from tests.support.rows import NOW


@pytest.fixture
def desk(
    tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer, database_url: str, imap_user: str
) -> Iterator[RunningDesk]:
    with RunningDesk(
        tmp_path, address=imap_user, dovecot=dovecot, smtp_port=smtp_server.port, database_url=database_url
    ) as made:
        yield made


def add(store: Store, *labels: str) -> None:
    for new in map(a_new_version, labels):
        store.transact(partial(add_version, new=new, actor="admin", now=NOW))


def done(desk: RunningDesk, *arguments: str) -> str:
    ended = desk.run(*arguments)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def models(desk: RunningDesk) -> dict[str, dict[str, Any]]:
    return {line["name"]: line for line in json.loads(done(desk, "models", "--json"))}


def arrive(desk: RunningDesk, store: Store, number: int) -> str | None:
    """Deliver a mail, wait for its ticket, and give the ticket's category."""
    desk.dovecot.deliver(desk.address, a_source(Message_ID=f"<{number}@client.example>", Subject=f"VPN {number}"))
    until(lambda: len(categories(store)) >= number, f"mail {number} was not taken in")
    return categories(store)[number - 1]


def categories(store: Store) -> list[str | None]:
    with store.read() as connection:
        return [row.category for row in connection.execute(text("SELECT category FROM tickets ORDER BY id"))]


def logged(desk: RunningDesk, words: str, times: int) -> None:
    until(lambda: desk.log.read_text("utf-8").count(words) >= times, f"the log never said {words!r} {times} times")


def test_running_daemons_follow_a_promotion_and_a_rollback(
    desk: RunningDesk, store: Store, smtp_server: SmtpServer
) -> None:
    add(store, "software", "access")
    desk.start_ready()
    desk.start_ready()
    logged(desk, "models in service", 2)
    done(desk, "models", "promote", "category-1", "--anyway", "a story")
    logged(desk, "models in service", 4)
    assert arrive(desk, store, 1) == "software"
    done(desk, "models", "promote", "category-2", "--anyway", "a story", "--by", "Ada")
    logged(desk, "models in service", 6)
    assert arrive(desk, store, 2) == "access"
    assert "category-1 is in service again" in done(desk, "models", "rollback")
    logged(desk, "models in service", 8)
    assert arrive(desk, store, 3) == "software"
    until(lambda: len(smtp_server.accepted) >= 6, "not everybody was written to")
    assert models(desk)["category-2"]["standing"] == "retired"


def test_a_version_with_the_sentence_encoder_decides(desk: RunningDesk, store: Store) -> None:
    store.transact(partial(add_version, new=a_version_with_an_encoder("access"), actor="admin", now=NOW))
    done(desk, "models", "promote", "category-1", "--anyway", "a story")
    desk.take_turn(a_source(Message_ID="<1@client.example>", Subject="VPN 1"))
    assert categories(store) == ["access"]


def test_a_shadow_answers_beside_and_decides_nothing(desk: RunningDesk, store: Store) -> None:
    add(store, "software", "access")
    done(desk, "models", "promote", "category-1", "--anyway", "a story")
    done(desk, "models", "shadow", "category-2")
    desk.start_ready()
    assert [arrive(desk, store, number) for number in (1, 2)] == ["software", "software"]
    shadow = models(desk)["category-2"]["shadow"]
    assert shadow == {"n": 2, "agreed": 0, "differences": [{"label": "access", "served": "software", "n": 2}]}
    assert "access for software 2x" in done(desk, "models")


def test_a_damaged_version_is_refused_and_the_one_before_stays_in_service(desk: RunningDesk, store: Store) -> None:
    add(store, "software", "access")
    done(desk, "models", "promote", "category-1", "--anyway", "a story")
    desk.start_ready()
    store.transact(
        lambda c: c.execute(text("UPDATE models SET content = :broken WHERE number = 2"), {"broken": b"broken"})
    )
    done(desk, "models", "promote", "category-2", "--anyway", "a story")
    logged(desk, "model refused", 1)
    assert arrive(desk, store, 1) == "software"
    refused = "category-2 cannot answer"
    until(lambda: refused in str(models(desk)["category-2"]["refused"]), "it is not told why it was refused")
    checked = desk.run("check", "--json")
    (failed,) = [each for each in json.loads(checked.stdout) if each["part"] == "models" and not each["ok"]]
    assert "category-2 cannot answer" in failed["message"]
    assert "maild models rollback" in failed["cure"]
    done(desk, "models", "rollback")
    assert models(desk)["category-1"]["standing"] == "in_service"


def test_what_is_tried_is_decided_by_what_is_in_service(desk: RunningDesk, store: Store, tmp_path: Path) -> None:
    add(store, "software")
    done(desk, "models", "promote", "category-1", "--anyway", "a story")
    (tmp_path / "one.eml").write_bytes(a_source())
    story = json.loads(done(desk, "try", "--json", str(tmp_path / "one.eml")))
    assert {verdict["question"]: verdict["label"] for verdict in story["verdicts"]}["category"] == "software"


def test_answers_of_the_audit_guard_the_error_budget_while_the_desk_runs(
    desk: RunningDesk, smtp_server: SmtpServer, store: Store
) -> None:
    change(desk.folder, "maild.toml", "audit = 0.0", "audit = 1.0")
    add(store, "software")
    done(desk, "models", "promote", "category-1", "--anyway", "a story")
    desk.start_ready()
    for number in (1, 2):
        assert arrive(desk, store, number) == "software"
        done(desk, "label", f"T-{number}", "category=network", "--by", "Ana")
    logged(desk, "threshold raised", 1)
    shown = models(desk)["category-1"]
    assert shown["raised"][0]["least"] > 0.75, "beyond the answers that broke it"
    assert shown["audit"] == [{"label": "software", "drawn": 2, "answered": 2, "wrong": 2}]
    checked = json.loads(desk.run("check", "--json").stdout)
    assert any("more is asked of software" in each["message"] for each in checked)
    until(lambda: any(b"more cautious" in mail.content for mail in smtp_server.accepted), "the lead was not told")
