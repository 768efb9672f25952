"""What became of a mail that we submitted: refused for good, or of unknown fate; its ticket says so."""

from datetime import datetime

from maild.desk.telling.happening import Happening
from maild.desk.telling.writing import tell
from maild.desk.transaction import begin
from maild.process.rules import Rules
from maild.process.ticket import Event
from maild.replies.voice import Voice
from maild.store.desk import tickets
from maild.store.desk.tickets import Cause
from maild.store.engine import Connection
from maild.store.incoming import findings

EVENTS = {"bounced": Event.BOUNCE_CAME, "uncertain": Event.DELIVERY_UNCERTAIN}


def note_delivery(
    connection: Connection, outbox_id: int, state: str, answer: str, now: datetime, *, rules: Rules, voice: Voice
) -> None:
    """Write the event on the ticket, and tell the lead; runs inside the transaction that settles the row."""
    sent = findings.find_sent_by_id(connection, outbox_id)
    if sent is None or sent.ticket is None or state not in EVENTS:
        return
    ticket = tickets.read_ticket(connection, sent.ticket)
    because = f"our {sent.kind} to {sent.recipient} is {state}: {answer}"
    cause = Cause(outbox=outbox_id)
    tickets.add_event(connection, ticket.number, EVENTS[state], actor="maild", because=because, cause=cause, at=now)
    happening = Happening(event=EVENTS[state], ticket=ticket, because=(because,), cause=cause, failed=sent)
    with begin(connection, rules=rules, voice=voice, now=now) as transaction:
        tell(transaction, happening)
