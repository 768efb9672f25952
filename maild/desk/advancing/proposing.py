"""Propose: the lead is asked, once, whether many similar tickets are one incident."""

import logging
from collections.abc import Sequence

from maild.desk.advancing.declaring import TITLE, Said, admit, note, tell_moved
from maild.desk.telling.happening import Happening
from maild.desk.telling.writing import tell
from maild.desk.transaction import Transaction
from maild.knowledge.bursts import Burst
from maild.knowledge.likeness import Vector
from maild.knowledge.one_cause import APART, LOOKED_BACK, find_one_cause
from maild.process.incident import REACHED, Incident, Standing
from maild.process.ticket import Event, Ticket
from maild.replies.plain import one_line
from maild.store.desk import incidents, relations, tickets
from maild.store.desk.incidents import NewIncident
from maild.store.desk.tickets import Cause

log = logging.getLogger(__name__)

GROWN = 2
"""Times as many tickets as when the lead was asked last: of a flood that is asked a few times, whatever it brings."""


def propose(transaction: Transaction, burst: Burst, shared: Vector, rarity: Vector) -> int | None:
    """Ask the lead about it; None where another process has, or where one of its tickets is spoken for meanwhile.

    What people wrote in two languages about one thing that both name is one proposal.
    """
    connection = transaction.connection
    numbers = [each.number for each in burst.tickets]
    if incidents.ever_in_any(connection, numbers):
        return None
    live = _live(transaction, numbers)
    if len(live) * 2 < len(numbers):
        return None
    if _is_of_another_language(transaction, live) or _is_too_much(transaction, burst.proven):
        return None
    head, mail = live[0], burst.tickets[-1].mail
    facts = _facts(burst)
    new = NewIncident(
        head=head.number, standing=Standing.PROPOSED, title=one_line(head.subject, TITLE), facts=facts, mail=mail
    )
    row = incidents.add_incident(connection, new, now=transaction.now)
    incidents.keep_terms(connection, row, shared, rarity)
    together = [ticket.number for ticket in live]
    incidents.join(connection, row, together, because="proposed", is_late=False, now=transaction.now)
    because = f"{burst.clients} clients wrote the same within {burst.window}; {burst.usual:.2f} would be usual"
    _note_asked(transaction, head, mail, because, tickets=len(together))
    cause = Cause(mail=mail)
    tell(
        transaction, Happening(event=Event.INCIDENT_PROPOSED, ticket=head, because=(because,), cause=cause, facts=facts)
    )
    log.info("incident proposed", extra={"ticket": head.number, "clients": burst.clients, "tickets": len(live)})
    return row


def _is_of_another_language(transaction: Transaction, live: Sequence[Ticket]) -> bool:
    """Whether it has been proposed already, by what others wrote in another language; then it belongs to that proposal."""
    connection, first = transaction.connection, min(ticket.number for ticket in live)
    numbers = [ticket.number for ticket in live]
    for incident in incidents.standing_incidents(connection, [Standing.PROPOSED]):
        there = _live(transaction, incident.members)
        if not there or live[0].opened_at - max(ticket.opened_at for ticket in there) > APART:
            continue
        before = range(min(first, *incident.members) - LOOKED_BACK, min(first, *incident.members))
        if fact := find_one_cause(live, there, list(tickets.find_readable(connection, before).values())):
            thing = fact[1]
            because = f"it names {thing} as the others do"
            incidents.join(connection, incident.id, numbers, because=because, is_late=False, now=transaction.now)
            _tell_growth(transaction, incident.id, live[-1])
            log.info("incident of another language", extra={"ticket": incident.head, "tickets": len(live)})
            return True
    return False


def _is_too_much(transaction: Transaction, proven: int) -> bool:
    """Whether leads were asked so often within an hour that somebody must be forging incidents.

    What proven clients alone would make an incident has a budget of its own, which nobody can use up by forging.
    """
    limits, least = transaction.rules.policy.limits, transaction.rules.policy.incidents.least_clients
    name = "proven incidents" if proven >= least else "proposed incidents"
    if transaction.count_in(name, most=limits.confirmations):
        return False
    log.warning("incident not proposed: the limit of confirmations an hour is reached")
    return True


def _facts(burst: Burst) -> dict[str, object]:
    return {
        "clients": burst.clients,
        "proven": burst.proven,
        "since": burst.tickets[0].at.isoformat(),
        "window_minutes": round(burst.window.total_seconds() / 60),
        "usual": burst.usual,
        "once_in_weeks": burst.once_in_weeks,
        "words": list(burst.words),
    }


def add_alike(transaction: Transaction, row: int, numbers: Sequence[int]) -> list[int]:
    """Tickets that say the same and came while nobody knew join what is proposed, or declared; answers which."""
    incident = incidents.read_incident(transaction.connection, row)
    gone = incidents.ever_in_any(transaction.connection, numbers)
    live = _live(transaction, [number for number in numbers if number not in gone])
    because = "it says what the others say"
    joined = [ticket.number for ticket in live]
    if incident.standing is Standing.DECLARED:
        for ticket in live:
            _admit(transaction, incident, ticket, because)
    elif incident.standing is Standing.PROPOSED:
        incidents.join(transaction.connection, row, joined, because=because, is_late=False, now=transaction.now)
        if live:
            _tell_growth(transaction, row, live[-1])
    return joined


def _tell_growth(transaction: Transaction, row: int, newest: Ticket) -> None:
    """Ask the lead again where what is proposed has at least twice the tickets that it had when they were asked last."""
    connection, proposal = transaction.connection, incidents.read_proposal(transaction.connection, row)
    if proposal.members < GROWN * proposal.told or not proposal.facts:
        return
    if _is_too_much(transaction, proposal.facts["proven"]):
        return  # the next one that joins asks again
    head, mail = tickets.read_ticket(connection, proposal.head), relations.client_mails(connection, newest)[0].id
    because = f"{proposal.members} tickets say the same; {proposal.told} did when the lead was asked last"
    _note_asked(transaction, head, mail, because, tickets=proposal.members)
    facts = {**proposal.facts, "told": proposal.told}
    cause = Cause(mail=mail)
    tell(
        transaction, Happening(event=Event.INCIDENT_PROPOSED, ticket=head, because=(because,), cause=cause, facts=facts)
    )
    log.info("incident has grown", extra={"ticket": head.number, "tickets": proposal.members})


def _note_asked(transaction: Transaction, head: Ticket, mail: int, because: str, *, tickets: int) -> None:
    said = Said(by="maild", mail=mail)
    note(transaction, head.number, Event.INCIDENT_PROPOSED, said, because, before={incidents.TOLD: tickets})


def _admit(transaction: Transaction, incident: Incident, ticket: Ticket, because: str) -> None:
    mail = relations.client_mails(transaction.connection, ticket)[0].id
    said = Said(by="maild", mail=mail)
    if moved := admit(transaction, incident, ticket.number, said, because=because):
        tell_moved(transaction, [moved], said, incident)
        return  # whoever has it now is told of it like of any ticket that became theirs
    told = Happening(
        event=Event.INCIDENT_JOINED, ticket=ticket, because=(because,), cause=Cause(mail=mail), incident=incident
    )
    tell(transaction, told)


def _live(transaction: Transaction, numbers: Sequence[int]) -> list[Ticket]:
    """Those of the tickets whose clients would get an answer; who was not even acknowledged joins nothing unasked."""
    found = tickets.find_readable(transaction.connection, numbers)
    withheld = incidents.unacknowledged(transaction.connection, numbers)
    live = (ticket for number, ticket in sorted(found.items()) if number not in withheld)
    return [ticket for ticket in live if ticket.status in REACHED]
