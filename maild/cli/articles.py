"""`maild articles`: the knowledge base; listed, searched, shown, exported, and looked after."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from maild.cli.desk import open_desk
from maild.cli.opening import open_settings
from maild.cli.options import add_json, positive
from maild.cli.output import console, print_json, printable
from maild.errors import Refused

if TYPE_CHECKING:
    from maild.knowledge.article import Article
    from maild.settings.values import Settings
    from maild.store.engine import Connection, Store
    from maild.store.view.articles import ArticleLine, Found

ACTIONS = {
    "search": ("WORDS", "find articles and tickets by the words in them"),
    "show": ("NAME", "print an article as Markdown"),
    "export": ("DIR", "write all current articles to a folder, as Markdown with front matter"),
    "edit": ("NAME FILE", "make the file (- is standard input) the article's next version"),
    "merge": ("NAME INTO", "merge an article into another one"),
    "link": ("NAME OTHER", "make two articles refer to each other"),
    "retire": ("NAME BECAUSE", "stop offering an article"),
    "restore": ("NAME", "offer a retired article again"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be done, and the form of the answer."""
    add_json(parser)
    subparsers = parser.add_subparsers(dest="action", metavar="ACTION")
    for name, (operands, line) in ACTIONS.items():
        action = subparsers.add_parser(name, help=line, description=line)
        action.add_argument(
            "operands", nargs="+" if name in {"search", "retire"} else len(operands.split()), metavar=operands
        )
        if name in {"search", "show"}:
            add_json(action, is_action=True)
        if name == "search":
            action.add_argument(
                "--last", type=positive, default=10, metavar="N", help="at most N of each kind (default 10)"
            )


def run(arguments: argparse.Namespace) -> int:
    """List the articles, or do what is asked with some of them."""
    settings = open_settings(arguments)
    with open_desk(settings) as store:
        match arguments.action:
            case None:
                show_all(store, settings, is_json=arguments.json)
            case "search":
                show_found(store, settings, arguments)
            case "show":
                show_one(store, arguments.operands[0], is_json=arguments.json)
            case "export":
                export_to(store, settings, Path(arguments.operands[0]))
            case _:
                sys.stdout.write(
                    f"{store.transact(lambda c: change(c, arguments.action, arguments.operands), serial=True)}\n"
                )
    return 0


def show_all(store: "Store", settings: "Settings", *, is_json: bool) -> None:
    """List them by name, those first that should perhaps be retired."""
    from maild.knowledge.gate import Precision
    from maild.store.knowledge.suggestions import score_of_first
    from maild.store.view.articles import list_lines

    with store.read() as connection:
        found = list_lines(connection, settings.desk, now=datetime.now(UTC))
        score = score_of_first(connection)
    if is_json:
        print_json(found)
        return
    print_lines(sorted(found, key=lambda line: line.status != "stale"))
    precision = Precision(right=score.confirmed, n=score.n)
    console().print(f"the likeliest article was the right one: {precision}", style="dim")


def print_lines(lines: "Sequence[ArticleLine]") -> None:
    """Print a table and what can be done."""
    from maild.cli.showing import a_table, cell, in_table

    out = console()
    if not lines:
        out.print("no articles yet")
        return
    table = a_table("name", "title", "!status", "#tickets", "#confirmed", "#other", "#asked again", "because")
    for line in lines:
        counts = (len(line.tickets), line.confirmed, line.other, line.asked_again)
        table.add_row(
            cell(line.name, "bold"), in_table(line.title), cell(line.status), *map(cell, counts), cell(line.because)
        )
    out.print(table)
    out.print("stale: proposed for retirement; maild articles retire NAME BECAUSE, or edit NAME FILE", style="dim")


def show_found(store: "Store", settings: "Settings", arguments: argparse.Namespace) -> None:
    """Print what search found."""
    from maild.store.view.articles import find

    with store.read() as connection:
        found = find(connection, settings.desk, " ".join(arguments.operands), limit=arguments.last)
    if arguments.json:
        print_json(found)
    else:
        print_found(found)


def print_found(found: "Sequence[Found]") -> None:
    """Print a table."""
    from maild.cli.showing import a_table, cell, in_table

    out = console()
    if not found:
        out.print("nothing found")
        return
    table = a_table("!kind", "name", "title", "because of")
    for each in found:
        table.add_row(cell(each.kind), cell(each.name, "bold"), in_table(each.title), cell(", ".join(each.because)))
    out.print(table)


def show_one(store: "Store", name: str, *, is_json: bool) -> None:
    """Print its newest version."""
    from maild.store.view.articles import read_article

    with store.read() as connection:
        article = read_article(connection, name)
    if is_json:
        print_json(asdict(article))
    else:
        sys.stdout.write(printable(f"# {article.title}\n\n{article.body}"))


def export_to(store: "Store", settings: "Settings", folder: Path) -> None:
    """Write a file for each article that stands, and an index."""
    from maild.knowledge.exporting import export
    from maild.store.knowledge.articles import list_articles

    with store.read() as connection:
        standing = [each for each in list_articles(connection) if each.retired_because is None]
    folder.mkdir(parents=True, exist_ok=True)
    files = export(standing, settings.desk.show)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    sys.stdout.write(f"{len(standing)} articles in {folder}\n")


def change(connection: "Connection", action: str, operands: Sequence[str]) -> str:
    """Do it in one transaction; answers what was done. Raises NotFound."""
    from maild.store.knowledge import articles
    from maild.store.view.articles import read_article

    now, name = datetime.now(UTC), read_article(connection, operands[0]).name
    match action:
        case "merge":
            articles.merge(connection, name, other_than(name, read_article(connection, operands[1])), now=now)
        case "link":
            articles.relate(connection, name, other_than(name, read_article(connection, operands[1])))
        case "retire":
            articles.retire(connection, name, because=" ".join(operands[1:]) or "by the admin", now=now)
        case "restore":
            articles.restore(connection, name)
        case "edit":
            return edit(connection, name, operands[1], now)
    return f"{name}: {action} done"


def other_than(name: str, article: "Article") -> str:
    """The name of another article that stands. Raises Refused."""
    if article.name == name or article.retired_because:
        trouble = "is that article itself" if article.name == name else f"is retired ({article.retired_because})"
        raise Refused(f"{article.name} {trouble}; nothing was done")
    return article.name


def edit(connection: "Connection", name: str, file: str, now: datetime) -> str:
    """The first line may be its title, behind one `#`; the rest is its text."""
    from dataclasses import replace

    from maild.store.knowledge.articles import save_article
    from maild.store.view.articles import read_article

    text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    first, _, rest = text.lstrip().partition("\n")
    article = read_article(connection, name)
    title, body = (first[2:].strip(), rest.lstrip("\n")) if first.startswith("# ") else (article.title, text)
    saved = save_article(connection, replace(article, title=title, body=body, written_by="the admin", created_at=now))
    return f"{name}: version {saved.version}"
