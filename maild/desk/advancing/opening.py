"""Open: a mail becomes a ticket of its own."""

from dataclasses import replace

from maild.desk.advancing.assigning import announce, assign
from maild.desk.advancing.gathering import asked, gathered, note_asked
from maild.desk.advancing.joining import find_known, given, with_owner, write_down
from maild.desk.advancing.keeping_clocks import first_clocks, note_service_levels
from maild.desk.advancing.noting import event_of, remember_conversation
from maild.desk.finding.arrival import Arrival
from maild.desk.telling.accompanying import add_named
from maild.desk.telling.happening import Happening
from maild.desk.telling.writing import tell
from maild.desk.transaction import Transaction
from maild.process.decision import Decision, Findings
from maild.process.ticket import Event, Role, Ticket
from maild.process.transitions import advance
from maild.replies.subject import base_subject
from maild.store.desk import deadlines, tickets
from maild.store.desk.tickets import Cause


def open_ticket(transaction: Transaction, arrival: Arrival, findings: Findings, decision: Decision) -> Ticket:
    """A mail becomes a ticket of its own; everybody who must know is told."""
    event = event_of(decision)
    draft = gathered(transaction, _draft(transaction, findings, decision), arrival)
    joining = find_known(transaction, draft, findings)
    draft = with_owner(draft, joining, transaction.rules.team) if joining else asked(transaction, draft)
    change, due_at = first_clocks(transaction, draft)
    draft = replace(draft, next_update_due_at=due_at)
    assigned = assign(transaction, draft)
    draft = assigned.ticket if assigned else draft
    cause = Cause(mail=arrival.mail_id)
    ticket = _store(transaction, draft, findings)
    deadlines.start_clocks(transaction.together, ticket.number, change.started, cause)
    reasons = (decision.because, *_reasons(findings), *_link(transaction, ticket, findings, decision))
    reasons += (joining.because,) if joining else ()
    happening = Happening(
        event=event,
        ticket=ticket,
        because=reasons,
        cause=cause,
        arrival=arrival,
        findings=findings,
        opens=True,
        incident=joining.incident if joining else None,
    )
    transaction.add_event(ticket.number, event, actor=ticket.client, because=decision.because, cause=cause)
    write_down(transaction, ticket, joining, cause)
    add_named(transaction, happening)
    note_asked(transaction, ticket, cause)
    note_service_levels(transaction, ticket.number, change, cause)
    announce(transaction, assigned or given(joining, ticket), tell(transaction, happening))
    return ticket


def _store(transaction: Transaction, draft: Ticket, findings: Findings) -> Ticket:
    """Give it its number, its client, and the mails by which it is known."""
    ticket = tickets.open_together(transaction.together, transaction.numbers, draft)
    transaction.still_open.meet(ticket)
    remember_conversation(transaction, ticket, findings)
    tickets.add_participants(transaction.together, ticket.number, {ticket.client.casefold(): Role.CLIENT})
    return ticket


def _draft(transaction: Transaction, findings: Findings, decision: Decision) -> Ticket:
    """The ticket that the verdicts describe; its number comes from the store."""
    rules, mail, author = transaction.rules, findings.mail, findings.author
    if author is None:
        raise ValueError("a mail without an author is held, not opened")
    urgency, impact = _number(findings.label("urgency")), _number(findings.label("impact"))
    draft = Ticket(
        number=0,
        status=advance(None, event_of(decision)),
        technical=decision.technical,
        category=findings.label("category"),
        urgency=urgency,
        impact=impact,
        priority=rules.priorities.of(urgency, impact),
        client=author.address,
        client_name=author.name,
        language=rules.desk.language_for(mail.language),
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
    transaction.add_event(
        decision.link_to,
        event,
        actor=ticket.client,
        because=f"{because}; see {transaction.rules.desk.show(ticket.number)}",
        cause=Cause(),
    )
    verb = "answers" if branch else "speaks of"
    return (f"{verb} {transaction.rules.desk.show(decision.link_to)}: {branch or findings.thread.because}",)
