"""Stand in: an assignee whose absence note comes back gives the ticket to their substitute."""

from dataclasses import replace
from datetime import timedelta

from maild.desk.advancing.assigning import Assigned
from maild.desk.transaction import Transaction
from maild.process.decision import Findings
from maild.process.people.absence import find_absence
from maild.process.people.duty import is_away
from maild.process.ticket import Event, Status, Ticket, Trust
from maild.store.incoming.findings import has_answered_automatically


def stand_in(transaction: Transaction, ticket: Ticket, event: Event, findings: Findings) -> Assigned | None:
    """Give the ticket to the substitute, where the desk wants that and the note says that they are away now, and until when.

    Without a substitute who is there it waits: its clocks go on, and the lead is told when one runs out.
    """
    person, rules = findings.person, transaction.rules
    if event is not Event.AUTOMATIC_REPLY_CAME or person is None or person.name != ticket.assignee:
        return None
    is_over = ticket.status in {Status.CLOSED, Status.HANDED_OFF}
    if not rules.policy.reassign_absent or is_over or findings.trust is Trust.CLAIMED:
        return None  # anybody can claim so in their name
    zone = rules.priorities.calendar.zone
    today = transaction.now.astimezone(zone).date()
    # An old note of theirs can be sent again by whoever got it: then its days are over.
    written_at = min(transaction.now, findings.mail.written_at or transaction.now)
    absence = find_absence(findings.mail.new_text, written_at.astimezone(zone).date())
    if absence is None or not absence.begins <= today < absence.back:
        return None
    substitute = next((other for other in rules.team.people if other.name == person.substitute), None)
    if substitute is None or is_away(substitute, today) or substitute.name in transaction.absent:
        return None
    # Two who are both away and stand in for each other would hand the ticket to and fro for ever.
    if has_answered_automatically(transaction.connection, ticket.number, substitute.addresses):
        return None
    because = f"{person.name} is away until {absence.back - timedelta(days=1)}: {substitute.name} stands in"
    given = replace(ticket, assignee=substitute.name)
    return Assigned(ticket=given, event=Event.ASSIGNED, because=because, former=person.name)
