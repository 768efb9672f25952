"""`maild report`: one file that needs no network, says n and meaning with every number, and trusts no word of a mail."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from maild.cli.report import choose_period
from maild.errors import ConfigurationError
from maild.store import tables
from maild.store.engine import Store
from tests.support.desk_told import Captured, complaint, maild
from tests.support.report_history import write_history

DAYS = ("--since", "2026-03-02", "--until", "2026-05-24")


def test_the_page_needs_no_network_and_says_n_and_meaning_of_every_number(
    store: Store, folder: Path, tmp_path: Path, capsys: Captured
) -> None:
    write_history(store)
    hostile = update(tables.tickets).values(category="<script>alert(1)</script>", assignee='"><img src=x>')
    store.transact(lambda connection: connection.execute(hostile).rowcount)
    maild(folder, "report", *DAYS, "--out", str(tmp_path / "report.html"))
    page = (tmp_path / "report.html").read_text("utf-8")
    assert not re.search(r"https?://|<[^>]*\ssrc=|@import|url\(|<script|<img|<link", page)
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(re.findall(r'id="([^"]+)"', page))
    tiles = re.findall(r'<div class="tile".*?</div>', page)
    assert len(tiles) > 20
    assert all("n = " in tile and re.search(r"<span>.+?</span>", tile) for tile in tiles)
    assert "T-2" in page
    assert "New issues" in capsys.readouterr().out


def test_the_document_has_the_same_numbers_for_programs(store: Store, folder: Path, capsys: Captured) -> None:
    write_history(store)
    maild(folder, "report", *DAYS, "--json")
    told = json.loads(capsys.readouterr().out)
    assert (told["since"], told["until"]) == ("2026-03-02T00:00:00Z", "2026-05-25T00:00:00Z")
    for section in told["sections"]:
        for figure in section["figures"]:
            assert figure["n"] >= 0
            assert figure["means"].endswith(".")
            assert len(figure["tickets"]) <= 100
    assert {each["kind"] for each in told["proposals"]} <= {"article", "split", "guide", "skill", "deadline"}


def test_a_period_ends_at_the_latest_now_and_begins_before_it_ends() -> None:
    now, zone = datetime(2026, 3, 10, 12, tzinfo=UTC), ZoneInfo("Europe/Berlin")
    period = choose_period(None, None, now=now, zone=zone)
    assert (period.until, len(period)) == (now, 13)
    whole = choose_period(now.date(), now.date(), now=now, zone=zone)
    assert (whole.since, whole.until) == (datetime(2026, 3, 9, 23, tzinfo=UTC), now)
    with pytest.raises(ConfigurationError, match="--since 2026-03-11 is not before"):
        choose_period(now.date().replace(day=11), None, now=now, zone=zone)


def test_the_weekly_summary_can_be_seen_at_any_time(store: Store, folder: Path, capsys: Captured) -> None:
    write_history(store)
    maild(folder, "report", "--weekly", "--until", "2026-05-10")
    shown = capsys.readouterr().out
    assert "weekly summary, 4 May to 10 May 2026" in shown
    assert "What to look at:" in shown
    maild(folder, "report", "--weekly", "--until", "2026-05-10", "--json")
    told = json.loads(capsys.readouterr().out)
    assert (told["week"], told["since"], told["until"]) == ("2026-W19", "2026-05-04T00:00:00Z", "2026-05-11T00:00:00Z")
    assert 3 <= len(told["lines"]) <= 10
    said = " ".join(shown.split())
    assert all(line["text"] in said and line["n"] >= 0 for line in told["lines"])
    assert told["lines"][0]["tickets"][0].startswith("T-")


@pytest.mark.parametrize("command", [("report",), ("report", "--weekly"), ("audit",)])
def test_days_beyond_all_history_stand_for_its_ends(folder: Path, command: tuple[str, ...]) -> None:
    if command != ("report", "--weekly"):
        maild(folder, *command, "--since", "0001-01-01")
    maild(folder, *command, "--until", "9999-12-31")


def test_the_weekly_summary_is_no_file(folder: Path, tmp_path: Path, capsys: Captured) -> None:
    arguments = ("report", "--weekly", "--out", str(tmp_path / "week.html"))
    assert "--weekly tells of seven days" in complaint(folder, capsys, *arguments, status=2)
    assert list(tmp_path.glob("*.html")) == []
