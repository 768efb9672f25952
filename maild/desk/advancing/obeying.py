"""Obey: what a person of the desk ordered happens to its ticket, step by step, and whoever must know is told."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

from maild.desk.advancing.assigning import announce, with_owners
from maild.desk.advancing.closing import follow_closing, hearing_of_it, note_reopening
from maild.desk.advancing.counting_closings import note_wrong_closure
from maild.desk.advancing.escalating import ABOUT_HELP, with_thread
from maild.desk.advancing.following import follow_steps, label_of
from maild.desk.advancing.noting import remember_conversation
from maild.desk.advancing.relating import relate
from maild.desk.advancing.sharing import shares
from maild.desk.finding.arrival import Arrival
from maild.desk.telling.happening import Happening
from maild.desk.telling.writing import tell
from maild.desk.transaction import Transaction
from maild.process.decision import Findings
from maild.process.people.hand_off import taken_from
from maild.process.people.team import Person
from maild.process.plan import Plan, Step
from maild.process.ticket import Event, Status, Ticket
from maild.store.desk import tickets
from maild.store.desk.tickets import Cause
from maild.store.models import labels
from maild.store.models.judged import find_judged, find_judged_reply

_RENEWING = frozenset({Event.TSM_ANSWERED, Event.PROGRESS_REPORTED, Event.ASKED, Event.RESOLVED, Event.ESTIMATED})
"""Events with which the client hears from us."""


def obey(transaction: Transaction, arrival: Arrival, findings: Findings, plan: Plan) -> Ticket:
    """All steps of the plan, in one transaction; what is said to an incident happens to each of its tickets."""
    ticket = _obey(transaction, arrival, findings, plan)
    remember_conversation(transaction, ticket, findings)
    for each, its_plan in shares(transaction, findings, plan):
        _obey(transaction, arrival, each, its_plan)
    return ticket


def _obey(transaction: Transaction, arrival: Arrival, findings: Findings, plan: Plan) -> Ticket:
    if findings.ticket is None or findings.person is None:
        raise ValueError("a plan is a person's, and about a ticket")
    before = tickets.read_ticket(transaction.connection, findings.ticket.number, for_update=True)
    is_renewed = bool(plan.public_words) and any(step.event in _RENEWING for step in plan.steps)
    cause = Cause(mail=arrival.mail_id)
    followed = follow_steps(transaction, before, plan, findings.person, cause, is_renewed=is_renewed)
    ticket = followed.ticket
    for step, (one, two) in zip(plan.steps, pairwise(followed.stages), strict=True):
        changed = {**_changed(one, two), **relate(transaction, arrival, findings, step, one)}
        changed |= {"is_shared": True} if plan.is_shared else {}
        transaction.add_event(
            before.number,
            step.event,
            actor=findings.mail_author,
            because=step.because,
            cause=cause,
            before=changed or None,
        )
        _learn(transaction, findings.person, step, changed, ticket=before.number, cause=cause)
        note_wrong_closure(transaction, ticket, step.event, cause)
        happening = _happening(arrival, findings, plan, step, ticket)
        if _is_told(step, plan):
            gone = taken_from(one, two, said_by=findings.person.name)
            knowing = {
                findings.person.name,
                *changed.get("untold", ()),
                *_hearing(transaction, plan, step, ticket, cause),
            }
            happening = with_owners(replace(happening, taken_from=gone), one, two, knowing)
            tell(transaction, _with_all(transaction, _with_orderer(transaction, happening, step), step))
        follow_closing(transaction, happening)
    note_reopening(transaction, before, ticket)
    if plan.steps:
        announce(transaction, followed.assigned, _happening(arrival, findings, plan, plan.steps[-1], ticket))
    return ticket


def _is_told(step: Step, plan: Plan) -> bool:
    """Nobody is told what they know: the client of an estimate that stands below words."""
    match step.event:
        case Event.ESTIMATED:
            return not plan.public_words
        case Event.SPLIT_OFF:
            return False  # it is the new ticket's event; that one is told already
    return True


def _hearing(transaction: Transaction, plan: Plan, step: Step, ticket: Ticket, cause: Cause) -> tuple[str | None, ...]:
    """Who hears by another mail that a ticket of theirs is closed: where it goes on, by what is told or asked then."""
    if step.event is Event.MERGED and step.other is not None:
        return (tickets.read_ticket(transaction.connection, step.other).assignee,)
    if ticket.status is Status.CLOSED and plan.public_words:
        return (ticket.assignee,)
    return hearing_of_it(transaction, ticket, step.event, cause)


def _with_orderer(transaction: Transaction, happening: Happening, step: Step) -> Happening:
    """Whoever ordered what somebody else takes back is told, where they do not hear of it by getting or losing the ticket."""
    by = transaction.rules.team.person_at(step.undoes.by) if step.undoes else None
    is_told = by is None or by.name in {happening.former, happening.given_to}
    return happening if is_told or by is None else replace(happening, undone_of=by.name)


def _happening(arrival: Arrival, findings: Findings, plan: Plan, step: Step, ticket: Ticket) -> Happening:
    return Happening(
        event=step.event,
        ticket=ticket,
        because=(step.because,),
        cause=Cause(mail=arrival.mail_id),
        arrival=arrival,
        findings=findings,
        words=_words(plan, step),
        is_shared=plan.is_shared,
        is_closing=any(each.event is Event.CLOSED for each in plan.steps),
    )


def _words(plan: Plan, step: Step) -> str:
    if plan.is_internal and step.event in ABOUT_HELP:
        return plan.words
    return plan.public_words if step.says else ""


def _with_all(transaction: Transaction, happening: Happening, step: Step) -> Happening:
    return with_thread(transaction, happening, step) if step.event in ABOUT_HELP else happening


def _changed(before: Ticket, after: Ticket) -> Mapping[str, object]:
    """The fields that a step changed, as they were: what `/undo` puts back."""
    return {
        name: _plain(getattr(before, name))
        for name in Ticket.__slots__
        if name != "sheet" and getattr(before, name) != getattr(after, name)
    }


def _plain(value: object) -> object:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _learn(
    transaction: Transaction, person: Person, step: Step, changed: Mapping[str, Any], *, ticket: int, cause: Cause
) -> None:
    """What a person's step says of verdicts is kept: of the ticket's first mail, or of the reply that was read last."""
    if not step.labels:
        return
    first = find_judged(transaction.connection, ticket=ticket)
    is_read = "reply_intent" in step.labels
    # What was split off is a mail of the new ticket by now.
    last = find_judged_reply(transaction.connection, {ticket, changed.get("split", ticket)}) if is_read else None
    said = [
        label_of(judged, question, value, by=person, at=transaction.now, cause=cause)
        for question, value in step.labels.items()
        if (judged := last if question == "reply_intent" else first)
    ]
    labels.add_labels(transaction.connection, said)
