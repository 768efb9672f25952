"""`maild import FILE`: move past tickets in, silently; run again, it goes on where it was."""

import argparse
import os
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from maild.cli.opening import open_settings, open_store
from maild.cli.output import console, print_json
from maild.cli.progress import progress
from maild.cli.renaming import add_rename, read_renamed
from maild.errors import ConfigurationError

if TYPE_CHECKING:
    from maild.history.line import Account, HistoryLine
    from maild.history.past_mail import Archive, Tell
    from maild.process.questions import Questions
    from maild.settings.values import Settings
    from maild.store.engine import Store

HELP = "move past tickets in, silently: mbox, Maildir, folder of .eml, CSV"

EPILOG = (
    "Nobody is mailed, ever, and no clock starts: tickets of the past are closed, with their dates. A later answer to one"
    " of their mails finds its ticket. It may be killed at any time and run again: nothing comes in twice. A CSV needs"
    " the columns client and text (or --column), and may have id, client_name, subject, written_at, and a column for each"
    " question that people have answered: technical, category, urgency, impact."
)

AHEAD = timedelta(days=1)
"""How far the clock of who wrote a mail may be ahead."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what is moved in, and how it is read."""
    parser.epilog = EPILOG
    parser.add_argument(
        "file", metavar="FILE", type=Path, help="an mbox, Maildir, folder of .eml, .eml, .csv or .jsonl"
    )
    parser.add_argument("--dry-run", action="store_true", help="tell what would come, on an empty desk; keep nothing")
    parser.add_argument(
        "--column", metavar="OURS=THEIRS", action="append", default=[], help="the name that a CSV has for a column"
    )
    parser.add_argument(
        "--label-header",
        metavar="FIELD=QUESTION",
        action="append",
        default=[],
        help="a header field with labels, as in X-Queue=category",
    )
    parser.add_argument(
        "--ours",
        metavar="ADDRESS",
        action="append",
        default=[],
        help="who else of the desk wrote answers: an address, or @domain where no client is",
    )
    parser.add_argument("--by", metavar="NAME", help="who said the labels (default: import of FILE)")
    add_rename(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def run(arguments: argparse.Namespace) -> int:
    """Move in what can be read; 1 where some of it could not be, or where it was stopped."""
    from maild.daemon.signals import stopping

    settings = open_settings(arguments)
    stop = threading.Event()
    with stopping(stop), progress() as advance:
        account, archive = move_in(settings, arguments, advance, stop.is_set)
    is_whole = account.through >= archive.count
    if arguments.json:
        print_json(document(account, archive, is_whole=is_whole, is_trial=arguments.dry_run))
    else:
        show(account, archive, is_whole=is_whole, is_trial=arguments.dry_run)
    return 0 if is_whole and not account.left_out else 1


def move_in(
    settings: "Settings", arguments: argparse.Namespace, tell: "Tell", is_stopped: Callable[[], bool]
) -> "tuple[Account, Archive]":
    """Open the archive and what it is moved in by, and do it."""
    from maild.daemon.running import system_clock
    from maild.history.opening import open_archive
    from maild.history.past_table import PastTable
    from maild.process.questions import questions_of

    questions = questions_of(settings.categories, settings.priorities)
    columns = pairs("--column", arguments.column)
    headers = pairs("--label-header", arguments.label_header)
    check_columns(columns, headers, questions)
    renamed = read_renamed(arguments.rename, questions)
    now = system_clock()
    table = PastTable(
        path=arguments.file,
        desk=settings.desk.address,
        questions=questions,
        latest=now + AHEAD,
        columns=columns,
        renamed=renamed,
        zone=ZoneInfo(settings.desk.time_zone),
    )
    archive = open_archive(arguments.file, table.open, latest=now + AHEAD, tell=tell)
    with open_line(settings, arguments, questions, headers, renamed) as line:
        return line.bring_in(archive, tell, is_stopped), archive


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
    from maild.daemon.opening import rules_of
    from maild.daemon.parts import classifying_of
    from maild.daemon.running import system_clock
    from maild.desk.remembering import Origin
    from maild.history.header_labels import HeaderLabels
    from maild.history.line import HistoryLine
    from maild.mail.pool import ParsingPool
    from maild.process.past import Ours

    ours = frozenset(address.casefold() for address in arguments.ours)
    said_by = (arguments.by or f"import of {arguments.file.name}")[:200]
    with ExitStack() as stack:
        store = stack.enter_context(open_store(settings))
        store.upgrade()
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


def pairs(option: str, written: Sequence[str]) -> dict[str, str]:
    """Read NAME=VALUE, names in lower case. Raises ConfigurationError."""
    read = [each.partition("=") for each in written]
    wrong = [each for each, (name, _, value) in zip(written, read, strict=True) if not (name.strip() and value.strip())]
    if wrong:
        raise ConfigurationError(*(f"{option} {each!r}: write NAME=VALUE" for each in wrong))
    return {name.strip().casefold(): value.strip() for name, _, value in read}


def check_columns(columns: Mapping[str, str], headers: Mapping[str, str], questions: "Questions") -> None:
    """Raises ConfigurationError for a column or a question that maild does not know."""
    from maild.history.past_table import ALSO_CALLED

    known = (*ALSO_CALLED, *questions)
    wrong = [f"--column {name}: allowed are {', '.join(known)}" for name in columns if name not in known]
    wrong += [
        f"--label-header {field}={question}: allowed questions are {', '.join(questions)}"
        for field, question in headers.items()
        if question not in questions
    ]
    if wrong:
        raise ConfigurationError(*wrong)


def document(account: "Account", archive: "Archive", *, is_whole: bool, is_trial: bool) -> dict[str, object]:
    """Give the JSON of what came."""
    return {
        "archive": archive.kind,
        "mails": archive.count,
        "dry_run": is_trial,
        "complete": is_whole,
        "outcomes": dict(sorted(account.outcomes.items())),
        "already_there": account.there,
        "left_out": account.left_out,
        "reasons": account.reasons,
        "no_labels": dict(account.unknown.most_common(20)),
    }


def show(account: "Account", archive: "Archive", *, is_whole: bool, is_trial: bool) -> None:
    """Print what came, and what was left out and why."""
    from maild.cli.showing import a_table, cell

    table = a_table("what they were", "#mails")
    for outcome, number in sorted(account.outcomes.items()):
        table.add_row(cell(WORDS.get(outcome, outcome), "bold"), cell(f"{number:,}"))
    table.add_row(cell("already there"), cell(f"{account.there:,}"))
    table.add_row(cell("left out", "bold red" if account.left_out else ""), cell(f"{account.left_out:,}"))
    out = console()
    out.print(table)
    for words, number in account.unknown.most_common(5):
        out.print(
            cell(f"note: {words} is no label, {number:,} times; --rename reads it as one", "yellow"), soft_wrap=True
        )
    for reason in account.reasons:
        out.print(cell(f"left out: {reason}", "red"), soft_wrap=True)
    if not is_whole:
        out.print("stopped; run it again, and it goes on where it was")
    done = "would come in" if is_trial else "are in"
    sys.stdout.write(f"{account.outcomes.total():,} of {archive.count:,} mails {done}; nobody was mailed\n")


WORDS: Mapping[str, str] = {
    "ticket": "first mails: a ticket each, closed",
    "follow_up": "later mails of clients",
    "relay": "answers of the desk",
    "automatic": "automatic mail",
    "bulk": "bulk mail, no ticket",
    "spam": "spam, no ticket",
    "bounce": "bounces, no ticket",
    "duplicate": "the same mail again",
    "unrelated": "no client in it",
}
