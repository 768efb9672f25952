"""Picture: an incident as those are told of it who answer for it."""

from datetime import datetime, timedelta

from maild.desk.telling.happening import Happening
from maild.desk.transaction import Transaction
from maild.process.ticket import Ticket
from maild.replies.incident import IncidentStory, Member, Statistics
from maild.store.desk.incidents import gone_from, incident_of
from maild.store.desk.tickets import find_tickets

TELLING = frozenset({"incident_proposed", "incident_declared", "incident_joined", "assignment"})
"""Kinds of mail that tell of an incident."""


def find_story(transaction: Transaction, happening: Happening, kind: str) -> IncidentStory | None:
    """Its tickets as they are now, and why it was proposed."""
    number = happening.ticket.number
    if kind not in TELLING or (kind == "assignment" and happening.incident is None):
        return None
    incident = incident_of(transaction.connection, number)
    if incident is None:
        return None
    gone = gone_from(transaction.connection, incident.id) if kind == "incident_declared" else []
    found = find_tickets(transaction.connection, [*incident.members, *gone])
    return IncidentStory(
        head=incident.head,
        members=tuple(_member(found[number]) for number in incident.members),
        skipped=tuple(_member(found[number]) for number in gone),
        is_joining=transaction.rules.policy.incidents.join,
        statistics=_statistics(happening),
    )


def _member(ticket: Ticket) -> Member:
    return Member(number=ticket.number, client=ticket.client, subject=ticket.subject)


def _statistics(happening: Happening) -> Statistics | None:
    facts = happening.facts
    if not facts:
        return None
    return Statistics(
        clients=facts["clients"],
        proven=facts["proven"],
        since=datetime.fromisoformat(facts["since"]),
        window=timedelta(minutes=facts["window_minutes"]),
        usual=facts["usual"],
        once_in_weeks=facts["once_in_weeks"],
        words=tuple(facts["words"]),
        told=facts.get("told"),
    )
