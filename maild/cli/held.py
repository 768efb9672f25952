"""`maild held`: what waits for a person; retry or drop it."""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from maild.cli.numbers import positive
from maild.cli.opening import open_settings, open_store
from maild.cli.output import console, print_json

if TYPE_CHECKING:
    from maild.process.desk import Desk
    from maild.store.engine import Store
    from maild.store.view.held import HeldLine

HELP = "list what waits for a person; retry or drop it"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be done, and the form of the answer."""
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    for name, line in (
        ("retry", "take a held mail in once more"),
        ("drop", "give a held mail up; its source stays"),
    ):
        action = actions.add_parser(name, help=line, description=line)
        action.add_argument("ids", nargs="+", type=positive, metavar="ID", help="as `maild held` shows it")


def run(arguments: argparse.Namespace) -> int:
    """List the held mails, or act on some of them, each alone."""
    from maild.store.view.held import list_held

    settings = open_settings(arguments)
    with open_store(settings) as store:
        if arguments.action:
            act(store, arguments.action, arguments.ids, datetime.now(UTC))
            return 0
        with store.read() as connection:
            found = list_held(connection)
    if arguments.json:
        print_json(found)
    else:
        show(found, settings.desk)
    return 0


def act(store: "Store", action: str, ids: Sequence[int], now: datetime) -> None:
    """Retry or drop all of them or, if one cannot be, none. Raises NotFound and Refused."""
    from maild.store.arrivals import drop_held, retry_held
    from maild.store.engine import Connection

    def work(connection: Connection) -> None:
        for mail_id in ids:
            if action == "retry":
                retry_held(connection, mail_id)
            else:
                drop_held(connection, mail_id, now=now)

    store.transact(work)
    done = "waits to be taken in again" if action == "retry" else "is dropped"
    sys.stdout.writelines(f"mail {mail_id} {done}\n" for mail_id in ids)


def show(held: "Sequence[HeldLine]", desk: "Desk") -> None:
    """Print a table and what can be done."""
    from maild.cli.showing import a_table, cell, in_table, moment, one_line

    out = console()
    if not held:
        out.print("nothing is held")
        return
    table = a_table("#id", f"!arrived ({desk.time_zone})", "author", "subject", "#octets", "because")
    for mail in held:
        table.add_row(
            cell(mail.id, "bold"),
            moment(mail.arrived_at, desk.time_zone),
            one_line(mail.author),
            in_table(mail.subject),
            cell(f"{mail.size:,}"),
            cell(mail.because),
        )
    out.print(table)
    out.print("maild held retry ID: take it in once more; maild held drop ID: give it up", style="dim")
