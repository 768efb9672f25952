"""Prefill: what the store knows about a closed ticket, as the parts of its post-mortem."""

from collections.abc import Mapping
from dataclasses import replace

from maild.desk.telling.happening import Happening
from maild.desk.transaction import Transaction
from maild.process.calendar import working_time_between
from maild.process.commands.reading import read_commands
from maild.process.post_mortem.holding import what_held
from maild.process.post_mortem.parts import Part
from maild.process.post_mortem.prefilling import prefill
from maild.process.ticket import Ticket
from maild.store.desk.closings import read_ending
from maild.store.incoming.originals import find_original


def find_form(transaction: Transaction, happening: Happening, kind: str) -> Mapping[Part, str] | None:
    """What a post-mortem form begins with; None where the mail is none."""
    return prefilled(transaction, happening.ticket) if kind == "post_mortem" else None


def prefilled(transaction: Transaction, ticket: Ticket) -> Mapping[Part, str]:
    """What the ticket says of each part."""
    ending = read_ending(transaction.connection, ticket.number)
    original = find_original(transaction.connection, ticket.number)
    calendar = transaction.rules.priorities.calendar
    return prefill(
        ticket,
        asked=original.new_text if original else "",
        answers=what_held([replace(each, words=read_commands(each.words).words) for each in ending.history]),
        reason=read_commands(ending.reason).words,
        found=read_commands(ending.found).words,
        open_for=working_time_between(ticket.opened_at, ending.ended_at or transaction.now, calendar),
    )
