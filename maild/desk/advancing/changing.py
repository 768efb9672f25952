"""Change: an event happens to a ticket that is there, to its clocks, and to whoever must know."""

from dataclasses import replace

from maild.desk.advancing.absence import await_return
from maild.desk.advancing.assigning import Assigned, announce, assign
from maild.desk.advancing.closing import follow_closing, note_reopening
from maild.desk.advancing.counting_closings import note_wrong_closure
from maild.desk.advancing.gathering import gathered, note_gathered
from maild.desk.advancing.heightening import heightened, heightened_because
from maild.desk.advancing.keeping_clocks import keep_clock
from maild.desk.advancing.noting import event_of, remember_conversation
from maild.desk.advancing.standing_in import stand_in
from maild.desk.finding.arrival import Arrival
from maild.desk.telling.accompanying import add_named
from maild.desk.telling.happening import Happening
from maild.desk.telling.writing import tell
from maild.desk.transaction import Transaction
from maild.process.decision import Decision, Findings
from maild.process.people.hand_off import taken_from
from maild.process.plan import Plan
from maild.process.ticket import Event, Ticket
from maild.process.transitions import advance
from maild.store.desk import tickets
from maild.store.desk.tickets import Cause

TELLING = frozenset({Event.CLIENT_REPLIED, Event.CLIENT_DENIED, Event.CLOSURE_UNCLEAR})
"""Events with which the client tells more about the issue."""

_HOLDING = frozenset({Event.CONFIRMATION_ASKED, Event.RELAY_HELD})
"""Events with which a mail waits for whoever wrote it, who is shown all that they would let through."""


def happen(transaction: Transaction, arrival: Arrival, findings: Findings, decision: Decision) -> Ticket:
    """Change the ticket, keep its clocks, write down what happened, and tell whoever must know."""
    if decision.ticket is None:
        raise ValueError(f"{decision.event} happens to a ticket, and none is named")
    event, before = event_of(decision), tickets.read_ticket(transaction.connection, decision.ticket, for_update=True)
    ticket, assigned = _change(transaction, before, event, arrival, findings)
    ticket = keep_clock(transaction, ticket, Cause(mail=arrival.mail_id), is_renewed=event is Event.ANSWERED_DIRECTLY)
    happening = _happening(before, ticket, arrival, findings, decision)
    was = {"status": before.status.value} if event in TELLING and ticket.status is not before.status else None
    transaction.add_event(
        ticket.number,
        event,
        actor=_actor(findings),
        because=decision.because,
        cause=happening.cause,
        before=was,
    )
    if event is Event.AUTOMATIC_REPLY_CAME:
        await_return(transaction, ticket, arrival.mail, arrival.mail_id)
    note_wrong_closure(transaction, ticket, event, happening.cause)
    if event in TELLING:
        add_named(transaction, happening)
        higher = heightened(transaction, ticket, findings)
        told = *note_gathered(transaction, before, ticket, happening.cause), *heightened_because(higher, findings)
        happening = replace(happening, because=(*happening.because, *told), heightened=higher)
    announce(transaction, assigned, tell(transaction, happening))
    follow_closing(transaction, happening)
    note_reopening(transaction, before, ticket)
    return ticket


def _change(
    transaction: Transaction, before: Ticket, event: Event, arrival: Arrival, findings: Findings
) -> tuple[Ticket, Assigned | None]:
    """The ticket as it is from now on, saved; and who is responsible for it, where that is somebody new."""
    ticket = replace(before, status=advance(before.status, event))
    assigned = assign(transaction, ticket) or stand_in(transaction, ticket, event, findings)
    ticket = assigned.ticket if assigned else ticket
    if event in TELLING:
        ticket = gathered(transaction, ticket, arrival)
    if ticket != before:
        tickets.save_ticket(transaction.connection, ticket)
    if event not in {Event.BOUNCE_CAME, *_HOLDING}:
        remember_conversation(transaction, ticket, findings)
    return ticket, assigned


def _happening(before: Ticket, ticket: Ticket, arrival: Arrival, findings: Findings, decision: Decision) -> Happening:
    happening = Happening(
        event=event_of(decision),
        ticket=ticket,
        because=(decision.because,),
        cause=Cause(mail=arrival.mail_id),
        arrival=arrival,
        findings=findings,
        failed=findings.bounced,
        transcript=decision.refusal.lines if decision.refusal else (),
        taken_from=taken_from(before, ticket, said_by=findings.staff),
    )
    return _with_question(happening, findings) if happening.event in _HOLDING else happening


def _with_question(happening: Happening, findings: Findings) -> Happening:
    """All that would be let through, and who would get it."""
    is_shared = isinstance(findings.orders, Plan) and findings.orders.is_shared
    return replace(happening, words=findings.words, readers=findings.readers, is_shared=is_shared)


def _actor(findings: Findings) -> str:
    return "the desk" if findings.is_sent else findings.mail_author if findings.author else "unknown"
