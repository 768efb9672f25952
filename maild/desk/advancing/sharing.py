"""Share: what is said to an incident is said to each of its tickets, as if it had been said to that one."""

from collections.abc import Iterator
from dataclasses import replace

from maild.desk.finding.retracing import find_last
from maild.desk.finding.speaking import reached
from maild.desk.transaction import Transaction
from maild.process.commands.undoing import undo
from maild.process.decision import Findings
from maild.process.incident import Incident, Standing
from maild.process.plan import Plan, Request, Step
from maild.process.ticket import Event, Ticket
from maild.process.transitions import REMARKS, TRANSITIONS
from maild.store.desk import incidents

SHARED = frozenset(
    {Event.TSM_ANSWERED, Event.ASKED, Event.PROGRESS_REPORTED, Event.ESTIMATED, Event.RESOLVED, Event.ASSIGNED}
)
"""Events that happen to every ticket of the incident; all others happen to its head alone."""


def shares(transaction: Transaction, findings: Findings, plan: Plan) -> Iterator[tuple[Findings, Plan]]:
    """The same for each other ticket of the incident that it can happen to."""
    if not plan.is_shared or findings.ticket is None:
        return
    incident = incidents.incident_of(transaction.connection, findings.ticket.number)
    if incident is None:
        return
    _settle(transaction, findings, incident, plan)
    for ticket in reached(transaction, incident):
        steps = [found for step in plan.steps if (found := _step(transaction, findings, step, ticket))]
        if steps and ticket.number != findings.ticket.number:
            yield replace(findings, ticket=ticket), replace(plan, steps=tuple(steps))


def _step(transaction: Transaction, findings: Findings, step: Step, ticket: Ticket) -> Step | None:
    """The step as it happens to this ticket; None where it cannot."""
    if step.event is Event.UNDONE and step.undoes is not None and findings.person is not None:
        last = find_last(transaction, ticket.number)
        request = Request(
            ticket=ticket,
            author=findings.person,
            rules=transaction.rules,
            words="",
            others={},
            now=transaction.now,
            last=last,
        )
        undone = undo("", request) if last and last.mail == step.undoes.mail else None
        return undone if isinstance(undone, Step) else None
    if step.event not in SHARED or not (step.event in REMARKS or (ticket.status, step.event) in TRANSITIONS):
        return None
    return replace(step, labels={})


def _settle(transaction: Transaction, findings: Findings, incident: Incident, plan: Plan) -> None:
    """An incident whose cause is gone takes nobody in any more; one that goes on does."""
    events = {step.event for step in plan.steps}
    undone = {each.event for step in plan.steps if step.undoes for each in step.undoes.steps}
    if Event.RESOLVED in events and incident.standing is Standing.DECLARED:
        standing = Standing.RESOLVED
    elif incident.standing is Standing.RESOLVED and (Event.RESOLVED in undone or events & _GOING_ON):
        standing = Standing.DECLARED
    else:
        return
    incidents.settle(
        transaction.connection, incident.id, standing, by=findings.addressee or "unknown", now=transaction.now
    )


_GOING_ON = frozenset({Event.ASKED, Event.PROGRESS_REPORTED, Event.ESTIMATED})
