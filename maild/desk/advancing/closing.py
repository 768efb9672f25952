"""Close: when the issue of a ticket is over, whoever solved it is asked what it teaches."""

from maild.desk.telling.happening import Happening
from maild.desk.telling.writing import tell
from maild.desk.transaction import Transaction
from maild.process.calendar import working_time_after
from maild.process.clocks.kinds import Clock
from maild.process.ticket import Event, Status, Ticket
from maild.process.transitions import ENDING
from maild.store.desk import closings, deadlines
from maild.store.desk.incidents import incident_of
from maild.store.desk.tickets import Cause
from maild.store.knowledge import suggestions


def follow_closing(transaction: Transaction, happening: Happening) -> None:
    """Ask by mail, or write down why nobody is asked; nothing where the event has not ended the ticket.

    Harmless to call for every event, and twice for the same.
    """
    ticket = happening.ticket
    if not _is_ending(transaction, ticket, happening.event, happening.cause):
        return
    reason = _reason_to_skip(transaction, ticket)
    event = Event.POST_MORTEM_SKIPPED if reason else Event.POST_MORTEM_ASKED
    because = reason or f"{ticket.assignee} solved it"
    transaction.add_event(ticket.number, event, because=because, cause=happening.cause)
    if reason is None:
        _ask(transaction, happening, because)


def hearing_of_it(transaction: Transaction, ticket: Ticket, event: Event, cause: Cause) -> tuple[str | None, ...]:
    """Who hears that their ticket is closed from what `follow_closing` will ask them."""
    is_asked = _is_ending(transaction, ticket, event, cause) and _reason_to_skip(transaction, ticket) is None
    return (ticket.assignee,) if is_asked else ()


def _is_ending(transaction: Transaction, ticket: Ticket, event: Event, cause: Cause) -> bool:
    """Whether the event has ended the ticket, and nobody has been asked since."""
    is_ended = ticket.status is Status.CLOSED and event in ENDING
    return is_ended and not closings.is_followed(transaction.connection, ticket.number, cause)


def note_reopening(transaction: Transaction, before: Ticket, ticket: Ticket) -> None:
    """A ticket that comes back says that what helped has not."""
    if before.status is Status.CLOSED and ticket.status is not Status.CLOSED:
        suggestions.ask_again(transaction.connection, ticket.number, now=transaction.now)


def _reason_to_skip(transaction: Transaction, ticket: Ticket) -> str | None:
    policy = transaction.rules.policy.post_mortem
    if not policy.ask:
        return "[post_mortem] ask is off"
    if ticket.technical is False:
        return "it is not technical"
    if ticket.assignee is None:
        return "nobody has been responsible for it"
    incident = incident_of(transaction.connection, ticket.number)
    if incident is not None and incident.is_answerable and incident.head != ticket.number:
        return (
            f"what the incident {transaction.rules.desk.show(incident.head)} teaches is asked once, of its first ticket"
        )
    count = closings.count_mails(transaction.connection, ticket.number)
    if count < policy.skip_below:
        return f"it took {count} mails, and [post_mortem] skip_below is {policy.skip_below}"
    return None


def _ask(transaction: Transaction, happening: Happening, because: str) -> None:
    policy, calendar = transaction.rules.policy.post_mortem, transaction.rules.priorities.calendar
    started = {Clock.POST_MORTEM: working_time_after(transaction.now, policy.remind_after, calendar)}
    deadlines.start_clocks(transaction.together, happening.ticket.number, started, happening.cause)
    person = happening.findings.person if happening.findings else None
    asked = Happening(
        event=Event.POST_MORTEM_ASKED,
        ticket=happening.ticket,
        because=(because,),
        cause=happening.cause,
        said_by=person.name if person else happening.said_by,
    )
    tell(transaction, asked)
