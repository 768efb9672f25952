"""`maild retention`: what is old enough to go by [retention] of maild.toml; with --yes it goes now."""

import argparse
import sys
from typing import TYPE_CHECKING

from maild.cli.desk import open_desk
from maild.cli.opening import open_settings
from maild.cli.options import add_json
from maild.cli.output import print_json

if TYPE_CHECKING:
    from maild.settings.values import Settings
    from maild.store.erasing.retaining import Due


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare whether it is done, and the form of the answer."""
    parser.epilog = (
        "Without --yes nothing is changed. `maild run` does it by itself every hour if [retention] has any key."
    )
    parser.add_argument("--yes", action="store_true", help="do it now")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Tell, or do."""
    from maild.daemon.running import system_clock
    from maild.history.retention import Retaining

    settings = open_settings(arguments)
    with open_desk(settings) as store:
        retaining = Retaining(store=store, retention=settings.retention, clock=system_clock)
        found = retaining.count()
        done = retaining.look() if arguments.yes else None
    if arguments.json:
        print_json([document(due, settings, done) for due in found])
    else:
        show(found, settings, done)
    return 0


def document(due: "Due", settings: "Settings", done: dict[str, int] | None) -> dict[str, object]:
    """Give the JSON of a kind."""
    age = settings.retention.kinds[due.kind]
    return {
        "kind": due.kind,
        "days": age.total_seconds() / 86_400,
        "due": due.count,
        "next_due_at": due.oldest_at + age if due.oldest_at else None,
        "done": None if done is None else done.get(due.kind, 0),
    }


def show(found: "list[Due]", settings: "Settings", done: dict[str, int] | None) -> None:
    """Print a table."""
    from maild.cli.output import console
    from maild.cli.showing import a_table, cell, moment

    if not found:
        sys.stdout.write("everything is kept for good: [retention] of maild.toml says nothing\n")
        return
    zone = settings.desk.time_zone
    table = a_table("what", "#days", "#due", "#gone now", f"!next due ({zone})")
    for due in found:
        age = settings.retention.kinds[due.kind]
        following = moment(due.oldest_at + age, zone) if due.oldest_at else cell(None)
        gone = cell(None if done is None else f"{done.get(due.kind, 0):,}")
        table.add_row(cell(due.kind, "bold"), cell(f"{age.days:,}"), cell(f"{due.count:,}"), gone, following)
    console().print(table)
    if done is None:
        sys.stdout.write("nothing was changed; --yes does it now\n")
