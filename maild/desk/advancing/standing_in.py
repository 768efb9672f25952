"""Stand in: an assignee whose absence note comes back gives the ticket to their substitute."""

from dataclasses import replace

from maild.desk.advancing.assigning import Assigned
from maild.desk.transaction import Transaction
from maild.process.decision import Findings
from maild.process.people.absence import find_return
from maild.process.people.duty import is_away
from maild.process.ticket import Event, Status, Ticket, Trust
from maild.store.incoming.findings import has_answered_automatically


def stand_in(transaction: Transaction, ticket: Ticket, event: Event, findings: Findings) -> Assigned | None:
    """Give the ticket to the substitute, where the desk wants that and the note names a day of return.

    Without a substitute who is there it waits: its clocks go on, and the lead is told when one runs out.
    """
    person, rules = findings.person, transaction.rules
    if event is not Event.AUTOMATIC_REPLY_CAME or person is None or person.name != ticket.assignee:
        return None
    if not rules.policy.reassign_absent or ticket.status in {Status.CLOSED, Status.HANDED_OFF}:
        return None
    if findings.trust is Trust.CLAIMED:
        return None  # anybody can write so in their name
    today = transaction.now.astimezone(rules.priorities.calendar.zone).date()
    day = find_return(findings.mail.new_text, today)
    substitute = next((other for other in rules.team.people if other.name == person.substitute), None)
    if day is None or substitute is None or is_away(substitute, today) or substitute.name in transaction.absent:
        return None
    # Two who are both away and stand in for each other would hand the ticket to and fro for ever.
    if has_answered_automatically(transaction.connection, ticket.number, substitute.addresses):
        return None
    because = f"{person.name} is away until {day}: {substitute.name} stands in"
    return Assigned(ticket=replace(ticket, assignee=substitute.name), event=Event.ASSIGNED, because=because)
