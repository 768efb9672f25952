"""Declare: tickets come to be an incident's, and leave it; each one's history says so."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from maild.desk.advancing.keeping_clocks import keep_clock
from maild.desk.telling.happening import Happening
from maild.desk.telling.writing import tell
from maild.desk.transaction import Transaction
from maild.process.incident import REACHED, Incident, Standing
from maild.process.ticket import Event, Ticket
from maild.replies.plain import one_line
from maild.store.desk import incidents, tickets, undoing
from maild.store.desk.incidents import NewIncident
from maild.store.desk.tickets import Cause

LINK = "incident"
TITLE = 200
"""Characters of the first ticket's subject that are an incident's title."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Who says it, and by which mail."""

    by: str
    mail: int

    @property
    def cause(self) -> Cause:
        """That mail."""
        return Cause(mail=self.mail)


def declare(transaction: Transaction, head: Ticket, said: Said) -> Mapping[str, Any]:
    """The ticket is an incident; what was proposed comes along, and whoever has its first ticket has all of it."""
    connection = transaction.connection
    proposed = incidents.incident_of(connection, head.number)
    if proposed is None:
        new = NewIncident(
            head=head.number,
            standing=Standing.DECLARED,
            title=one_line(head.subject, TITLE),
            facts=None,
            mail=said.mail,
            declared_by=said.by,
        )
        number = incidents.add_incident(connection, new, now=transaction.now)
        incidents.join(connection, number, [head.number], because="declared", is_late=False, now=transaction.now)
        return {"incident": number}
    incidents.declare(connection, proposed.id, by=said.by, now=transaction.now)
    for member in proposed.members:
        if member != head.number:
            admit(transaction, replace(proposed, owner=head.assignee), member, said, because="it was proposed with it")
    return {"incident": proposed.id}


def admit(transaction: Transaction, incident: Incident, number: int, said: Said, *, because: str) -> bool:
    """A ticket that stood by itself belongs to it; its clocks run on, and it is the owner's: whether it was not before."""
    before = tickets.read_ticket(transaction.connection, number, for_update=True)
    if before.status not in REACHED:
        incidents.leave(transaction.connection, incident.id, number, now=transaction.now)
        return False
    because = f"{because}: the incident {transaction.rules.desk.show(incident.head)}"
    enter(transaction, incident, number, because=because, is_late=False)
    ticket = replace(before, assignee=incident.answers(transaction.rules.team) or before.assignee)
    tickets.save_ticket(transaction.connection, ticket)
    ticket = keep_clock(transaction, ticket, said.cause, is_renewed=False)
    is_given = ticket.assignee != before.assignee
    changed = {"assignee": before.assignee} if is_given else None
    note(transaction, number, Event.INCIDENT_JOINED, said, because, before=changed)
    if is_given:
        reason = f"{ticket.assignee} has the incident {transaction.rules.desk.show(incident.head)}"
        _tell_assigned(transaction, (before, ticket), said, reason, incident)
    return is_given


def enter(transaction: Transaction, incident: Incident, number: int, *, because: str, is_late: bool) -> None:
    """The ticket is in it, and linked with its head."""
    connection, now = transaction.connection, transaction.now
    incidents.join(connection, incident.id, [number], because=because, is_late=is_late, now=now)
    if number != incident.head:
        tickets.add_link(connection, number, incident.head, kind=LINK, because=because)


def leave(transaction: Transaction, number: int) -> Mapping[str, Any]:
    """The ticket is taken out of the incident that it is in."""
    incident = incidents.incident_of(transaction.connection, number)
    if incident is None:
        return {}
    incidents.leave(transaction.connection, incident.id, number, now=transaction.now)
    undoing.remove_link(transaction.connection, number, incident.head, (LINK,))
    return {"left": incident.id}


def give_back(transaction: Transaction, incident: Incident, number: int, said: Said) -> None:
    """Whoever had to give the ticket up when it joined has it again, if it was given to nobody since."""
    earlier, team = incidents.assignee_before(transaction.connection, number), transaction.rules.team
    before = tickets.read_ticket(transaction.connection, number, for_update=True)
    is_there = any(person.name == earlier for person in team.people)
    if not is_there or before.status not in REACHED or earlier == before.assignee:
        return
    ticket = replace(before, assignee=earlier)
    tickets.save_ticket(transaction.connection, ticket)
    because = f"{earlier} had it before the incident {transaction.rules.desk.show(incident.head)}"
    _tell_assigned(transaction, (before, ticket), said, because, None)


def _tell_assigned(
    transaction: Transaction, stages: tuple[Ticket, Ticket], said: Said, because: str, incident: Incident | None
) -> None:
    event, (before, ticket) = Event.ASSIGNED, stages
    note(transaction, ticket.number, event, said, because)
    happening = Happening(event=event, ticket=ticket, because=(because,), cause=said.cause, incident=incident)
    tell(transaction, replace(happening, former=before.assignee))


def settle(transaction: Transaction, number: int, standing: Standing, said: Said) -> Mapping[str, Any]:
    """It is dismissed, or undone: each of its tickets goes on by itself."""
    incident = incidents.incident_of(transaction.connection, number)
    if incident is None:
        return {}
    incidents.settle(transaction.connection, incident.id, standing, by=said.by, now=transaction.now)
    show = transaction.rules.desk.show
    for member in incident.members:
        undoing.remove_link(transaction.connection, member, incident.head, (LINK,))
        if member != number and standing is Standing.UNDONE:
            note(transaction, member, Event.INCIDENT_LEFT, said, f"{show(incident.head)} is no incident any more")
            give_back(transaction, incident, member, said)
    return {"settled": incident.id}


def note(
    transaction: Transaction,
    number: int,
    event: Event,
    said: Said,
    because: str,
    *,
    before: Mapping[str, Any] | None = None,
) -> None:
    """The ticket's history says so."""
    transaction.add_event(number, event, actor=said.by, because=because, cause=said.cause, before=before)
