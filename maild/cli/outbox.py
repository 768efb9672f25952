"""`maild outbox`: the mails to be submitted; retry or drop them."""

import argparse
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from maild.cli.acting import act, add_actions
from maild.cli.desk import open_desk
from maild.cli.opening import open_settings
from maild.cli.options import add_json, positive
from maild.cli.output import console, print_json
from maild.errors import ConfigurationError

if TYPE_CHECKING:
    from rich.table import Table

    from maild.process.desk import Desk
    from maild.store.engine import Connection
    from maild.store.view.outbox import OutboxLine

ACTIONS = {
    "retry": "submit a mail again, now; an uncertain one may reach its recipient twice",
    "drop": "give up on a mail: it is never submitted",
}

STATED = "due, claimed, sending, sent, deferred, bounced, uncertain, held or dropped"

WIDE = 130
"""Columns of a terminal that shows everything."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which mails are wanted, what can be done, and the form of the answer."""
    parser.add_argument("--state", action="append", metavar="STATE", help=f"only this state; may be repeated: {STATED}")
    parser.add_argument("--last", type=positive, metavar="N", help="only the newest N")
    add_json(parser)
    add_actions(parser, ACTIONS, shown_by="maild outbox")


def run(arguments: argparse.Namespace) -> int:
    """List the mails, or act on some of them."""
    from maild.store.view.outbox import STATES, list_outbox

    for unknown in set(arguments.state or ()).difference(STATES):
        raise ConfigurationError(f"--state {unknown}: allowed are {', '.join(STATES)}")
    settings = open_settings(arguments)
    with open_desk(settings) as store:
        if arguments.action:
            act(store, arguments.ids, changing(arguments.action, datetime.now(UTC)))
            return 0
        with store.read() as connection:
            found = list_outbox(connection, settings.desk, states=arguments.state or (), last=arguments.last)
    if arguments.json:
        print_json(found)
    else:
        show(found, settings.desk)
    return 0


def changing(action: str, now: datetime) -> "Callable[[Connection, int], str]":
    """Retry or drop a mail."""
    from maild.store.outgoing.settling import drop, retry

    change, done = (retry, "is due now") if action == "retry" else (drop, "is dropped")

    def act_on(connection: "Connection", outbox_id: int) -> str:
        change(connection, outbox_id, now=now)
        return f"mail {outbox_id} of the outbox {done}"

    return act_on


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
