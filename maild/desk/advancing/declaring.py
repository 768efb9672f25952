"""Declare: tickets come to be an incident's, and leave it; each one's history says so."""

from collections.abc import Mapping, Sequence
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
class Moved:
    """A ticket that somebody else has from now on."""

    before: Ticket
    ticket: Ticket
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Who says it, and by which mail."""

    by: str
    mail: int
    untold: frozenset[str] = frozenset()
    """Names of those who never heard what is taken back by it, and so are not told that it is."""

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
    owned, because = replace(proposed, owner=head.assignee), "it was proposed with it"
    others = [member for member in proposed.members if member != head.number]
    moved = [admit(transaction, owned, member, said, because=because) for member in others]
    tell_moved(transaction, [each for each in moved if each], said, owned)
    return {"incident": proposed.id}


def admit(transaction: Transaction, incident: Incident, number: int, said: Said, *, because: str) -> Moved | None:
    """A ticket that stood by itself belongs to it; its clocks run on, and it is the owner's, to be told by `tell_moved`."""
    before = tickets.read_ticket(transaction.connection, number, for_update=True)
    if before.status not in REACHED:
        incidents.leave(transaction.connection, incident.id, number, now=transaction.now)
        return None
    because = f"{because}: the incident {transaction.rules.desk.show(incident.head)}"
    enter(transaction, incident, number, because=because, is_late=False)
    ticket = replace(before, assignee=incident.answers(transaction.rules.team) or before.assignee)
    tickets.save_ticket(transaction.connection, ticket)
    ticket = keep_clock(transaction, ticket, said.cause, is_renewed=False)
    is_given = ticket.assignee != before.assignee
    changed = {"assignee": before.assignee} if is_given else None
    note(transaction, number, Event.INCIDENT_JOINED, said, because, before=changed)
    reason = f"{ticket.assignee} has the incident {transaction.rules.desk.show(incident.head)}"
    return Moved(before=before, ticket=ticket, because=reason) if is_given else None


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


def give_back(transaction: Transaction, incident: Incident, number: int) -> Moved | None:
    """Whoever had to give the ticket up when it joined has it again, if it was given to nobody since; to be told by `tell_moved`."""
    earlier, team = incidents.assignee_before(transaction.connection, number), transaction.rules.team
    before = tickets.read_ticket(transaction.connection, number, for_update=True)
    is_there = any(person.name == earlier for person in team.people)
    if not is_there or before.status not in REACHED or earlier == before.assignee:
        return None
    ticket = replace(before, assignee=earlier)
    tickets.save_ticket(transaction.connection, ticket)
    because = f"{earlier} had it before the incident {transaction.rules.desk.show(incident.head)}"
    return Moved(before=before, ticket=ticket, because=because)


def tell_moved(transaction: Transaction, moved: Sequence[Moved], said: Said, incident: Incident | None = None) -> None:
    """Whoever has a ticket now gets it with all that is known; whoever had some of them, one mail that names them."""
    by = transaction.rules.team.person_at(said.by)
    knowing = {*said.untold, by.name if by else ""}
    taken: dict[tuple[str | None, str | None], list[Moved]] = {}
    for each in moved:
        note(transaction, each.ticket.number, Event.ASSIGNED, said, each.because)
        happening = _happening(each, said, by.name if by else "", incident)
        given_to, former = each.ticket.assignee, each.before.assignee
        # Whoever has an incident has not seen its other tickets, though they have declared it themselves.
        is_known = given_to in (said.untold if incident else knowing)
        tell(transaction, replace(happening, given_to=None if is_known else given_to))
        if former not in knowing:
            taken.setdefault((former, given_to), []).append(each)
    for (former, _), theirs in taken.items():
        happening = _happening(theirs[0], said, by.name if by else "", incident)
        named = ", ".join(transaction.rules.desk.show(each.ticket.number) for each in theirs)
        told = replace(happening, former=former, is_shared=len(theirs) > 1)
        tell(transaction, replace(told, because=(*told.because, named)) if told.is_shared else told)


def _happening(moved: Moved, said: Said, by: str, incident: Incident | None) -> Happening:
    return Happening(
        event=Event.ASSIGNED,
        ticket=moved.ticket,
        because=(moved.because,),
        cause=said.cause,
        incident=incident,
        said_by=by,
    )


def settle(transaction: Transaction, number: int, standing: Standing, said: Said) -> Mapping[str, Any]:
    """It is dismissed, or undone: each of its tickets goes on by itself."""
    incident = incidents.incident_of(transaction.connection, number)
    if incident is None:
        return {}
    incidents.settle(transaction.connection, incident.id, standing, by=said.by, now=transaction.now)
    show = transaction.rules.desk.show
    moved = []
    for member in incident.members:
        undoing.remove_link(transaction.connection, member, incident.head, (LINK,))
        if member != number and standing is Standing.UNDONE:
            note(transaction, member, Event.INCIDENT_LEFT, said, f"{show(incident.head)} is no incident any more")
            moved.append(give_back(transaction, incident, member))
    tell_moved(transaction, [each for each in moved if each], said)
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
