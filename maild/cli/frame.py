"""The frame of the command line: options, the choice of a command, errors as one clear line, the exit status."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Protocol, cast

from maild import __version__
from maild.cli.output import printable
from maild.errors import ConfigurationError, MaildError

DONE, REFUSED, WRONG_USE, INTERRUPTED = 0, 1, 2, 130
"""Exit status: as CONTRACT names them; 130 is what shells give to Ctrl-C."""

COMMANDS = MappingProxyType(
    {
        "demo": "show maild at work in a sandbox, without any configuration",
        "init": "write a complete, commented configuration",
        "check": "test every part of the configuration, and say how to mend what is wrong",
        "run": "run the daemon: take mail in, keep deadlines, submit replies",
        "try": "show what would happen to a mail; change nothing",
        "tickets": "list the tickets of the desk",
        "show": "show one ticket with its sheet, events and mails",
        "incidents": "list incidents: many tickets with one cause",
        "trace": "tell the whole story of a mail",
        "held": "list what waits for a person; retry or drop it",
        "outbox": "list the mails to be submitted; retry or drop them",
        "mirror": "show the state of the mirror in Linear; bring past tickets there, retry, register a webhook",
        "reconcile": "compare the mail server with the store",
        "import": "move past tickets in, silently: mbox, Maildir, folder of .eml, CSV, exports of Zendesk, Freshdesk",
        "replay": "replay past mail against another model or configuration, and show what would differ",
        "label": "say what a ticket's verdict should have been: a label to learn from",
        "labels": "count, export and import what people said: the desk's labelled history",
        "train": "learn the desk's own models from what people said",
        "evaluate": "measure how good the models are, on labelled texts that they have not learnt from",
        "models": "list the versions of the models; promote, shadow or roll back",
        "keys": "list the keys that sign tokens, by number and age (never the keys themselves); rotate to a new one",
        "articles": "list the articles of the knowledge base; search, show, export, edit, merge, link, retire or restore them",
        "report": "report on the desk's history: one HTML file with pictures, or JSON",
        "improve": "do what the report proposes: a skill, a longer deadline, a guide, a category split in two",
        "backup": "write the database and configuration to one file, while maild keeps working",
        "restore": "put a backup back; the desk then waits until restore --resume lets it go on",
        "audit": "show who did what, when, and by which mail: tickets, labels, models, erasures, restorations",
        "retention": "show what is old enough to be erased by [retention] of maild.toml; with --yes, erase it now",
        "forget": "erase a person: mails, tickets, texts, labels, models; with a proof, and so that no old copy returns",
        "process": "print the process map as Mermaid, with RACI; or the page of one activity",
        "db": "maintain the database: db upgrade runs migrations, db check finds damaged rows",
    }
)
"""Command to its line of help: it stands here, so that `maild --help` imports none of them."""


class Command(Protocol):
    """What a module of this package offers."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the command's own arguments."""
        ...

    def run(self, arguments: argparse.Namespace) -> int:
        """Do it; the answer is the exit status."""
        ...


def main(argv: Sequence[str]) -> int:
    """Run one command and answer its exit status; every error of maild becomes one line for each problem."""
    try:
        status = run_command(argv)
        sys.stdout.flush()  # a full disk or a closed pipe shows here, and not at the interpreter's exit
    except ConfigurationError as error:
        return complain(error.problems, WRONG_USE)
    except KeyboardInterrupt:
        return complain(["interrupted"], INTERRUPTED)
    except BrokenPipeError:
        return hang_up()
    except MaildError as error:
        return complain([str(error)], REFUSED)
    except OSError as error:
        return complain([in_words(error)], REFUSED)
    return status


def in_words(error: OSError) -> str:
    """Name the file and what is wrong with it, as a person would."""
    if error.filename is None or error.strerror is None:
        return str(error)
    return f"{os.fsdecode(error.filename)}: {error.strerror}"


def run_command(argv: Sequence[str]) -> int:
    """Find the command and run it; wrong use has been explained by argparse."""
    open_streams()
    print_any_text()
    parser = build_parser(argv)
    if not argv:
        parser.print_help(sys.stderr)
        return WRONG_USE
    try:
        arguments = parser.parse_args(argv)
    except SystemExit as ending:
        return ending.code if isinstance(ending.code, int) else WRONG_USE
    return load(arguments.command).run(arguments)


def build_parser(argv: Sequence[str]) -> argparse.ArgumentParser:
    """Build the parser; only commands whose name stands in `argv` are imported and give their arguments."""
    parser = argparse.ArgumentParser(prog="maild", description="maild: a support desk that lives in e-mail.")
    parser.add_argument("--version", action="version", version=f"maild {__version__}")
    add_config(parser, default=Path(os.environ.get("MAILD_CONFIG") or "config"))
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, line in COMMANDS.items():
        command = commands.add_parser(name, help=line, description=line, conflict_handler="resolve")
        add_config(command, default=argparse.SUPPRESS)
        if name in argv:
            load(name).add_arguments(command)
    return parser


def add_config(parser: argparse.ArgumentParser, *, default: Path | str) -> None:
    """Add `--config`: before the command or behind it, as people type it."""
    parser.add_argument(
        "--config",
        type=Path,
        metavar="DIR",
        default=default,
        help="configuration folder (default: MAILD_CONFIG, or config/)",
    )


def load(name: str) -> Command:
    """Import the module of a command."""
    return cast("Command", import_module(f"maild.cli.{name}"))


def open_streams() -> None:
    """Let what is said go nowhere where the caller closed a stream (`maild run >&-`); else it ended in a traceback.

    In this order each takes the number that is free, so that no file of the store becomes one of them.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - for as long as the process lives


def print_any_text() -> None:
    """Let any text be printed under any locale."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def complain(lines: Sequence[str], status: int) -> int:
    """Print one line for each problem on standard error: it may quote a file, or what a server answered."""
    for line in lines:
        sys.stderr.write(f"maild: {printable(line)}\n")
    return status


def hang_up() -> int:
    """Stop quietly when the reader of our output has gone (`maild tickets | head`)."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())  # or the interpreter complains when it flushes at exit
    os.close(nowhere)
    return REFUSED
