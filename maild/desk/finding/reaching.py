"""Reach: who of the client's side gets the words of a plan."""

from collections.abc import Iterable

from maild.desk.finding.speaking import reached
from maild.desk.transaction import Transaction
from maild.mail.message import Address
from maild.process.commands.planning import follow
from maild.process.plan import Plan, Refusal, Step
from maild.process.ticket import Event, Role, Ticket
from maild.store.desk.incidents import incident_of
from maild.store.incoming.findings import participants_of


def client_side(transaction: Transaction, ticket: Ticket) -> tuple[Address, ...]:
    """The client, and whoever takes part beside them."""
    return _side(transaction, ticket, _taking_part(transaction, ticket))


def readers(transaction: Transaction, ticket: Ticket | None, plan: Plan | Refusal | None) -> tuple[str, ...]:
    """The addresses of `client_side` as it will be when the words are written: commands may have changed it by then.

    What is said to an incident goes to those of all of its tickets.
    """
    if ticket is None or not isinstance(plan, Plan) or not plan.public_words:
        return ()
    others = _others_of_incident(transaction, ticket) if plan.is_shared else []
    theirs = (address.address for other in others for address in client_side(transaction, other))
    return tuple(dict.fromkeys((*_readers_of(transaction, ticket, plan), *theirs)))


def _others_of_incident(transaction: Transaction, ticket: Ticket) -> list[Ticket]:
    incident = incident_of(transaction.connection, ticket.number)
    return [each for each in reached(transaction, incident) if each.number != ticket.number] if incident else []


def _readers_of(transaction: Transaction, ticket: Ticket, plan: Plan) -> tuple[str, ...]:
    before, side = ticket, _taking_part(transaction, ticket)
    stages = follow(ticket, plan.steps, transaction.rules.priorities.matrix)
    for step, after in zip(plan.steps, stages, strict=True):
        side = _after(step, before, side)
        if step.says:
            break
        before = after
    return tuple(each.address for each in _side(transaction, stages[-1] if stages else ticket, side))


def _after(step: Step, before: Ticket, side: set[str]) -> set[str]:
    """Who takes part once the step is done."""
    keys = {address.casefold() for address in step.addresses}
    match step.event:
        case Event.PARTICIPANT_ADDED:
            return side | keys
        case Event.PARTICIPANT_REMOVED:
            return side - keys
        case Event.CLIENT_CHANGED:
            return (side - {before.client.casefold()}) | keys
        case Event.UNDONE if step.undoes is not None:
            for done in step.undoes.steps:
                removed: dict[str, str] = done.before.get("removed", {})
                side = side - set(done.before.get("added", ()))
                side |= {key for key, role in removed.items() if role == Role.CLIENT}
    return side


def _taking_part(transaction: Transaction, ticket: Ticket) -> set[str]:
    return participants_of(transaction.connection, ticket.number, (Role.CLIENT,))


def _side(transaction: Transaction, ticket: Ticket, keys: Iterable[str]) -> tuple[Address, ...]:
    client, rules = Address(address=ticket.client, name=ticket.client_name), transaction.rules
    # Who has come to the desk, or to another team, since then hears it in the house.
    outside = (key for key in sorted(set(keys) - {client.key}) if not rules.desk.owns(key))
    others = (key for key in outside if not rules.team.at(key))
    return (client, *(Address(address=key) for key in others))
