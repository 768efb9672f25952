"""`maild improve`: each proposal of the report is done by the very command that it names."""

import json
import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from maild.process.calendar import Span
from maild.store import tables
from maild.store.engine import Store
from tests.cli.proposals_history import EACH, TEXTS, staff, write_desk_to_improve
from tests.support.desk_folder import read
from tests.support.desk_told import Captured, complaint, maild


@pytest.fixture
def desk(store: Store, folder: Path) -> Path:
    write_desk_to_improve(store, datetime.now(UTC))
    staff(folder)
    return folder


def proposals(desk: Path, capsys: Captured) -> dict[str, dict[str, Any]]:
    capsys.readouterr()
    maild(desk, "report", "--json")
    return {each["kind"]: each for each in json.loads(capsys.readouterr().out)["proposals"]}


def done(desk: Path, how: str) -> None:
    """Type the command as the report names it."""
    word, *arguments = shlex.split(how)
    assert word == "maild"
    maild(desk, *arguments)


def labelled(store: Store) -> dict[int, str]:
    columns = (tables.mails.c.ticket_id, tables.labels.c.value)
    query = select(*columns).join(tables.labels, tables.labels.c.mail_id == tables.mails.c.id)
    with store.read() as connection:
        return {row.ticket_id: row.value for row in connection.execute(query)}


def test_each_proposal_is_done_by_the_command_it_names_and_is_not_made_again(
    store: Store, desk: Path, tmp_path: Path, capsys: Captured
) -> None:
    found = proposals(desk, capsys)
    assert set(found) == {"article", "split", "guide", "skill", "deadline"}
    assert found["skill"]["how"] == "maild improve skill network 'Ben Bauer'"
    assert found["deadline"]["how"] == "maild improve deadline next_update 2 8h"
    assert (found["deadline"]["n"], found["deadline"]["because"]) == (24, "Kept 1 of the newest 24 times.")
    assert set(found["deadline"]["tickets"]) == {f"T-{number}" for number in range(2, 25)}
    assert (found["split"]["n"], len(found["split"]["tickets"])) == (24, 24)
    guide = tmp_path / "guide.md"
    guide.write_text("## First\n1. Is it on?\n", "utf-8")
    for kind in ("skill", "deadline", "split", "guide"):
        done(desk, found[kind]["how"].replace("FILE", str(guide)))
    settings = read(desk)
    new = shlex.split(found["split"]["how"])[4]
    assert {person.name: person.skills for person in settings.team.people if person.skills} == {
        "Ana Ruiz": ("network", new),
        "Ben Bauer": ("network", new),
    }
    assert settings.priorities.next_update[2] == Span(clock=settings.priorities.next_update[1].clock * 8)
    assert settings.categories["network"].guide == "## First\n1. Is it on?\n"
    assert settings.categories[new].examples in {(subject,) for subject in TEXTS}
    assert list(labelled(store).values()) == [new] * EACH
    assert "# hers" in (desk / "team.toml").read_text()
    assert "# so far" in (desk / "team.toml").read_text()
    assert set(proposals(desk, capsys)) == {"article", "deadline"}  # a promise shows first when it falls due again


def test_what_would_be_wrong_is_refused_whole_and_names_the_file(desk: Path, capsys: Captured) -> None:
    before = {path: path.read_text() for path in desk.rglob("*.toml")}
    for arguments, words in (
        (("deadline", "next_update", "2", "soon"), "priorities.toml: priority.2.next_update = 'soon' is not allowed"),
        (("deadline", "next_update", "8", "4h"), "priorities.toml has no priority 8; it has 1, 2, 3, 4, 5"),
        (("skill", "network", "Nobody"), "team.toml has no person 'Nobody'; it has Lead, Ana Ruiz, Ben Bauer"),
        (("skill", "nothing", "Ana Ruiz"), "there is no category 'nothing'"),
        (("split", "network", "Net Work", "--like", "T-1"), "'Net Work' is no name of a category"),
        (("split", "network", "network", "--like", "T-1"), "there is a category network already"),
    ):
        assert words in complaint(desk, capsys, "improve", *arguments, status=2).replace('"', "'")
    assert "says nothing that other tickets" in complaint(
        desk, capsys, "improve", "split", "network", "vpn", "--like", "T-99"
    )
    assert {path: path.read_text() for path in desk.rglob("*.toml")} == before


def test_a_dry_run_shows_the_difference_and_changes_nothing(store: Store, desk: Path, capsys: Captured) -> None:
    before = {path: path.read_text() for path in desk.rglob("*") if path.is_file()}
    maild(desk, "improve", "split", "network", "network-scanner", "--like", "T-2", "--dry-run")
    shown = capsys.readouterr().out
    assert '+title = "Network scanner"' in shown
    assert '+skills = ["network", "network-scanner"]              # so far' in shown
    assert "nothing was changed" in shown
    assert {path: path.read_text() for path in desk.rglob("*") if path.is_file()} == before
    assert labelled(store) == {}
