"""`maild keys`: the keys that sign the tokens of replies and taps, by number and age; `keys rotate` makes a new one."""

import argparse
import sys
from datetime import UTC, datetime

from maild.cli.desk import open_desk
from maild.cli.opening import open_settings
from maild.cli.options import add_json
from maild.cli.output import print_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be done."""
    add_json(parser)
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    line = "sign with a new key from now on; mails already sent can still be answered and tapped"
    actions.add_parser("rotate", help=line, description=line)


def run(arguments: argparse.Namespace) -> int:
    """Rotate if that is wanted, and list the keys."""
    from maild.store.keys import list_keys, rotate

    with open_desk(open_settings(arguments)) as store:
        if arguments.action == "rotate":
            store.transact(lambda connection: rotate(connection, now=datetime.now(UTC)))
        with store.read() as connection:
            found = list_keys(connection)
    if arguments.json:
        print_json(found)
        return 0
    for key in found:
        state = f"retired {key.retired_at:%Y-%m-%d %H:%M} UTC" if key.retired_at else "signs new tokens"
        sys.stdout.write(f"key {key.id}, made {key.created_at:%Y-%m-%d %H:%M} UTC: {state}\n")
    if not found:
        sys.stdout.write("no key yet: the first mail makes one\n")
    return 0
