"""`maild outbox`: the mails to be submitted; retry or drop them."""

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from maild.cli.numbers import positive
from maild.cli.opening import open_settings, open_store
from maild.cli.output import console, print_json
from maild.errors import ConfigurationError

if TYPE_CHECKING:
    from rich.table import Table

    from maild.process.desk import Desk
    from maild.store.engine import Store
    from maild.store.view.outbox import OutboxLine

HELP = "list the mails to be submitted; retry or drop them"

WIDE = 130
"""Columns of a terminal that shows everything."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which mails are wanted, what can be done, and the form of the answer."""
    parser.add_argument("--state", action="append", metavar="STATE", help="only this state; may be repeated")
    parser.add_argument("--last", type=positive, metavar="N", help="only the newest N")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    for name, line in (
        ("retry", "submit a mail again, now; an uncertain one may reach its recipient twice"),
        ("drop", "give a mail up: it is never submitted"),
    ):
        action = actions.add_parser(name, help=line, description=line)
        action.add_argument("ids", nargs="+", type=positive, metavar="ID", help="as `maild outbox` shows it")


def run(arguments: argparse.Namespace) -> int:
    """List the mails, or act on some of them."""
    from maild.store.view.outbox import STATES, list_outbox

    for unknown in set(arguments.state or ()).difference(STATES):
        raise ConfigurationError(f"--state {unknown}: allowed are {', '.join(STATES)}")
    settings = open_settings(arguments)
    with open_store(settings) as store:
        if arguments.action:
            act(store, arguments.action, arguments.ids, datetime.now(UTC))
            return 0
        with store.read() as connection:
            found = list_outbox(connection, settings.desk, states=arguments.state or (), last=arguments.last)
    if arguments.json:
        print_json(found)
    else:
        show(found, settings.desk)
    return 0


def act(store: "Store", action: str, ids: Sequence[int], now: datetime) -> None:
    """Retry or drop all of them or, if one cannot be, none. Raises NotFound and Refused."""
    from maild.store import outbox

    change = outbox.retry if action == "retry" else outbox.drop
    store.transact(lambda connection: [change(connection, outbox_id, now=now) for outbox_id in ids])
    done = "is due now" if action == "retry" else "is dropped"
    sys.stdout.writelines(f"mail {outbox_id} of the outbox {done}\n" for outbox_id in ids)


def show(mails: "Sequence[OutboxLine]", desk: "Desk") -> None:
    """Print a table and how many are in which state; a narrow terminal gets fewer columns."""
    out = console()
    if not mails:
        out.print("the outbox is empty")
        return
    if out.width < WIDE:
        out.print(narrow(mails))
    else:
        out.print(wide(mails, desk))
    counts = Counter(mail.state for mail in mails)
    out.print(", ".join(f"{number} {name}" for name, number in sorted(counts.items())), style="dim")


def narrow(mails: "Sequence[OutboxLine]") -> "Table":
    """Give what fits into 80 columns."""
    from maild.cli.showing import a_table, cell, one_line, state

    table = a_table("#id", "!state", "!ticket", "to", "what", "answer")
    for mail in mails:
        kind = cell(mail.kind.replace("_", " "))
        table.add_row(
            cell(mail.id, "bold"), state(mail.state), cell(mail.ticket), one_line(mail.to), kind, one_line(mail.answer)
        )
    return table


def wide(mails: "Sequence[OutboxLine]", desk: "Desk") -> "Table":
    """Give everything that a person may look for."""
    from maild.cli.showing import a_table, cell, in_table, moment, one_line, state

    table = a_table("#id", "!state", f"!due ({desk.time_zone})", "what", "to", "!ticket", "subject", "#tries", "answer")
    for mail in mails:
        table.add_row(
            cell(mail.id, "bold"),
            state(mail.state),
            moment(mail.due_at, desk.time_zone),
            cell(mail.kind.replace("_", " ")),
            one_line(mail.to),
            cell(mail.ticket),
            in_table(mail.subject),
            cell(mail.attempts),
            one_line(mail.answer),
        )
    return table
