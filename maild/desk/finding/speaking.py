"""Speak: the ticket that speaks for its whole incident, and the tickets that hear what is said to all."""

from datetime import datetime

from maild.desk.transaction import Transaction
from maild.process.clocks.kinds import Clock, main_clock
from maild.process.incident import REACHED, Incident
from maild.process.people.team import Person
from maild.process.thread import Clues
from maild.process.ticket import Event, Ticket
from maild.replies.kinds import KINDS
from maild.store.desk import incidents
from maild.store.desk.consulting import find_answered
from maild.store.desk.tickets import find_tickets

_FOLDED = frozenset({Event.UPDATE_DUE_SOON, Event.UPDATE_OVERDUE})


def find_speaker(
    transaction: Transaction, person: Person | None, ticket: Ticket | None, clues: Clues
) -> tuple[Ticket | None, bool]:
    """The ticket that speaks for all where an incident's thread is answered; and whether one is.

    A head that is over, or has left the incident, speaks for it no more: then it is the next of its tickets.
    """
    if person is None or ticket is None:
        return ticket, False
    tokens = [clue.token for clue in clues.tokens]
    answered = find_answered(transaction.connection, tokens, person.addresses)
    if not answered or answered[0].kind not in KINDS or not KINDS[answered[0].kind].is_incident_thread:
        return ticket, False
    incident = incidents.incident_called(transaction.connection, ticket.number)
    found = reached(transaction, incident) if incident else []
    if ticket.number in {each.number for each in found} or not found:
        return ticket, True
    return found[0], True


def guarded_numbers(transaction: Transaction, number: int) -> tuple[int, ...]:
    """The tickets whose clients would get words to the incident of this one."""
    incident = incidents.incident_of(transaction.connection, number)
    return (number, *(each for each in incident.members if each != number)) if incident else (number,)


def is_spoken_for(transaction: Transaction, ticket: Ticket, event: Event) -> bool:
    """Whether people hear of the clock by another ticket of the incident, whose own runs out no later."""
    if event not in _FOLDED or ticket.next_update_due_at is None:
        return False
    incident = incidents.incident_of(transaction.connection, ticket.number)
    if incident is None or not incident.is_answerable:
        return False
    return any(
        each.assignee == ticket.assignee and _owes_before(each, ticket.next_update_due_at)
        for each in reached(transaction, incident)
        if each.number < ticket.number
    )


def _owes_before(ticket: Ticket, due_at: datetime) -> bool:
    is_ours = main_clock(ticket.status) is Clock.NEXT_UPDATE
    return is_ours and ticket.next_update_due_at is not None and ticket.next_update_due_at <= due_at


def reached(transaction: Transaction, incident: Incident) -> list[Ticket]:
    """Its tickets whose clients get what is said to all, by number."""
    found = find_tickets(transaction.connection, incident.members)
    return [found[number] for number in sorted(found) if found[number].status in REACHED]
