"""What `held` and `outbox` have in common: a list, and actions on some of its rows."""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from maild.cli.options import positive

if TYPE_CHECKING:
    from maild.store.engine import Connection, Store


def add_actions(parser: argparse.ArgumentParser, actions: Mapping[str, str], *, shown_by: str) -> None:
    """Declare actions (name to its line of help) on rows that `shown_by` lists."""
    subparsers = parser.add_subparsers(dest="action", metavar="ACTION")
    for name, line in actions.items():
        action = subparsers.add_parser(name, help=line, description=line)
        action.add_argument("ids", nargs="+", type=positive, metavar="ID", help=f"as `{shown_by}` shows it")


def act(store: "Store", ids: Sequence[int], change: "Callable[[Connection, int], str]") -> None:
    """Change all of them or, if one cannot be, none; print what `change` says of each. Raises what it raises."""
    done = store.transact(lambda connection: [change(connection, row) for row in ids])
    sys.stdout.writelines(f"{line}\n" for line in done)
