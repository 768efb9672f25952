"""`maild reconcile`: compare the mail server with the store."""

import argparse
import os
from dataclasses import asdict
from typing import TYPE_CHECKING

from maild.cli.opening import open_settings, open_store
from maild.cli.options import add_json
from maild.cli.output import console, print_json, printable
from maild.errors import ConfigurationError, MaildError

if TYPE_CHECKING:
    from maild.intake.reconcile import Reconciliation
    from maild.settings.values import MailboxSettings
    from maild.store.engine import Store

MOST_UIDS = 10
"""How many UIDs a table names; JSON names all."""

COLUMNS = ("mailbox", "on server", "stored", "older, ignored", "not stored", "vanished", "not marked", "waiting")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the form of the answer."""
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Compare every mailbox; 0: server and store agree, 1: they differ, or a server cannot be asked, 2: the configuration is wrong."""
    settings = open_settings(arguments)
    compared: list[Reconciliation] = []
    troubles: list[MaildError] = []
    with open_store(settings) as store:
        for mailbox in settings.mailboxes:
            try:
                compared.append(compare(mailbox, store))
            except MaildError as error:
                troubles.append(error)
    if arguments.json:
        print_json(
            {
                "mailboxes": [asdict(each) | {"equal": each.is_equal} for each in compared],
                "troubles": [str(each) for each in troubles],
            }
        )
    else:
        show(compared, troubles)
    if any(isinstance(trouble, ConfigurationError) for trouble in troubles):
        return 2
    return 0 if not troubles and all(each.is_equal for each in compared) else 1


def compare(mailbox: "MailboxSettings", store: "Store") -> "Reconciliation":
    """Compare one mailbox. Raises what keeps it from being compared."""
    from maild.daemon.log_in import mailbox_credentials
    from maild.daemon.running import system_clock
    from maild.intake.reconcile import reconcile

    return reconcile(mailbox, store, mailbox_credentials(mailbox, os.environ, system_clock)())


def show(compared: "list[Reconciliation]", troubles: list[MaildError]) -> None:
    """Print a table, and what it means."""
    from rich.text import Text

    from maild.cli.showing import a_table, cell

    screen = console()
    if compared:
        table = a_table(*COLUMNS)
        for each in compared:
            table.add_row(*map(cell, row(each)))
        screen.print(table)
    for each in compared:
        screen.print(Text(printable(f"{each.account}/{each.mailbox}: {meaning(each)}")), soft_wrap=True)
    for trouble in troubles:
        screen.print(Text(printable(str(trouble)), style="bold red"), soft_wrap=True)


def row(each: "Reconciliation") -> tuple[str, ...]:
    """Give one mailbox as cells."""
    return (
        f"{each.account}/{each.mailbox}",
        *map(str, (each.on_server, each.stored, each.ignored)),
        *map(named, (each.unstored, each.vanished, each.unmarked)),
        str(each.waiting),
    )


def named(uids: tuple[int, ...]) -> str:
    """Count UIDs and name the first ones."""
    if not uids:
        return "0"
    more = ", ..." if len(uids) > MOST_UIDS else ""
    return f"{len(uids)} (UID {', '.join(map(str, uids[:MOST_UIDS]))}{more})"


def meaning(each: "Reconciliation") -> str:
    """Say what the numbers mean, and what to do."""
    if each.is_equal:
        return "server and store agree"
    reasons = {
        "the server numbered the mailbox anew, and maild run reads it again": each.renumbered,
        "mail is on the server and not stored: start maild run, or run it once": each.unstored,
        "stored mail was taken from the mailbox by somebody else; its bytes are safe in the store": each.vanished,
        "mail was taken in and is not moved or flagged yet: maild run does it; see maild check": each.unmarked,
    }
    return "; ".join(reason for reason, holds in reasons.items() if holds)
