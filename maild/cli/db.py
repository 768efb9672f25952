"""`maild db upgrade`: bring the tables to this version of maild."""

import argparse
import sys

from maild.cli.opening import open_settings, open_store

HELP = "maintain the database: db upgrade runs migrations"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be done."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    line = "run the schema migrations that this version needs; harmless when there are none"
    actions.add_parser("upgrade", help=line, description=line)


def run(arguments: argparse.Namespace) -> int:
    """Upgrade, and say whether there was anything to do."""
    with open_store(open_settings(arguments)) as store:
        was_behind = store.needs_upgrade()
        store.upgrade()
        done = "upgraded to this version" if was_behind else "already at this version, nothing to do"
        sys.stdout.write(f"{store.name}: {done}\n")
    return 0
