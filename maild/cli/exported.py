"""The export of another system on the command line: which one it is, and what its marks mean here."""

import argparse
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from maild.cli.output import console
from maild.errors import ConfigurationError, Refused

if TYPE_CHECKING:
    from maild.history.exports.marks import Reader
    from maild.history.exports.opening import Export
    from maild.process.questions import Questions
    from maild.settings.values import Settings

MOST_SHOWN = 40


def add_export(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--from", dest="system", metavar="SYSTEM", help="who wrote the JSON: zendesk or freshdesk")
    parser.add_argument("--map", metavar="FILE", type=Path, help="what groups, tags and fields of an export mean here")
    parser.add_argument(
        "--write-map", metavar="FILE", type=Path, help="write such a file, with everything that the export has"
    )


@contextmanager
def an_export(
    settings: "Settings",
    arguments: argparse.Namespace,
    questions: "Questions",
    renamed: Mapping[tuple[str, str], str],
    latest: datetime,
) -> "Iterator[Export | None]":
    """Give the export that lies there, or None where it is something else. Raises ConfigurationError, Refused."""
    from maild.history.exports.marks import Reader, read_meanings
    from maild.history.exports.opening import Export, find_system, may_be_export
    from maild.history.exports.spool import a_spool
    from maild.history.exports.systems import SYSTEMS

    if arguments.system is not None and arguments.system not in SYSTEMS:
        raise ConfigurationError(f"--from {arguments.system}: allowed are {', '.join(SYSTEMS)}")
    meanings = read_meanings(arguments.map, questions) if arguments.map else {}
    system = SYSTEMS.get(arguments.system or "")
    if system is None and may_be_export(arguments.file):
        system = find_system(arguments.file)
    if system is None:
        if arguments.map or arguments.write_map:
            raise ConfigurationError(f"--map and --write-map are for exports of {', '.join(SYSTEMS)}; this is none")
        yield None
        return
    titles = {name: category.title for name, category in settings.categories.items()}
    reader = Reader(questions=questions, titles=titles, meanings=meanings, renamed=renamed)
    with a_spool() as spool:
        yield Export(
            path=arguments.file,
            system=system,
            desk=settings.desk.address,
            reader=reader,
            spool=spool,
            latest=latest,
        )


def write_map(path: Path | None, reader: "Reader") -> None:
    """Write a file for `--map`, with every mark and what it would be read as. Raises Refused."""
    from maild.history.exports.marks import as_document

    if path is None:
        return
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(as_document(reader))
    except FileExistsError as error:
        raise Refused(f"{path} is there already, and may hold your work; name another file.") from error
    except OSError as error:
        raise Refused(f"{path} cannot be written: {error.strerror or error}.") from error


def marks_document(export: "Export") -> dict[str, object]:
    """Give the JSON of what the export holds beside mails."""
    return {
        "system": export.system.name,
        "marks": [
            {"mark": mark, "tickets": tickets, "read_as": read_as} for mark, tickets, read_as in export.reader.account()
        ],
        "marks_not_found": export.reader.unseen(),
        "attachments_not_in_export": export.files,
        "people_without_address": len(export.book.nameless),
    }


def show_marks(export: "Export") -> None:
    """Print the marks, the most frequent first, and what is not in the export."""
    from maild.cli.showing import a_table, cell, one_line

    out = console()
    table = a_table("how tickets were marked", "#tickets", "read as")
    marks = export.reader.account()
    for mark, tickets, read_as in marks[:MOST_SHOWN]:
        meant = ", ".join(f"{question} {label}" for question, label in read_as.items())
        table.add_row(one_line(mark), cell(f"{tickets:,}"), cell(meant or "no label", "" if meant else "dim"))
    out.print(table)
    if len(marks) > MOST_SHOWN:
        out.print(f"... and {len(marks) - MOST_SHOWN:,} more (--json, or --write-map FILE)")
    for mark in export.reader.unseen():
        out.print(cell(f"note: no ticket has {mark!r}, of which --map speaks", "yellow"), soft_wrap=True)
    if export.files:
        words = f"note: {export.files:,} attachments are not in the export, which only names them"
        out.print(cell(words, "yellow"), soft_wrap=True)
    if nameless := len(export.book.nameless):
        words = f"note: of {nameless:,} people no address is known; they stand as ...@imported.invalid"
        out.print(cell(words, "yellow"), soft_wrap=True)
