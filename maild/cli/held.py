"""`maild held`: what waits for a person; retry or drop it."""

import argparse
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from maild.cli.acting import act, add_actions
from maild.cli.desk import open_desk
from maild.cli.opening import open_settings
from maild.cli.options import add_json
from maild.cli.output import console, print_json

if TYPE_CHECKING:
    from maild.process.desk import Desk
    from maild.settings.values import Settings
    from maild.store.engine import Connection
    from maild.store.view.held import HeldLine


ACTIONS = {"retry": "take a held mail in again", "drop": "give up on a held mail; its source is kept"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be done, and the form of the answer."""
    add_json(parser)
    add_actions(parser, ACTIONS, shown_by="maild held")


def run(arguments: argparse.Namespace) -> int:
    """List the held mails, or act on some of them, each alone."""
    from maild.store.view.held import list_held

    settings = open_settings(arguments)
    with open_desk(settings) as store:
        if arguments.action:
            change = retrying(settings) if arguments.action == "retry" else dropping(datetime.now(UTC))
            act(store, arguments.ids, change)
            return 0
        with store.read() as connection:
            found = list_held(connection)
    if arguments.json:
        print_json(found)
    else:
        show(found, settings.desk)
    return 0


def retrying(settings: "Settings") -> "Callable[[Connection, int], str]":
    """Have a held mail taken in once more."""
    from maild.store.incoming.waiting import retry_held

    def retry(connection: "Connection", mail_id: int) -> str:
        is_here = retry_held(connection, mail_id, source_bytes=settings.limits.source_bytes)
        waits = (
            "waits to be taken in again" if is_here else "waits until `maild run` has fetched it from the mail server"
        )
        return f"mail {mail_id} {waits}"

    return retry


def dropping(now: datetime) -> "Callable[[Connection, int], str]":
    """Give a held mail up."""
    from maild.store.incoming.waiting import drop_held

    def drop(connection: "Connection", mail_id: int) -> str:
        drop_held(connection, mail_id, now=now)
        return f"mail {mail_id} is dropped"

    return drop


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
    out.print("maild held retry ID: take it in again; maild held drop ID: give up on it", style="dim")
