"""`maild show T-17`: one ticket with its sheet, events and mails."""

import argparse
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from maild.cli.desk import open_desk
from maild.cli.opening import open_settings
from maild.cli.options import add_json
from maild.cli.output import console, print_json, printable
from maild.errors import ConfigurationError

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from maild.process.desk import Desk
    from maild.process.gathering.sheet import Sheet
    from maild.store.view.ticket import MailLine, WholeTicket
    from maild.store.view.tickets import TicketLine

LINES = 20
"""Lines of a mail's new text, unless all are asked for."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the ticket and the form of the answer."""
    parser.add_argument("ticket", metavar="TICKET", help="its number, such as T-17")
    parser.add_argument("--all", action="store_true", help="print every mail in full")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Show the ticket. Raises NotFound, ConfigurationError."""
    from maild.store.view.ticket import find_ticket

    settings = open_settings(arguments)
    number = number_of(arguments.ticket, settings.desk)
    with open_desk(settings) as store, store.read() as connection:
        ticket = find_ticket(connection, settings.desk, number)
    if arguments.json:
        print_json(ticket.document())
    else:
        show(ticket, settings.desk, datetime.now(UTC), lines=None if arguments.all else LINES)
    return 0


def number_of(written: str, desk: "Desk") -> int:
    """Read `T-17`, `t-17`, `[T-17]` or `17`. Raises ConfigurationError for what is no number of a ticket."""
    digits = written.strip("[] ").casefold().removeprefix(f"{desk.prefix}-".casefold())
    if not (digits.isascii() and digits.isdigit() and len(digits) < 19):  # noqa: PLR2004 - the digits of a 64-bit number
        raise ConfigurationError(f"{written!r} is not the number of a ticket: those look like {desk.show(17)}.")
    return int(digits)


def show(ticket: "WholeTicket", desk: "Desk", now: datetime, *, lines: int | None) -> None:
    """Print what it is, what happened, what was written, and what it has to do with."""
    out = console()
    out.print()
    out.print(heading(ticket.line))
    out.print(facts(ticket, desk, now))
    if ticket.sheet and (ticket.sheet.found or ticket.sheet.missing):
        out.print(sheet(ticket.sheet))
    if ticket.clocks:
        out.print(clocks(ticket, desk))
    out.print(history(ticket, desk))
    for mail in ticket.mails:
        out.print(mail_title(mail, desk))
        for line in new_text(mail, lines):
            out.print(line)
        out.print()


def heading(line: "TicketLine") -> "Text":
    """Give the ticket's number and subject."""
    from maild.cli.showing import one_line

    text = one_line(line.number, "bold reverse")
    return text.append("  ").append_text(one_line(line.subject, "bold"))


def facts(ticket: "WholeTicket", desk: "Desk", now: datetime) -> "Table":
    """Give what is known about it, in two columns."""
    from rich.table import Table

    from maild.cli.showing import cell, due, moment, one_line, state

    line = ticket.line
    technical = None if line.technical is None else ("yes" if line.technical else "no")
    rows = {
        "status": state(line.status),
        "awaits": cell(line.awaiting),
        "technical": cell(technical),
        "category": cell(line.category),
        "urgency": cell(line.urgency),
        "impact": cell(line.impact),
        "priority": cell(line.priority),
        "client": one_line(line.client),
        "language": cell(line.language),
        "assignee": one_line(line.assignee),
        "team": one_line(line.team),
        "opened": moment(line.opened_at, desk.time_zone),
        "next update due": due(line.next_update_due_at, desk.time_zone, now),
        "expected by": moment(ticket.eta_at, desk.time_zone) if ticket.eta_at else cell(None),
        "escalated": cell(f"level {ticket.escalation_level}" if ticket.escalation_level else None),
        "goes on in": cell(ticket.merged_into),
        "incident": cell(line.incident),
        "links": cell(", ".join(f"{link.kind.replace('_', ' ')} {link.ticket}" for link in ticket.links)),
    }
    table = Table.grid(padding=(0, 2))
    for name, value in rows.items():
        table.add_row(cell(name, "dim"), value)
    return table


def sheet(gathered: "Sheet") -> "Table":
    """Give what was gathered and from where, and what is missing."""
    from maild.cli.showing import a_table, cell, one_line

    table = a_table("what we know", "", "#mail", "in the words")
    for found in gathered.found:
        table.add_row(cell(found.kind), one_line(found.value, "bold"), cell(found.mail), one_line(found.words))
    for kind in gathered.missing:
        table.add_row(cell(kind), cell("missing", "yellow"), cell(None), cell(None))
    return table


def clocks(ticket: "WholeTicket", desk: "Desk") -> "Table":
    """Give what is owed, until when and by which mail or deadline, and why what stopped did."""
    from maild.cli.showing import a_table, cell, moment

    table = a_table("clock", f"!due ({desk.time_zone})", "begun by", "", "stopped by")
    for line in ticket.clocks:
        how = cell("runs", "bold") if line.stopped_at is None else cell((line.because or "stopped").replace("_", " "))
        begun, stopped = _by(line.mail, line.deadline), _by(line.stopped_by_mail, line.stopped_by_deadline)
        due = moment(line.due_at, desk.time_zone)
        table.add_row(cell(line.clock.replace("_", " ")), due, cell(begun), how, cell(stopped))
    return table


def _by(mail: int | None, deadline: int | None) -> str | None:
    """Such as `mail 17`."""
    if mail is not None:
        return f"mail {mail}"
    return None if deadline is None else f"deadline {deadline}"


def history(ticket: "WholeTicket", desk: "Desk") -> "Table":
    """Give the events."""
    from maild.cli.showing import a_table, cell, moment, one_line

    table = a_table(f"!when ({desk.time_zone})", "what happened", "by", "because")
    for event in ticket.events:
        happened = cell(event.event.replace("_", " "), "bold")
        table.add_row(moment(event.at, desk.time_zone), happened, one_line(event.actor), cell(event.because))
    return table


def mail_title(mail: "MailLine", desk: "Desk") -> "Text":
    """Give one line that says where a mail went."""
    from maild.cli.showing import moment, one_line, state

    text = moment(mail.at, desk.time_zone)
    arrow = "<-" if mail.direction == "in" else "->"
    whom = mail.author if mail.direction == "in" else mail.to
    text.append(f"  {arrow} ").append_text(one_line(whom, "bold")).append(f"  [{mail.audience}]  ", "dim")
    text.append_text(one_line(mail.subject))
    return text.append("  ").append_text(state(mail.state)) if mail.state else text


def new_text(mail: "MailLine", lines: int | None) -> "Iterator[Text]":
    """Give the beginning of a mail's new text, and how much is left out."""
    from rich.text import Text

    written = printable(mail.new_text or "").strip().splitlines()
    for line in written[:lines]:
        yield Text(f"    {line}")
    if lines is not None and len(written) > lines:
        yield Text(f"    ... {len(written) - lines} more lines (--all)", style="dim")
