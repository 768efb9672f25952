"""`maild import FILE`: move past tickets in, silently; run again, it goes on where it was."""

import argparse
import os
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from maild.cli.desk import open_desk
from maild.cli.exported import add_export, an_export, marks_document, show_marks, write_map
from maild.cli.moved_in import document, show
from maild.cli.opening import open_settings, open_store
from maild.cli.options import add_json
from maild.cli.output import print_json
from maild.cli.progress import progress
from maild.cli.renaming import add_rename, check_names, pairs, read_renamed

if TYPE_CHECKING:
    from maild.history.exports.opening import Export
    from maild.history.line import Account, HistoryLine
    from maild.history.past_mail import Archive, Tell
    from maild.process.questions import Questions
    from maild.settings.values import Settings
    from maild.store.engine import Store

EPILOG = (
    "Nobody is ever mailed, and no clock starts: past tickets come in closed, with their dates. A later answer to one"
    " of their mails finds its ticket. You can kill it at any time and run it again: nothing comes in twice. A CSV needs"
    " the columns client and text (or --column), and may have id, client_name, subject, written_at, answer, assignee, answered_at, and"
    " a column for each question that people have answered: technical, category, team, urgency, impact, reply_intent, kind. The JSON of Zendesk or"
    " Freshdesk, a file or a folder of them, is recognised; `--dry-run --write-map FILE` lists its groups, tags and fields:"
    " say in that file what they mean here, then import with `--map FILE`."
)

AHEAD = timedelta(days=1)
"""How far the clock of who wrote a mail may be ahead."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what is moved in, and how it is read."""
    parser.epilog = EPILOG
    parser.add_argument(
        "file",
        metavar="FILE",
        type=Path,
        help="an mbox, Maildir, folder of .eml, .eml, .csv or .jsonl, or what another system exported",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="show what would come in, on an empty desk; keep nothing"
    )
    parser.add_argument(
        "--column",
        metavar="OURS=THEIRS",
        action="append",
        default=[],
        help="what the CSV calls one of our columns; - leaves it out",
    )
    parser.add_argument(
        "--label-header",
        metavar="FIELD=QUESTION",
        action="append",
        default=[],
        help="a header field that holds labels, such as X-Queue=category",
    )
    parser.add_argument(
        "--ours",
        metavar="ADDRESS",
        action="append",
        default=[],
        help="who else wrote answers for the desk: an address, or @domain if no client is there",
    )
    parser.add_argument("--by", metavar="NAME", help="who said the labels (default: import of FILE)")
    add_rename(parser)
    add_export(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Move in what can be read; 1 where some of it could not be, or where it was stopped."""
    from maild.daemon.signals import stopping
    from maild.mail.pool import start_reading

    settings = open_settings(arguments)
    with stopping(stop := threading.Event()):
        start_reading("maild.intake.classifying")  # beside the imports below, and before there are threads
        return _run(arguments, settings, stop)


def _run(arguments: argparse.Namespace, settings: "Settings", stop: threading.Event) -> int:
    with progress() as advance:
        account, archive, export = move_in(settings, arguments, advance, stop.is_set)
    is_whole = account.through >= archive.count
    if arguments.json:
        told = document(account, archive, is_whole=is_whole, is_trial=arguments.dry_run)
        print_json(told | (marks_document(export) if export else {}))
    else:
        if export:
            show_marks(export)
        show(account, archive, is_whole=is_whole, is_trial=arguments.dry_run)
    return 0 if is_whole and not account.left_out else 1


def move_in(
    settings: "Settings", arguments: argparse.Namespace, tell: "Tell", is_stopped: Callable[[], bool]
) -> "tuple[Account, Archive, Export | None]":
    """Open the archive and what it is moved in by, and do it."""
    from maild.daemon.running import system_clock
    from maild.history.opening import open_archive
    from maild.history.past_table import PastTable
    from maild.process.questions import questions_of

    questions = questions_of(settings.categories, settings.priorities, settings.team)
    columns = pairs("--column", arguments.column)
    headers = pairs("--label-header", arguments.label_header)
    check_names(columns, headers, questions)
    renamed = read_renamed(arguments.rename, questions)
    latest = system_clock() + AHEAD
    table = PastTable(
        path=arguments.file,
        desk=settings.desk.address,
        questions=questions,
        latest=latest,
        columns=columns,
        renamed=renamed,
        zone=ZoneInfo(settings.desk.time_zone),
    )
    with an_export(settings, arguments, questions, renamed, latest) as export:
        if export is not None:
            archive = export.open(tell)
            write_map(arguments.write_map, export.reader)
        else:
            archive = open_archive(arguments.file, table.open, latest=latest, tell=tell)
        with open_line(settings, arguments, questions, headers, renamed) as line:
            return line.bring_in(archive, tell, is_stopped), archive, export


@contextmanager
def open_line(
    settings: "Settings",
    arguments: argparse.Namespace,
    questions: "Questions",
    headers: Mapping[str, str],
    renamed: Mapping[tuple[str, str], str],
) -> "Iterator[HistoryLine]":
    """Open the store, the processes that parse, and the models."""
    from maild.daemon.choosing import choose
    from maild.daemon.opening import classifying_of, rules_of
    from maild.daemon.running import system_clock
    from maild.daemon.upgrading import upgrade_safely
    from maild.desk.past_arrival import Origin
    from maild.history.header_labels import HeaderLabels
    from maild.history.line import HistoryLine
    from maild.mail.pool import ParsingPool
    from maild.process.past import Ours

    ours = frozenset(read_ours(address) for address in arguments.ours)
    said_by = (arguments.by or f"import of {arguments.file.name}")[:200]
    with ExitStack() as stack:
        store = stack.enter_context((open_desk if arguments.dry_run else open_store)(settings))
        if not arguments.dry_run:
            upgrade_safely(store)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="maild-import-")))
        with store.read() as connection:
            classifying = choose(connection, classifying_of(settings), folder).classifying
        pool = ParsingPool(settings.limits, settings.desk.languages, workers=os.cpu_count() or 1, then=classifying)
        now = system_clock()
        yield HistoryLine(
            store=scratch(folder, stack) if arguments.dry_run else store,
            known=store,
            pool=stack.enter_context(pool),
            limits=settings.limits,
            origin=Origin(ours=Ours(rules=rules_of(settings), further=ours), said_by=said_by, now=now),
            header_labels=HeaderLabels(headers=headers, questions=questions, renamed=renamed),
            undated_at=now,
        )


def scratch(folder: Path, stack: ExitStack) -> "Store":
    """An empty desk on which is tried what would come."""
    from maild.store.engine import Store

    store = Store(f"sqlite:///{folder}/trial.db")
    stack.callback(store.close)
    store.upgrade()
    return store


def read_ours(written: str) -> str:
    """Read whose answers are the desk's too: an address, or all of a domain, of any letters. Raises ConfigurationError."""
    from maild.errors import ConfigurationError

    _, sign, domain = written.rpartition("@")
    if not (sign and domain) or any(map(str.isspace, written)):
        raise ConfigurationError(f"--ours {written!r}: allowed is an address, or @domain where no client is")
    return written.casefold()
