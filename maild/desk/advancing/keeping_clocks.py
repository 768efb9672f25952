"""Keep the clocks of a ticket: what its status owes runs, all else stands still, and the store knows it."""

from dataclasses import replace
from datetime import datetime

from maild.desk.transaction import Transaction
from maild.process.clocks.kinds import Change, Moment
from maild.process.clocks.service_levels import in_words
from maild.process.clocks.winding import next_due, wind
from maild.process.ticket import Ticket
from maild.store.desk import deadlines, tickets
from maild.store.desk.tickets import Cause


def first_clocks(transaction: Transaction, draft: Ticket) -> tuple[Change, datetime | None]:
    """What a ticket owes from its beginning, and when its own deadline is."""
    change = wind(draft, (), Moment(now=transaction.now, rules=transaction.rules))
    return change, next_due(draft, (), change)


def keep_clock(
    transaction: Transaction,
    ticket: Ticket,
    cause: Cause,
    *,
    is_renewed: bool,
    before: Ticket | None = None,
) -> Ticket:
    """Wind the clocks after an event, and save the ticket where its deadline has moved.

    `is_renewed`: the client has just heard from a person of ours. `before`: the ticket as it was, where its priority may
    have changed.
    """
    past = deadlines.read_stretches(transaction.connection, ticket.number)
    moment = Moment(now=transaction.now, rules=transaction.rules, is_heard=is_renewed, before=before)
    change = wind(ticket, past, moment)
    deadlines.stop_clocks(transaction.connection, ticket.number, change.stopped, cause, now=transaction.now)
    deadlines.start_clocks(transaction.connection, ticket.number, change.started, cause)
    note_service_levels(transaction, ticket.number, change, cause)
    kept = replace(ticket, next_update_due_at=next_due(ticket, past, change))
    if kept != ticket:
        tickets.save_ticket(transaction.connection, kept)
    return kept


def note_service_levels(transaction: Transaction, number: int, change: Change, cause: Cause) -> None:
    """The history says when the clock of a service level starts, stands still and stops, and what made it."""
    for event, because in in_words(change, transaction.rules.priorities.calendar):
        transaction.add_event(number, event, because=because, cause=cause)
