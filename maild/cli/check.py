"""`maild check`: try every part, each with its cure."""

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from maild.cli.opening import open_settings
from maild.cli.options import add_json
from maild.cli.output import console, print_json, printable
from maild.errors import ConfigurationError

if TYPE_CHECKING:
    from maild.cli.checking.finding import Finding, Trial

CURE = "edit the file; maild init writes a complete one elsewhere to compare with"
BEGIN = "maild init {folder} writes a complete one"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the form of the answer, and the one trial that is never made unasked."""
    parser.add_argument(
        "--send-probe", action="store_true", help="also send a mail to the desk itself, and wait for it"
    )
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Try everything and say how it went; 1 where anything failed, 2 where the configuration is wrong."""
    from maild.cli.checking.finding import Finding, Trial

    try:
        settings = open_settings(arguments)
    except ConfigurationError as error:
        if not arguments.json:
            raise
        cure = CURE if arguments.config.is_dir() else BEGIN.format(folder=arguments.config)
        show(
            [Finding(part="configuration", ok=False, message=line, cure=cure) for line in error.problems], as_json=True
        )
        return 2
    done = f"{settings.folder}: every file can be read, and all keys are valid"
    findings = [Finding(part="configuration", ok=True, message=done, cure="")]
    findings += try_all(Trial(settings=settings, environ=os.environ), sends_probe=arguments.send_probe)
    show(findings, as_json=arguments.json)
    return 0 if all(finding.ok for finding in findings) else 1


def checks(*, sends_probe: bool) -> "Sequence[Callable[[Trial], Iterator[Finding]]]":
    """List what is tried, in the order of the answer; imported late, as it needs every library."""
    from maild.cli.checking import (
        advice,
        database,
        desk,
        linear,
        mailboxes,
        models,
        oauth,
        outbox,
        probe,
        scanner,
        submission,
        templates,
    )

    return (
        desk.check_examples,
        desk.check_secrets,
        desk.check_told,
        database.check_database,
        database.check_disk,
        database.check_restored,
        mailboxes.check_mailboxes,
        submission.check_submission,
        oauth.check_oauth,
        scanner.check_scanner,
        templates.check_templates,
        models.check_models,
        database.check_troubles,
        outbox.check_outbox,
        linear.check_linear,
        advice.check_advice,
        *([probe.check_probe] if sends_probe else []),
    )


def try_all(trial: "Trial", *, sends_probe: bool) -> "Iterator[Finding]":
    """Try one part after the other, and say on a terminal which one takes its time."""
    for check in checks(sends_probe=sends_probe):
        if sys.stderr.isatty():
            sys.stderr.write(f"\r\033[K{check.__name__.removeprefix('check_')} ...")
        yield from check(trial)
    if sys.stderr.isatty():
        sys.stderr.write("\r\033[K")


def mark_of(finding: "Finding") -> tuple[str, str]:
    """What stands before it, and its colour: what works, and has advice below, is worth a look."""
    if finding.ok:
        return ("note", "yellow") if finding.cure else ("ok", "green")
    return "FAILS", "bold red"


def show(findings: "Sequence[Finding]", *, as_json: bool) -> None:
    """Print every finding: a line each, with its cure below where there is one."""
    if as_json:
        print_json(findings)
        return
    from rich.text import Text

    screen = console()
    for finding in findings:
        mark, style = mark_of(finding)
        line = Text.assemble((f"{mark:6}", style), (f"{printable(finding.part)}: ", "bold"), printable(finding.message))
        screen.print(line, soft_wrap=True)
        if finding.cure:
            screen.print(
                Text(f"      -> {printable(finding.cure)}", style="yellow" if finding.ok else ""), soft_wrap=True
            )
