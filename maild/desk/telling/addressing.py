"""Address: who has a role in a ticket now, and how they are written to."""

from collections.abc import Iterable

from maild.desk.telling.happening import Happening
from maild.mail.message import Address
from maild.process.people.team import Person
from maild.process.rules import Rules
from maild.process.ticket import Event, Role

OWN = frozenset(
    {
        *(Event.TSM_ANSWERED, Event.ASKED, Event.PROGRESS_REPORTED, Event.RESOLVED, Event.STAFF_WROTE),
        *(Event.ESTIMATED, Event.CLIENT_DENIED, Event.INCIDENT_JOINED),
    }
)
"""What a person of the house writes or decides; whoever did so is not told of it."""

GIVING = frozenset({Event.ASSIGNED, Event.UNDONE})
"""Events by which somebody gets a ticket; only they are told, not whoever has it anyway."""

TAKEN_BACK = "taken_back"
"""Kind of the mail to another team that it has a ticket no more."""


def addressees(role: Role, kind: str, happening: Happening, rules: Rules) -> Iterable[Address]:
    """Everybody who has the role in the ticket; of the client's side only the client."""
    ticket = happening.ticket
    match role:
        case Role.CLIENT:
            return [Address(address=ticket.client, name=ticket.client_name)]
        case Role.TEAM:
            return _others(happening.taken_from if kind == TAKEN_BACK else ticket.team, rules)
        case Role.ENGINEER:
            return happening.consulted
        case Role.LEAD:
            people = rules.team.leads
        case Role.AUTHOR:
            staff = happening.findings.addressee if happening.findings else None
            people = tuple(person for person in rules.team.people if person.name in {staff, happening.undone_of})
            if not people:
                return _others(staff, rules)
        case _:
            name = _holder(role, happening)
            people = tuple(person for person in rules.team.people if person.name == name)
            if not people and role is Role.TSM and happening.event is Event.CLOSURE_HEARD:
                people = rules.team.leads  # it was nobody's, or its TSM has left: a word must not be lost
            if role is Role.TSM and _is_by(happening, people):
                return ()
    return [Address(address=person.addresses[0], name=person.name) for person in people]


def _holder(role: Role, happening: Happening) -> str | None:
    """Name of who has the ticket; of who had it until now."""
    if role is Role.FORMER:
        return happening.former
    return happening.given_to if happening.event in GIVING else happening.ticket.assignee


def _is_by(happening: Happening, people: tuple[Person, ...]) -> bool:
    """Whether whoever has the ticket knows of it, because it is what they wrote or decided themselves."""
    return happening.event in OWN and happening.findings is not None and happening.findings.person in people


def _others(name: str | None, rules: Rules) -> Iterable[Address]:
    return [Address(address=each.address, name=each.name) for each in rules.team.others if each.name == name]
