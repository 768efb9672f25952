"""Join: a new ticket that says what a declared incident's tickets share belongs to it from its first moment."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from maild.desk.advancing.assigning import Assigned
from maild.desk.advancing.declaring import enter
from maild.desk.telling.limiting import look_up
from maild.desk.transaction import Transaction
from maild.knowledge.bursts import JOINING
from maild.knowledge.likeness import count_terms, likeness, weigh
from maild.process.decision import Findings
from maild.process.incident import Incident
from maild.process.people.team import Team
from maild.process.ticket import Event, Status, Ticket
from maild.store.desk.tickets import Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """A ticket that is about to join."""

    incident: Incident
    because: str


def find_known(transaction: Transaction, draft: Ticket, findings: Findings) -> Joining | None:
    """The declared incident that a new ticket of the desk's own belongs to.

    Where so many mails come from an address or a domain that they are not even acknowledged, nobody joins: whoever forges
    a thousand of them must not get each answer to the incident a thousand times.
    """
    declared, mail = transaction.declared_incidents, findings.mail
    if not declared or draft.status is Status.HANDED_OFF or mail.author is None:
        return None
    _, exceeded = look_up(transaction, findings, mail.author)
    if exceeded is not None:
        return None
    counts = count_terms(mail.subject, mail.new_text)
    found = max(declared, key=lambda each: _how_alike(counts, each))
    alike = _how_alike(counts, found)
    if alike < JOINING:
        return None
    because = f"it says what the incident {transaction.rules.desk.show(found.head)} is about (likeness {alike:.2f})"
    return Joining(incident=found, because=because)


def _how_alike(counts: Mapping[str, int], incident: Incident) -> float:
    return likeness(weigh(counts, incident.rarity), incident.terms) if incident.terms else 0.0


def with_owner(draft: Ticket, joining: Joining, team: Team) -> Ticket:
    """The ticket is whose the incident is. Its client is asked for nothing: the cause is looked for already."""
    return replace(draft, assignee=joining.incident.answers(team) or draft.assignee)


def given(joining: Joining | None, ticket: Ticket) -> Assigned | None:
    """Whoever has the incident hears of the ticket like of any new one."""
    if joining is None or ticket.assignee is None:
        return None
    return Assigned(ticket=ticket, event=Event.ASSIGNED, because=f"{ticket.assignee} has the incident")


def write_down(transaction: Transaction, ticket: Ticket, joining: Joining | None, cause: Cause) -> None:
    """The ticket, which has begun by now, is in it."""
    if joining is None:
        return
    enter(transaction, joining.incident, ticket.number, because=joining.because, is_late=True)
    transaction.add_event(ticket.number, Event.INCIDENT_JOINED, because=joining.because, cause=cause)
