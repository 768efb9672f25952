"""`maild labels`: count, export and import what people said."""

import argparse
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from maild.cli import doubtful as doubting
from maild.cli.desk import open_desk
from maild.cli.opening import open_settings, open_store
from maild.cli.options import add_json
from maild.cli.output import console, print_json, printable
from maild.cli.progress import progress
from maild.cli.renaming import add_rename, read_renamed

if TYPE_CHECKING:
    from maild.history.label_import import LabelsKept, LabelsRead
    from maild.settings.values import Settings

FEW = 50
"""Labels of a question below which a desk's own training has little to go by (issue: 50 labels must help)."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be done, and the form of the answer."""
    add_json(parser)
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    line = "write every label with its text to FILE"
    export = actions.add_parser("export", help=line, description=line)
    export.add_argument("file", metavar="FILE", type=Path, help="CSV or JSON lines, by its name: .csv, .tsv, .jsonl")
    line = "keep the labels of FILE: all of them or, if anything is wrong, none"
    read = actions.add_parser("import", help=line, description=line, epilog=COLUMNS)
    read.add_argument("file", metavar="FILE", type=Path, help="CSV or JSON lines, by its name: .csv, .tsv, .jsonl")
    read.add_argument("--by", metavar="NAME", help="who says it where the file does not (default: import of FILE)")
    read.add_argument("--dry-run", action="store_true", help="check the file, say what is in it, and keep nothing")
    add_rename(read)
    check = actions.add_parser("doubtful", help=doubting.LINE, description=doubting.LINE)
    doubting.add_arguments(check)
    for action in (export, read):
        add_json(action, is_action=True)


COLUMNS = (
    "Columns: question and label, or one column a question (technical, category, urgency, impact, reply_intent, kind);"
    " the text by digest or message_id of a mail of this desk, by ticket, or as subject and text of its own, with id and"
    " group (texts of one group are never on both sides of a test); and, if you like, language, written_at, said_by,"
    " said_at, source, verdict. Times: 2026-03-02T09:30:00Z. UTF-8."
)


def run(arguments: argparse.Namespace) -> int:
    """Do what is asked; without an action, count."""
    settings = open_settings(arguments)
    return ACTIONS[arguments.action](settings, arguments)


def count(settings: "Settings", arguments: argparse.Namespace) -> int:
    """Count the labels of every question."""
    from maild.store.models.labelled import tally_labels

    with open_desk(settings) as store, store.read() as connection:
        tally = tally_labels(connection)
    if arguments.json:
        print_json([dict(zip(("question", "label", "source", "count"), row, strict=True)) for row in tally])
        return 0
    from maild.cli.showing import a_table, cell

    out = console()
    if not tally:
        out.print("nobody has said anything yet: maild label T-1 category=NAME, or maild labels import FILE")
        return 0
    table = a_table("question", "label", "said by way of", "#labels")
    for question, label, source, number in tally:
        table.add_row(cell(question), cell(label, "bold"), cell(source), cell(f"{number:,}"))
    out.print(table)
    return 0


def write(settings: "Settings", arguments: argparse.Namespace) -> int:
    """Export."""
    from maild.history.label_export import export_labels

    with open_desk(settings) as store, progress() as advance:
        number = export_labels(store, settings.desk, arguments.file, lambda done: advance("writing", done, None))
    if arguments.json:
        print_json({"file": arguments.file, "labels": number})
    else:
        sys.stdout.write(f"{number:,} labels written to {printable(str(arguments.file))}\n")
    return 0


def read(settings: "Settings", arguments: argparse.Namespace) -> int:
    """Import: check the whole file, then keep it."""
    from maild.daemon.upgrading import upgrade_safely
    from maild.history.label_import import check_labels, import_labels
    from maild.history.label_reading import LabelFile
    from maild.process.questions import questions_of

    questions = questions_of(settings.categories, settings.priorities, settings.team)
    file = LabelFile(
        path=arguments.file,
        questions=questions,
        renamed=read_renamed(arguments.rename, questions),
        zone=ZoneInfo(settings.desk.time_zone),
        now=datetime.now(UTC),
    )
    kept: LabelsKept | None = None
    with open_store(settings) as store, progress() as advance:
        says = check_labels(file, lambda what, done: advance(what, done, None))
        if not arguments.dry_run:
            upgrade_safely(store)
            by = arguments.by or f"import of {arguments.file.name}"
            kept = import_labels(
                store, settings.desk, file, by=by[:200], tell=lambda what, done: advance(what, done, says.rows)
            )
    show(says, kept, as_json=arguments.json)
    return 0


def show(says: "LabelsRead", kept: "LabelsKept | None", *, as_json: bool) -> None:
    """Tell what the file says, what is noteworthy about it, and what was kept."""
    notes = list(noteworthy(says))
    if as_json:
        print_json({"says": says, "notes": notes, "kept": kept})
        return
    from maild.cli.showing import a_table, cell

    table = a_table("question", "label", "#rows")
    for question, counts in says.labels.items():
        for label, number in counts.items():
            table.add_row(cell(question), cell(label, "bold"), cell(f"{number:,}"))
    out = console()
    out.print(table)
    for note in notes:
        out.print(cell(f"note: {note}", "yellow"), soft_wrap=True)
    sys.stdout.write(f"{in_words(says, kept)}\n")


def noteworthy(says: "LabelsRead") -> list[str]:
    """Say what an admin should know before training, and what is no reason to refuse a file."""
    notes = []
    for question, counts in says.labels.items():
        number = sum(counts.values())
        if len(counts) == 1:
            notes.append(f"{question}: every row says {next(iter(counts))}; alone, they teach no difference")
        if number < FEW:
            notes.append(f"{question}: {number} labels are few; a desk's own training begins to help at about {FEW}")
    if says.repeated:
        notes.append(f"{says.repeated:,} rows repeat what an earlier row said about the same text; they count once")
    if says.contradicting:
        places = ", ".join(f"{row:,} and {earlier:,}" for row, earlier in says.contradictions[:5])
        notes.append(
            f"{says.contradicting:,} rows contradict an earlier row about the same text (rows {places}); the later one"
            " counts. Texts that are alike and not the same need an id each"
        )
    return notes


def in_words(says: "LabelsRead", kept: "LabelsKept | None") -> str:
    """Say what was kept."""
    if kept is None:
        return f"{says.rows:,} rows are right; nothing was kept (--dry-run)"
    places = f"{kept.of_mails:,} about mails of this desk, {kept.of_examples:,} with a text of their own"
    forgotten = f"; {kept.forgotten:,} of somebody who was forgotten were left out" if kept.forgotten else ""
    return f"{says.rows:,} rows: {places}; {kept.labels:,} labels were new{forgotten}"


ACTIONS: Mapping[str | None, Callable[["Settings", argparse.Namespace], int]] = MappingProxyType(
    {None: count, "export": write, "import": read, "doubtful": doubting.doubtful}
)
"""An action more is a function here, and its arguments above."""
