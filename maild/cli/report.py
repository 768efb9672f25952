"""`maild report`: what the desk's history says, as one HTML file or one JSON document."""

import argparse
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from maild.cli.desk import open_desk
from maild.cli.opening import open_settings
from maild.cli.options import add_json, day
from maild.cli.output import console, print_json, printable
from maild.errors import ConfigurationError

if TYPE_CHECKING:
    from maild.knowledge.analysis.history import Period
    from maild.settings.values import Settings

USUAL_DAYS = 91
"""Thirteen weeks."""

DRIFT_MAILS = 3_000
"""Newest mails that are looked at for each question."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the period, and the form of the answer."""
    parser.add_argument("--out", metavar="FILE", type=Path, help="write the report with pictures to one HTML file")
    parser.add_argument(
        "--since", metavar="DAY", type=day, help=f"first day (default: {USUAL_DAYS // 7} weeks before the end)"
    )
    parser.add_argument("--until", metavar="DAY", type=day, help="last day (default: today)")
    parser.add_argument(
        "--weekly",
        action="store_true",
        help="print the leads' weekly summary: the seven days before today, or up to --until",
    )
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Read the history, analyse it, and write it down."""
    settings = open_settings(arguments)
    return _tell_week(arguments, settings) if arguments.weekly else _report(arguments, settings)


def _report(arguments: argparse.Namespace, settings: "Settings") -> int:
    from maild.cli.drift import measure_all
    from maild.daemon.opening import rules_of
    from maild.desk.learning.analysing import analyse_desk
    from maild.knowledge.analysis.drift import tell_drift

    period = choose_period(
        arguments.since, arguments.until, now=datetime.now(UTC), zone=ZoneInfo(settings.desk.time_zone)
    )
    with open_desk(settings) as store:
        told = analyse_desk(store, rules_of(settings), period)
        drifts = measure_all(settings, store, now=period.until, most=DRIFT_MAILS)
    told = replace(told, sections=(*told.sections, tell_drift(drifts)))
    if arguments.out:
        from maild.cli.reporting.page import write_page

        write_page(arguments.out, told, period, settings.desk)
    if arguments.json:
        from maild.cli.reporting.document import document

        print_json(document(told, period, settings.desk))
        return 0
    from maild.cli.reporting.summary import show

    show(told, settings.desk, console())
    if arguments.out:
        console().print(f"\nwritten: {printable(str(arguments.out))}", soft_wrap=True)
    return 0


def _tell_week(arguments: argparse.Namespace, settings: "Settings") -> int:
    """Print the weekly summary of the leads. Raises ConfigurationError for what does not go with it."""
    from maild.cli.reporting.weekly import week_of, weekly_document, weekly_text

    if arguments.out or arguments.since:
        raise ConfigurationError("--weekly tells of seven days, and is no file: it goes with --until and --json alone")
    now = datetime.now(UTC)
    week = week_of(arguments.until, now=now, zone=ZoneInfo(settings.desk.time_zone))
    with open_desk(settings) as store:
        if arguments.json:
            print_json(weekly_document(store, settings, week))
        else:
            console().print(printable(weekly_text(store, settings, week, now=now)), markup=False, soft_wrap=True)
    return 0


def choose_period(since: date | None, until: date | None, *, now: datetime, zone: ZoneInfo) -> "Period":
    """From the first day's midnight to the end of the last day, at most to now. Raises ConfigurationError."""
    from maild.knowledge.analysis.history import Period

    end = datetime.combine(until + timedelta(days=1), time(), zone) if until else now
    end = min(end.astimezone(UTC), now)
    start = datetime.combine(since, time(), zone).astimezone(UTC) if since else end - timedelta(days=USUAL_DAYS)
    if start >= end:
        raise ConfigurationError(
            f"--since {since or start.date()} is not before the end of the report, {until or end.date()}"
        )
    return Period(since=start, until=end, zone=zone)
