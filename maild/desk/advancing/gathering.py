"""Gather: what a client's mail adds to the sheet of its ticket, and what the client is asked for."""

from collections.abc import Sequence
from dataclasses import replace

from maild.desk.finding.arrival import Arrival
from maild.desk.transaction import Transaction
from maild.process.gathering.asking import is_asked, what_matters
from maild.process.gathering.sheet import Sheet, merge
from maild.process.ticket import Event, Status, Ticket
from maild.process.transitions import advance
from maild.store.desk.tickets import Cause


def gathered(transaction: Transaction, ticket: Ticket, arrival: Arrival) -> Ticket:
    """The ticket with all that the mail tells; only for mails of its own client."""
    return replace(ticket, sheet=merge(ticket.sheet or Sheet(), arrival.found, required=_required(transaction, ticket)))


def judged_anew(transaction: Transaction, before: Ticket, ticket: Ticket) -> Ticket:
    """The ticket with what is missing now, where a person has said what it is about, or how urgent it is."""
    if ticket.sheet is None or _about(before) == _about(ticket):
        return ticket
    return replace(ticket, sheet=merge(ticket.sheet, (), required=_required(transaction, ticket)))


def _about(ticket: Ticket) -> tuple[object, ...]:
    return ticket.category, ticket.technical, ticket.urgency


def _required(transaction: Transaction, ticket: Ticket) -> Sequence[str]:
    category = transaction.rules.categories.get(ticket.category or "")
    # A ticket that nobody has decided about has no category yet that anybody stands by.
    required = category.required if category and ticket.technical is not None else ()
    return what_matters(required, ticket.urgency)


def asked(transaction: Transaction, draft: Ticket) -> Ticket:
    """A new ticket whose client is asked for what is missing, in the acknowledgement, waits for that."""
    if not transaction.rules.policy.ask_missing or not is_asked(draft):
        return draft
    return replace(draft, status=advance(draft.status, Event.INFORMATION_ASKED))


def note_asked(transaction: Transaction, ticket: Ticket, cause: Cause) -> None:
    """The history says what the client was asked for."""
    if ticket.status is Status.GATHERING and ticket.sheet:
        because = f"{ticket.category} requires what is missing: {', '.join(ticket.sheet.missing)}"
        transaction.add_event(ticket.number, Event.INFORMATION_ASKED, because=because, cause=cause)


def note_gathered(transaction: Transaction, before: Ticket, ticket: Ticket, cause: Cause) -> tuple[str, ...]:
    """The history says that the client has told what was missing; answers that in words for the TSM, too."""
    if before.status is not Status.GATHERING or ticket.sheet is None:
        return ()
    if ticket.sheet.missing:
        return (f"asked for and still missing: {', '.join(ticket.sheet.missing)}",)
    because = "the client has sent everything that was asked for"
    transaction.add_event(ticket.number, Event.GATHERED, because=because, cause=cause)
    return (because,)
