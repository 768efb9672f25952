"""`maild audit`: who did what, when, and by which mail."""

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from maild.cli.desk import open_desk
from maild.cli.opening import open_settings
from maild.cli.options import add_json, day, positive
from maild.cli.output import console, print_json

if TYPE_CHECKING:
    from maild.settings.values import Settings
    from maild.store.view.audit import Deed

USUAL_DAYS = 7


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the days, the person, and the form of the answer."""
    parser.epilog = "What maild did by itself is left out unless you ask with --by maild; `maild show T-17` has everything about a ticket."
    parser.add_argument("--since", metavar="DAY", type=day, help=f"first day (default: {USUAL_DAYS} days ago)")
    parser.add_argument("--until", metavar="DAY", type=day, help="last day (default: today)")
    parser.add_argument("--by", metavar="WHO", help="only this address or name")
    parser.add_argument("--last", type=positive, metavar="N", default=1_000, help="only the newest N (default: 1000)")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """List the deeds, the newest first."""
    from maild.store.view.audit import Wanted, audit

    settings = open_settings(arguments)
    zone = ZoneInfo(settings.desk.time_zone)
    today = datetime.now(UTC).astimezone(zone).date()
    first, last = arguments.since or today - timedelta(days=USUAL_DAYS), arguments.until or today
    wanted = Wanted(
        since=datetime.combine(first, time(), zone).astimezone(UTC),
        until=datetime.combine(last + timedelta(days=1), time(), zone).astimezone(UTC),
        by=arguments.by.casefold() if arguments.by else None,
        limit=arguments.last,
    )
    with open_desk(settings) as store, store.read() as connection:
        found = audit(connection, wanted)
    if arguments.json:
        print_json([document(deed, settings) for deed in found])
    else:
        show(found, settings)
    return 0


def document(deed: "Deed", settings: "Settings") -> dict[str, object]:
    """Give the JSON of a deed."""
    return {
        "at": deed.at,
        "actor": deed.actor,
        "about": deed.about,
        "event": deed.event,
        "ticket": settings.desk.show(deed.ticket) if deed.ticket else None,
        "because": deed.because,
        "message_id": deed.message_id,
    }


def show(found: "Sequence[Deed]", settings: "Settings") -> None:
    """Print a table."""
    from maild.cli.showing import a_table, cell, in_table, moment, one_line

    out = console()
    if not found:
        out.print("nobody did anything in these days")
        return
    zone = settings.desk.time_zone
    table = a_table(f"!at ({zone})", "who", "!what", "!ticket", "because", "by the mail")
    for deed in found:
        number = settings.desk.show(deed.ticket) if deed.ticket else None
        table.add_row(
            moment(deed.at, zone),
            one_line(deed.actor),
            cell(deed.event.replace("_", " "), "bold"),
            cell(number),
            in_table(deed.because),
            one_line(deed.message_id),
        )
    out.print(table)
