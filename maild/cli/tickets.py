"""`maild tickets`: the desk, a line for each ticket."""

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from maild.cli.desk import open_desk
from maild.cli.opening import open_settings
from maild.cli.options import add_json, positive
from maild.cli.output import console, print_json
from maild.process.ticket import Status

if TYPE_CHECKING:
    from rich.table import Table

    from maild.process.desk import Desk
    from maild.store.desk.closures import WrongClosures
    from maild.store.view.tickets import TicketLine

LATELY = timedelta(days=90)
"""Of which closings are counted."""

WIDE = 130
"""Columns of a terminal that shows everything."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which tickets are wanted, and the form of the answer."""
    statuses = [status.value for status in Status]
    parser.add_argument("--status", action="append", choices=statuses, help="only this status; may be repeated")
    parser.add_argument(
        "--unacknowledged",
        action="store_true",
        help="only open ones whose client has heard nothing because the acknowledgement was withheld",
    )
    parser.add_argument("--last", type=positive, metavar="N", help="only the newest N")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """List the tickets by number."""
    from maild.store.desk.closures import count_wrong_closures
    from maild.store.view.tickets import is_unheard, list_tickets

    settings = open_settings(arguments)
    with open_desk(settings) as store, store.read() as connection:
        now = datetime.now(UTC)
        wanted = [is_unheard()] if arguments.unacknowledged else []
        found = list_tickets(connection, settings.desk, *wanted, statuses=arguments.status or (), last=arguments.last)
        closures = count_wrong_closures(connection, since=now - LATELY)
    if arguments.json:
        print_json(found)
    else:
        show(found, closures, settings.desk, now)
    return 0


def show(tickets: "Sequence[TicketLine]", closures: "WrongClosures", desk: "Desk", now: datetime) -> None:
    """Print a table, or say that there is nothing; a narrow terminal gets fewer columns."""
    out = console()
    if not tickets:
        out.print("no tickets yet")
        return
    out.print(wide(tickets, desk, now) if out.width >= WIDE else narrow(tickets, now))
    out.print(f"{len(tickets)} ticket{'' if len(tickets) == 1 else 's'}; times in {desk.time_zone}", style="dim")
    if closures.rate is not None:
        share = f"{closures.wrong} of {closures.closings} ({closures.rate:.0%})"
        out.print(f"closed in the last {LATELY.days} days and back within the reopen window: {share}", style="dim")


def narrow(tickets: "Sequence[TicketLine]", now: datetime) -> "Table":
    """Give what fits into 80 columns."""
    from maild.cli.showing import a_table, cell, distance, in_table, one_line, state

    table = a_table("!ticket", "!status", "#prio", "client", "subject", "!next update")
    for ticket in tickets:
        table.add_row(
            cell(ticket.number, "bold"),
            state(ticket.status),
            cell(ticket.priority),
            one_line(ticket.client),
            in_table(ticket.subject),
            distance(ticket.next_update_due_at, now),
        )
    return table


def wide(tickets: "Sequence[TicketLine]", desk: "Desk", now: datetime) -> "Table":
    """Give everything that a person may sort their work by."""
    from maild.cli.showing import a_table, cell, due, in_table, one_line, state

    columns = (
        "!ticket",
        "!status",
        "!awaits",
        "#prio",
        "category",
        "client",
        "subject",
        "assignee",
        "!next update due",
    )
    table = a_table(*columns)
    for ticket in tickets:
        table.add_row(
            cell(ticket.number, "bold"),
            state(ticket.status),
            cell(ticket.awaiting),
            cell(ticket.priority),
            cell(ticket.category),
            one_line(ticket.client),
            in_table(ticket.subject),
            one_line(ticket.assignee or ticket.team),
            due(ticket.next_update_due_at, desk.time_zone, now),
        )
    return table
