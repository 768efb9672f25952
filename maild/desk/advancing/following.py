"""Follow: what a person ordered, by mail or in the tracker, changes their ticket, its owner, its clocks and its helpers.

Whoever calls writes the steps down, one by one, and tells people of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from maild.desk.advancing.assigning import Assigned, assign_after
from maild.desk.advancing.escalating import keep_escalation
from maild.desk.advancing.gathering import judged_anew
from maild.desk.advancing.keeping_clocks import keep_clock
from maild.desk.transaction import Transaction
from maild.process.commands.planning import follow
from maild.process.people.team import Person
from maild.process.plan import Plan
from maild.process.ticket import Role, Status, Ticket
from maild.store.desk import tickets
from maild.store.desk.tickets import Cause
from maild.store.models.judged import Judged
from maild.store.models.labels import Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A ticket to which all steps of a plan have happened."""

    ticket: Ticket
    """As it is stored now."""

    stages: Sequence[Ticket]
    """As it was before the first step, and as each step left it."""

    assigned: Assigned | None
    """Somebody got it by that, to be announced behind all else."""


def follow_steps(
    transaction: Transaction, before: Ticket, plan: Plan, person: Person, cause: Cause, *, is_renewed: bool
) -> Followed:
    """Change and store the ticket; `is_renewed`: the client hears from us by it."""
    stages = [before, *follow(before, plan.steps, transaction.rules.priorities.matrix)]
    ticket = judged_anew(transaction, before, _with_owner(stages[-1], person))
    assigned = assign_after(transaction, ticket, plan, person)
    ticket = assigned.ticket if assigned else ticket
    ticket = keep_clock(transaction, ticket, cause, is_renewed=is_renewed, before=before)
    tickets.save_ticket(transaction.connection, ticket)
    keep_escalation(transaction, ticket, plan, cause)
    return Followed(ticket=ticket, stages=stages, assigned=assigned)


def _with_owner(ticket: Ticket, person: Person) -> Ticket:
    """What is the desk's own work has somebody who answers for it: whoever took it up."""
    if ticket.assignee is not None or ticket.status in {Status.CLOSED, Status.HANDED_OFF}:
        return ticket
    if person.role in {Role.ENGINEER, Role.TEAM}:
        return ticket
    return replace(ticket, assignee=person.name, team=None)


def label_of(judged: Judged, question: str, value: str, *, by: Person, at: datetime, cause: Cause) -> Label:
    """What a person's step says about the verdict of a mail."""
    return Label(
        question=question,
        value=value,
        said_by=by.name,
        said_at=at,
        source="tsm",
        mail=judged.mail,
        verdict=judged.verdicts.get(question),
        cause=cause.mail,
    )
