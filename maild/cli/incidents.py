"""`maild incidents`: what was proposed, declared, resolved, dismissed or undone, a line each."""

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from maild.cli.desk import open_desk
from maild.cli.opening import open_settings
from maild.cli.options import add_json
from maild.cli.output import console, print_json
from maild.process.incident import Standing

if TYPE_CHECKING:
    from maild.process.desk import Desk
    from maild.store.view.incidents import IncidentLine


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which are wanted, and the form of the answer."""
    standings = [standing.value for standing in Standing]
    parser.add_argument("--standing", action="append", choices=standings, help="only this standing; may be repeated")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """List them, oldest first."""
    from maild.store.view.incidents import list_incidents

    settings = open_settings(arguments)
    with open_desk(settings) as store, store.read() as connection:
        found = list_incidents(connection, settings.desk, standings=tuple(arguments.standing or ()))
    if arguments.json:
        print_json(found)
    else:
        show(found, settings.desk)
    return 0


def show(incidents: "Sequence[IncidentLine]", desk: "Desk") -> None:
    """Print a table, or say that there is nothing."""
    from maild.cli.showing import a_table, cell, in_table, moment, one_line, state

    out = console()
    if not incidents:
        out.print("no incidents yet")
        return
    table = a_table("!incident", "!standing", "#tickets", "#open", "#clients", "owner", "title", "!since")
    for each in incidents:
        table.add_row(
            cell(each.number, "bold"),
            state(each.standing),
            cell(len(each.tickets)),
            cell(each.open_tickets),
            cell(each.clients),
            one_line(each.owner),
            in_table(each.title),
            moment(each.declared_at or each.proposed_at, desk.time_zone),
        )
    out.print(table)
    out.print(f"{len(incidents)} incidents; times in {desk.time_zone}", style="dim")
