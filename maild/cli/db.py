"""`maild db upgrade`: bring the tables to this version of maild; `maild db check`: name rows that a disk or a hand has damaged."""

import argparse
import sys

from maild.cli.opening import open_settings, open_store

CURE = (
    "maild reads these values as well as it can, and the rest of the desk goes on. Stop maild and correct what you know by\n"
    "UPDATE, or restore a backup from before the damage. Check the disk: more may be damaged.\n"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be done."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    line = "run the schema migrations that this version needs; harmless when there are none"
    actions.add_parser("upgrade", help=line, description=line)
    line = "read every text and JSON, and name the rows that cannot be read any more; status 1 where there are any"
    actions.add_parser("check", help=line, description=line)


def run(arguments: argparse.Namespace) -> int:
    """Upgrade, and say whether there was anything to do; or check."""
    return {"upgrade": upgrade, "check": check}[arguments.action](arguments)


def upgrade(arguments: argparse.Namespace) -> int:
    """Bring the tables to this version."""
    with open_store(open_settings(arguments)) as store:
        was_behind = store.needs_upgrade()
        store.upgrade()
        done = "upgraded to this version" if was_behind else "already at this version, nothing to do"
        sys.stdout.write(f"{store.name}: {done}\n")
    return 0


def check(arguments: argparse.Namespace) -> int:
    """Name what is damaged; while maild works, too."""
    from maild.store.view.damaged import find_damaged

    with open_store(open_settings(arguments)) as store:
        with store.read() as connection:
            found = list(find_damaged(connection))
        for each in found:
            sys.stdout.write(f"{each.table}, {each.row}: {each.column} is {each.wrong}\n")
        whole = (
            "every JSON can be read; PostgreSQL looks after the rest (pg_amcheck)"
            if store.is_postgresql
            else "every text can be read"
        )
        sys.stdout.write(CURE if found else f"{store.name}: {whole}\n")
    return 1 if found else 0
