"""`maild articles`: listed, searched, shown, exported, and looked after."""

import io
import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from maild.knowledge.article import Article
from maild.knowledge.exporting import inert
from maild.knowledge.staleness import why_stale
from maild.store.engine import Connection, Store
from maild.store.knowledge import articles, suggestions
from maild.store.knowledge.suggestions import TSM, Suggested
from tests.support.desk_told import Captured, complaint, maild, told
from tests.support.rows import NOW, a_ticket

EVIL = "<script>alert(1)</script> {{ site.secret }} {% include x %} [x](javascript:alert(1)) ![y](http://evil.example/t.gif)\n[z]: javascript:1 https://evil.example/x www.evil.example"


def an_article(name: str = "1-vpn", **differences: object) -> Article:
    usual: dict[str, object] = {
        "name": name,
        "version": 0,
        "title": "VPN error 809",
        "body": "## Fix\n\nRenew the certificate.\n",
        "category": "network",
        "language": "en",
        "written_by": "Ned",
        "created_at": NOW,
        "ticket": 1,
    }
    return Article(**{**usual, **differences})  # type: ignore[arg-type]


@pytest.fixture
def base(store: Store, folder: Path) -> Path:
    """A knowledge base of two articles, with two tickets."""
    a_ticket(store), a_ticket(store)

    def fill(connection: Connection) -> None:
        articles.save_article(connection, an_article())
        articles.save_article(connection, an_article("2-printer", title="Printer", body="## Fix\n\nPaper.\n", ticket=2))

    store.transact(fill)
    return folder


def statuses(folder: Path, capsys: Captured) -> dict[str, str]:
    return {line["name"]: line["status"] for line in told(folder, capsys, "articles")}


def test_articles_are_listed_with_the_tickets_behind_them(base: Path, capsys: Captured) -> None:
    first, second = told(base, capsys, "articles")
    assert (first["name"], first["tickets"], first["status"], first["version"]) == ("1-vpn", ["T-1"], "live", 1)
    assert second["title"] == "Printer"
    maild(base, "articles")
    assert "1-vpn" in capsys.readouterr().out


def test_search_names_kind_and_words(base: Path, capsys: Captured) -> None:
    [hit] = told(base, capsys, "articles", "search", "certificate", "809")
    assert (hit["kind"], hit["name"], set(hit["because"])) == ("article", "1-vpn", {"certificate", "809"})
    assert told(base, capsys, "articles", "search", '"; DROP') == []


def test_an_article_is_shown_and_edited(base: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("# VPN and its clock\n\n## Fix\n\nSet the clock.\n"))
    maild(base, "articles", "edit", "1-vpn", "-")
    assert "version 2" in capsys.readouterr().out
    maild(base, "articles", "show", "1-vpn")
    assert capsys.readouterr().out == "# VPN and its clock\n\n## Fix\n\nSet the clock.\n"
    assert [hit["name"] for hit in told(base, capsys, "articles", "search", "clock")] == ["1-vpn"]


def test_articles_are_merged_retired_and_restored(base: Path, capsys: Captured) -> None:
    maild(base, "articles", "merge", "2-printer", "1-vpn")
    assert statuses(base, _emptied(capsys)) == {"1-vpn": "live", "2-printer": "retired"}
    assert told(base, capsys, "articles")[0]["tickets"] == ["T-1", "T-2"]
    maild(base, "articles", "restore", "2-printer")
    maild(base, "articles", "retire", "1-vpn", "no", "VPN", "any", "more")
    assert told(base, _emptied(capsys), "articles")[0]["because"] == "no VPN any more"
    assert told(base, capsys, "articles", "search", "809") == []


def test_articles_that_are_linked_name_each_other(base: Path, capsys: Captured) -> None:
    maild(base, "articles", "link", "2-printer", "1-vpn")
    assert [line["related"] for line in told(base, _emptied(capsys), "articles")] == [["2-printer"], ["1-vpn"]]


@pytest.mark.parametrize(
    "wrong", [("show", "x"), ("merge", "1-vpn", "x"), ("merge", "1-vpn", "1-vpn"), ("retire", "../x")]
)
def test_what_cannot_be_is_refused(base: Path, capsys: Captured, wrong: tuple[str, ...]) -> None:
    assert ("itself" if wrong[-1] == "1-vpn" else "x") in complaint(base, capsys, "articles", *wrong)


def test_the_export_is_markdown_with_front_matter(base: Path, tmp_path: Path) -> None:
    maild(base, "articles", "export", str(tmp_path / "site"))
    assert sorted(path.name for path in (tmp_path / "site").iterdir()) == ["1-vpn.md", "2-printer.md", "index.md"]
    head, body = (tmp_path / "site" / "1-vpn.md").read_text("utf-8").removeprefix("---\n").split("\n---\n\n")
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    assert (json.loads(fields["title"]), json.loads(fields["tickets"])) == ("VPN error 809", ["T-1"])
    assert body == "## Fix\n\nRenew the certificate.\n"


def test_nothing_that_was_written_comes_to_life_in_an_export(store: Store, folder: Path, tmp_path: Path) -> None:
    number = a_ticket(store)
    evil = an_article(title=f'"\n---\n{EVIL}', body=f"## Fix\n\n{EVIL}\n", ticket=number)
    store.transact(lambda connection: articles.save_article(connection, evil))
    maild(folder, "articles", "export", str(tmp_path))
    page = (tmp_path / "1-vpn.md").read_text("utf-8")
    body = page.split("\n---\n\n")[1]
    assert page.count("\n---\n") == 1
    assert not any(sign in body for sign in ("<", "{{", "{%", "](", "]:", "![", "://", "www."))
    assert "https:\\//evil.example/x" in body
    assert "<" not in (tmp_path / "index.md").read_text("utf-8")
    assert inert("a\u202eb\x1bc") == "abc"
    assert inert("import x from 'y'\n\n export const a = 1\nimportant: no export") == (
        "&#105;mport x from 'y'\n\n &#101;xport const a = 1\nimportant: no export"
    )


def test_an_export_takes_no_longer_for_a_text_of_blank_lines() -> None:
    started = time.process_time()
    assert inert("\n" * 30_000 + "Words.") == "\n" * 30_000 + "Words."
    assert time.process_time() - started < 5


def test_an_article_that_does_not_help_is_proposed_for_retirement(store: Store, base: Path, capsys: Captured) -> None:
    numbers = [a_ticket(store) for _ in range(5)]

    def fill(connection: Connection) -> None:
        for number in numbers:
            named = [Suggested(name="1-vpn", place=1, because="vpn")]
            suggestions.add_suggestions(connection, number, named, audience=TSM, now=NOW)
            suggestions.settle(connection, number, same_as="2-printer", now=NOW)

    store.transact(fill)
    line = told(base, capsys, "articles")[0]
    assert (line["status"], line["other"]) == ("stale", 5)
    assert line["because"] == "suggested with 5 tickets, and confirmed for 0"


@pytest.mark.parametrize(
    ("said", "confirmed", "asked_again", "year", "is_stale"),
    [
        (4, 0, 0, 2026, False),
        (5, 1, 0, 2026, True),
        (5, 2, 0, 2026, False),
        (3, 1, 2, 2026, True),
        (0, 0, 0, 2025, True),
    ],
)
def test_staleness_has_its_reasons(said: int, confirmed: int, asked_again: int, year: int, *, is_stale: bool) -> None:
    used_at, now = datetime(year, 1, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
    why = why_stale(said=said, confirmed=confirmed, asked_again=asked_again, used_at=used_at, now=now)
    assert (why is not None) is is_stale


def _emptied(capsys: Captured) -> Captured:
    capsys.readouterr()
    return capsys
