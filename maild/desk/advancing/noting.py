"""Note: what a decision does to its ticket, and by which mails the ticket is known again."""

from maild.desk.transaction import Transaction
from maild.process.decision import Decision, Findings
from maild.process.thread import MOST_REFERENCES
from maild.process.ticket import Event, Ticket
from maild.store.desk import tickets


def event_of(decision: Decision) -> Event:
    """What happens by the decision. Raises ValueError where nothing does."""
    if decision.event is None:
        raise ValueError("nothing happens to a ticket without an event")
    return decision.event


def remember_conversation(transaction: Transaction, ticket: Ticket, findings: Findings) -> None:
    """The mail's own Message-ID, and what it refers to: a later answer to any of them belongs here (ghost parents)."""
    mail = findings.mail
    nearest = (*mail.in_reply_to, *reversed(mail.references))[:MOST_REFERENCES]
    kinds = dict.fromkeys(nearest, "ghost")
    if mail.message_id:
        kinds[mail.message_id] = "in"
    tickets.add_to_conversation(transaction.together, ticket.number, kinds)
