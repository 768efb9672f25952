"""Escalate: engineering is asked, and one level after the other if nobody answers; their thread stays in the house."""

from collections.abc import Iterable
from dataclasses import replace

from maild.desk.advancing.keeping_clocks import keep_clock
from maild.desk.telling.happening import Happening
from maild.desk.telling.telling_story import make_dossier
from maild.desk.telling.writing import tell
from maild.desk.transaction import Transaction
from maild.mail.message import Address
from maild.process.calendar import working_time_after
from maild.process.clocks.kinds import ANSWERED, RENEWED, Clock
from maild.process.people.escalation import first_with_people, without_engineers
from maild.process.people.team import Person
from maild.process.plan import Plan, Step
from maild.process.ticket import Event, Status, Ticket
from maild.process.transitions import advance
from maild.store.desk import consulting, deadlines, tickets
from maild.store.desk.deadlines import Deadline
from maild.store.desk.tickets import Cause

DOSSIER = "dossier"
"""Kind of the mail by which somebody is asked for help; who got it is in the internal thread."""

ABOUT_HELP = frozenset(
    {Event.ESCALATED, Event.DEESCALATED, Event.CONSULTED, Event.ENGINEERING_ANSWERED, Event.CLIENT_IN_COPY}
)
_ASKING = frozenset({Event.ESCALATED, Event.CONSULTED})


def keep_escalation(transaction: Transaction, ticket: Ticket, plan: Plan, cause: Cause) -> None:
    """A question starts the time to answer it anew, and an answer ends that time."""
    happened = {step.event for step in plan.steps}
    if ticket.status is not Status.ESCALATED or not happened & {*_ASKING, Event.ENGINEERING_ANSWERED}:
        return
    is_asked = bool(happened & _ASKING)
    stopped = {Clock.ESCALATION.value: RENEWED if is_asked else ANSWERED}
    deadlines.stop_clocks(transaction.connection, ticket.number, stopped, cause, now=transaction.now)
    if is_asked:
        _await_answer(transaction, ticket, cause)


def with_thread(transaction: Transaction, happening: Happening, step: Step) -> Happening:
    """The happening with all who are told of it in the internal thread, and the dossier where somebody is asked."""
    if step.event is Event.ESCALATED:
        dossier = make_dossier(transaction, happening.ticket)
        return replace(happening, consulted=_people(transaction, step.addresses), dossier=dossier, because=())
    known = consulting.consulted(transaction.connection, happening.ticket.number, kind=DOSSIER)
    person = happening.findings.person if happening.findings else None
    own = person.keys if person else frozenset()
    others = tuple(each for each in _people(transaction, known) if each.key not in own)
    return replace(happening, consulted=others)


def raise_level(transaction: Transaction, deadline: Deadline, before: Ticket) -> Ticket:
    """Nobody has answered in time: the next level is asked, too; where none was asked yet, the first one."""
    policy, team = transaction.rules.policy.escalation, transaction.rules.team
    if before.escalation_level is None and _is_no_technical_matter(transaction, before):
        team = without_engineers(team)
    level, people = first_with_people(policy, team, (before.escalation_level or 0) + 1)
    status = advance(before.status, Event.ESCALATION_RAISED)
    ticket = replace(before, status=status, escalation_level=level)
    cause = Cause(deadline=deadline.id)
    ticket = keep_clock(transaction, ticket, cause, is_renewed=False, before=before)
    tickets.save_ticket(transaction.connection, ticket)
    _await_answer(transaction, ticket, cause)
    because = f"{_why(deadline)}; asked now: {', '.join(person.name for person in people)}"
    _tell_raised(transaction, ticket, people, because, cause)
    return ticket


def _is_no_technical_matter(transaction: Transaction, ticket: Ticket) -> bool:
    """Whether engineering could not help: it is not technical, or came back from a team and is of a category that is not."""
    category = transaction.rules.categories.get(ticket.category or "")
    return ticket.technical is False or (ticket.technical is None and category is not None and not category.technical)


def is_overdue_for_long(transaction: Transaction, ticket: Ticket) -> bool:
    """Whether the client has waited so long for an overdue update that maild asks for help by itself."""
    span, due_at = transaction.rules.policy.escalation.overdue_for, ticket.next_update_due_at
    if span is None or due_at is None or ticket.status not in {Status.NEW, Status.OPEN}:
        return False
    return working_time_after(due_at, span, transaction.rules.priorities.calendar) <= transaction.now


def _tell_raised(
    transaction: Transaction, ticket: Ticket, people: Iterable[Person], because: str, cause: Cause
) -> None:
    dossier = make_dossier(transaction, ticket)
    transaction.add_event(ticket.number, Event.ESCALATION_RAISED, because=because, cause=cause)
    happening = Happening(
        event=Event.ESCALATION_RAISED,
        ticket=ticket,
        because=(because,),
        cause=cause,
        consulted=tuple(Address(address=person.addresses[0], name=person.name) for person in people),
        dossier=dossier,
    )
    tell(transaction, happening)


def _await_answer(transaction: Transaction, ticket: Ticket, cause: Cause) -> None:
    within = transaction.rules.policy.escalation.level(ticket.escalation_level or 1).within
    due_at = working_time_after(transaction.now, within, transaction.rules.priorities.calendar)
    deadlines.start_clocks(transaction.connection, ticket.number, {Clock.ESCALATION: due_at}, cause)


def _people(transaction: Transaction, addresses: Iterable[str]) -> tuple[Address, ...]:
    """Only who is of the house now: an engineer who has left it is told nothing more."""
    found = (transaction.rules.team.person_at(address) for address in addresses)
    people = {person.name: person for person in found if person is not None}
    return tuple(Address(address=person.addresses[0], name=name) for name, person in people.items())


def _why(deadline: Deadline) -> str:
    if deadline.kind == Clock.ESCALATION:
        return "nobody has answered in the internal thread in time"
    return "the client's update has been overdue for too long"
