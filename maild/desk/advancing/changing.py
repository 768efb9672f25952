"""Advance: what a decided event does to its ticket, and to the clocks."""

from collections.abc import Mapping
from dataclasses import replace

from maild.desk.advancing.absence import await_return
from maild.desk.advancing.assigning import announce, assign
from maild.desk.advancing.closing import follow_closing, note_reopening
from maild.desk.advancing.counting_closings import note_wrong_closure
from maild.desk.advancing.gathering import asked, gathered, note_asked, note_gathered
from maild.desk.advancing.joining import find_known, given, with_owner, write_down
from maild.desk.advancing.keeping_clocks import first_clocks, keep_clock, note_service_levels
from maild.desk.advancing.standing_in import stand_in
from maild.desk.finding.looking_up import Arrival
from maild.desk.telling.accompanying import add_named
from maild.desk.telling.happening import Happening
from maild.desk.telling.writing import tell
from maild.desk.transaction import Transaction
from maild.process.decision import Decision, Findings
from maild.process.people.hand_off import taken_from
from maild.process.plan import Plan
from maild.process.thread import MOST_REFERENCES
from maild.process.ticket import Event, Role, Ticket
from maild.process.transitions import advance
from maild.replies.subject import base_subject
from maild.store.desk import deadlines, tickets
from maild.store.desk.tickets import Cause

TELLING = frozenset({Event.CLIENT_REPLIED, Event.CLIENT_DENIED, Event.CLOSURE_UNCLEAR})
"""Events with which the client tells more about the issue."""

_HOLDING = frozenset({Event.CONFIRMATION_ASKED, Event.RELAY_HELD})
"""Events with which a mail waits for whoever wrote it, who is shown all that they would let through."""


def open_ticket(transaction: Transaction, arrival: Arrival, findings: Findings, decision: Decision) -> Ticket:
    """A mail becomes a ticket of its own; everybody who must know is told."""
    event = _event(decision)
    draft = gathered(transaction, _draft(transaction, findings, decision), arrival)
    joining = find_known(transaction, draft, findings)
    draft = with_owner(draft, joining, transaction.rules.team) if joining else asked(transaction, draft)
    change, due_at = first_clocks(transaction, draft)
    draft = replace(draft, next_update_due_at=due_at)
    assigned = assign(transaction, draft)
    draft = assigned.ticket if assigned else draft
    ticket = tickets.open_together(transaction.together, transaction.numbers, draft)
    transaction.still_open.meet(ticket)
    deadlines.start_clocks(transaction.together, ticket.number, change.started, Cause(mail=arrival.mail_id))
    remember_conversation(transaction, ticket, findings)
    tickets.add_participants(transaction.together, ticket.number, {ticket.client.casefold(): Role.CLIENT})
    reasons = (decision.because, *_reasons(findings), *_link(transaction, ticket, findings, decision))
    reasons += write_down(transaction, ticket, joining, Cause(mail=arrival.mail_id))
    happening = Happening(
        event=event,
        ticket=ticket,
        because=reasons,
        cause=Cause(mail=arrival.mail_id),
        arrival=arrival,
        findings=findings,
        opens=True,
        incident=joining.incident if joining else None,
    )
    _write_down(transaction, happening, actor=ticket.client, because=decision.because)
    add_named(transaction, happening)
    note_asked(transaction, ticket, happening.cause)
    note_service_levels(transaction, ticket.number, change, happening.cause)
    announce(transaction, assigned or given(joining, ticket), tell(transaction, happening))
    return ticket


def happen(transaction: Transaction, arrival: Arrival, findings: Findings, decision: Decision) -> Ticket:
    """An event happens to a ticket that is there."""
    if decision.ticket is None:
        raise ValueError(f"{decision.event} happens to a ticket, and none is named")
    event, before = _event(decision), tickets.read_ticket(transaction.connection, decision.ticket, for_update=True)
    ticket = replace(before, status=advance(before.status, event))
    assigned = assign(transaction, ticket) or stand_in(transaction, ticket, event, findings)
    ticket = assigned.ticket if assigned else ticket
    if event in TELLING:
        ticket = gathered(transaction, ticket, arrival)
    if ticket != before:
        tickets.save_ticket(transaction.connection, ticket)
    if event not in {Event.BOUNCE_CAME, *_HOLDING}:
        remember_conversation(transaction, ticket, findings)
    ticket = keep_clock(transaction, ticket, Cause(mail=arrival.mail_id), is_renewed=event is Event.ANSWERED_DIRECTLY)
    happening = Happening(
        event=event,
        ticket=ticket,
        because=(decision.because,),
        cause=Cause(mail=arrival.mail_id),
        arrival=arrival,
        findings=findings,
        failed=findings.bounced,
        transcript=decision.refusal.lines if decision.refusal else (),
        taken_from=taken_from(before, ticket, said_by=findings.staff),
    )
    happening = _with_question(happening, findings) if event in _HOLDING else happening
    was = {"status": before.status.value} if event in TELLING and ticket.status is not before.status else None
    _write_down(transaction, happening, actor=_actor(findings), because=decision.because, before=was)
    if event is Event.AUTOMATIC_REPLY_CAME:
        await_return(transaction, ticket, arrival.mail, arrival.mail_id)
    note_wrong_closure(transaction, ticket, event, happening.cause)
    if event in TELLING:
        add_named(transaction, happening)
        told = note_gathered(transaction, before, ticket, happening.cause)
        happening = replace(happening, because=(*happening.because, *told))
    announce(transaction, assigned, tell(transaction, happening))
    follow_closing(transaction, happening)
    note_reopening(transaction, before, ticket)
    return ticket


def _with_question(happening: Happening, findings: Findings) -> Happening:
    """All that would be let through, and who would get it."""
    is_shared = isinstance(findings.orders, Plan) and findings.orders.is_shared
    return replace(happening, words=findings.words, readers=findings.readers, is_shared=is_shared)


def _event(decision: Decision) -> Event:
    if decision.event is None:
        raise ValueError("nothing happens to a ticket without an event")
    return decision.event


def _actor(findings: Findings) -> str:
    return "the desk" if findings.is_sent else findings.mail_author if findings.author else "unknown"


def _draft(transaction: Transaction, findings: Findings, decision: Decision) -> Ticket:
    """The ticket that the verdicts describe; its number comes from the store."""
    rules, mail, author = transaction.rules, findings.mail, findings.author
    if author is None:
        raise ValueError("a mail without an author is held, not opened")
    urgency, impact = _number(findings.label("urgency")), _number(findings.label("impact"))
    draft = Ticket(
        number=0,
        status=advance(None, _event(decision)),
        technical=decision.technical,
        category=findings.label("category"),
        urgency=urgency,
        impact=impact,
        priority=rules.priorities.of(urgency, impact),
        client=author.address,
        client_name=author.name,
        language=mail.language if mail.language in rules.desk.languages else rules.desk.languages[0],
        subject=base_subject(mail.subject, rules.desk.prefix) if decision.branches_off else mail.subject,
        assignee=None,
        team=decision.team,
        opened_at=transaction.now,
        next_update_due_at=None,
    )
    return _as_before(draft, findings.ticket) if decision.is_as_before and findings.ticket else draft


def _as_before(draft: Ticket, old: Ticket) -> Ticket:
    """The ticket is about what the old one was about: what a tap alone cannot say."""
    return replace(
        draft,
        technical=old.technical,
        category=old.category,
        urgency=old.urgency,
        impact=old.impact,
        priority=old.priority,
        language=old.language,
        subject=old.subject,
    )


def _number(label: str | None) -> int | None:
    return int(label) if label else None


def remember_conversation(transaction: Transaction, ticket: Ticket, findings: Findings) -> None:
    """The mail's own Message-ID, and what it refers to: a later answer to any of them belongs here (ghost parents)."""
    mail = findings.mail
    nearest = (*mail.in_reply_to, *reversed(mail.references))[:MOST_REFERENCES]
    kinds = dict.fromkeys(nearest, "ghost")
    if mail.message_id:
        kinds[mail.message_id] = "in"
    tickets.add_to_conversation(transaction.together, ticket.number, kinds)


def _reasons(findings: Findings) -> tuple[str, ...]:
    """The verdicts in words, for internal readers."""
    asked = (
        findings.verdicts[question] for question in ("category", "urgency", "impact") if question in findings.verdicts
    )
    return tuple(f"{verdict.question} {verdict.label or 'unsure'}: {verdict.because}" for verdict in asked)


def _link(transaction: Transaction, ticket: Ticket, findings: Findings, decision: Decision) -> tuple[str, ...]:
    """A stranger's mail is linked to the ticket that it speaks of, and both histories say so."""
    if decision.link_to is None or findings.thread is None:
        return ()
    branch = decision.branches_off
    because = f"{ticket.client} wrote about it: {branch or findings.thread.because}"
    kind, event = ("branched_off", Event.BRANCHED_OFF) if branch else ("speaks_of", Event.STRANGER_LINKED)
    tickets.add_link(transaction.connection, ticket.number, decision.link_to, kind=kind, because=because)
    tickets.add_event(
        transaction.connection,
        decision.link_to,
        event,
        actor=ticket.client,
        because=f"{because}; see {transaction.rules.desk.show(ticket.number)}",
        cause=Cause(),
        at=transaction.now,
    )
    verb = "answers" if branch else "speaks of"
    return (f"{verb} {transaction.rules.desk.show(decision.link_to)}: {branch or findings.thread.because}",)


def _write_down(
    transaction: Transaction,
    happening: Happening,
    *,
    actor: str,
    because: str,
    before: Mapping[str, object] | None = None,
) -> None:
    tickets.add_event(
        transaction.together,
        happening.ticket.number,
        happening.event,
        actor=actor,
        because=because,
        cause=happening.cause,
        at=transaction.now,
        before=before,
    )
