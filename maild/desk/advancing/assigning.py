"""Assign: a ticket that becomes the desk's work gets the TSM whom it suits best."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from maild.desk.telling.happening import Happening
from maild.desk.telling.writing import tell
from maild.desk.transaction import Transaction
from maild.process.incident import REACHED
from maild.process.people.assignment import Assignment, Experience, choose, lacks_skill
from maild.process.people.team import Person
from maild.process.plan import Plan
from maild.process.ticket import Event, Status, Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """A ticket with its assignee, and why they are it."""

    ticket: Ticket
    event: Event
    because: str
    former: str | None = None
    """Who had it until now."""


def assign(transaction: Transaction, ticket: Ticket) -> Assigned | None:
    """Choose an assignee where the ticket needs one and has none; the lead where nobody can take it."""
    if ticket.assignee is not None or ticket.status in {Status.CLOSED, Status.HANDED_OFF}:
        return None
    rules, category = transaction.rules, transaction.rules.categories.get(ticket.category or "")
    experience = Experience(
        open_tickets=transaction.open_tickets,
        solved=transaction.solved_by(ticket.category),
        lately=transaction.given_lately,
        responsible=category.responsible if category else None,
        absent=transaction.absent,
    )
    chosen = choose(ticket.category, rules.team, experience, now=transaction.now, calendar=rules.priorities.calendar)
    if isinstance(chosen, Assignment):
        transaction.open_tickets[chosen.person.name] += 1
        transaction.given_lately[chosen.person.name] += 1
        given = replace(ticket, assignee=chosen.person.name, team=None)
        return Assigned(ticket=given, event=Event.ASSIGNED, because=chosen.because)
    lead = rules.team.leads[0]
    given = replace(ticket, assignee=lead.name, team=None)
    return Assigned(ticket=given, event=Event.NOBODY_FREE, because=f"{chosen}: it is {lead.name}'s to give")


def assign_after(transaction: Transaction, ticket: Ticket, plan: Plan, person: Person) -> Assigned | None:
    """Where a decision made the ticket somebody else's work: an expert's of that category, or anybody's at all."""
    if ticket.assignee is None:
        return assign(transaction, ticket)
    events = {step.event for step in plan.steps}
    if Event.TRIAGED not in events or Event.ASSIGNED in events or plan.public_words or ticket.status is not Status.OPEN:
        return None
    if person.name != ticket.assignee or not lacks_skill(person, ticket.category, transaction.rules.team):
        return None
    transaction.open_tickets[person.name] -= 1
    transaction.given_lately[person.name] -= 1
    found = assign(transaction, replace(ticket, assignee=None))
    if found is None or found.event is not Event.ASSIGNED or found.ticket.assignee == ticket.assignee:
        return None
    return replace(found, former=person.name)


def with_owners(happening: Happening, one: Ticket, two: Ticket, knowing: AbstractSet[str | None]) -> Happening:
    """Who has nothing more to do on a ticket by a step, as it was before and after it, and who got it by that.

    `knowing`: names of those who need not be told.
    """
    is_moved, was_ours, is_ours = one.assignee != two.assignee, one.status in REACHED, two.status in REACHED
    former = one.assignee if was_ours and (is_moved or not is_ours) and one.assignee not in knowing else None
    is_undone = happening.event is Event.UNDONE
    is_given = is_ours and (is_moved or not was_ours) if is_undone else is_moved
    given_to = two.assignee if is_given and two.assignee not in knowing else None
    return replace(happening, former=former, given_to=given_to)


def announce(transaction: Transaction, assigned: Assigned | None, happening: Happening) -> None:
    """Write down who has the ticket, and tell them with all that is known, and who had it; `happening` is why."""
    if assigned is None:
        return
    transaction.add_event(happening.ticket.number, assigned.event, because=assigned.because, cause=happening.cause)
    reasons = (*happening.because, assigned.because)
    given = replace(happening, event=assigned.event, because=reasons, former=assigned.former)
    tell(transaction, replace(given, given_to=assigned.ticket.assignee))
