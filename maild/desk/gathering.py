"""Gather: what a client's mail adds to the sheet of its ticket."""

from dataclasses import replace

from maild.desk.finding import Arrival
from maild.desk.transaction import Transaction
from maild.process.gathering.sheet import Sheet, merge
from maild.process.ticket import Ticket


def gathered(transaction: Transaction, ticket: Ticket, arrival: Arrival) -> Ticket:
    """The ticket with all that the mail tells; only for mails of its own client."""
    category = transaction.rules.categories.get(ticket.category or "")
    # A ticket that nobody has decided about has no category yet that anybody stands by.
    required = category.required if category and ticket.technical is not None else ()
    return replace(ticket, sheet=merge(ticket.sheet or Sheet(), arrival.found, required=required))
