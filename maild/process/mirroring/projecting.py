"""A ticket to the fields of its issue, by the names that the tracker has."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from zoneinfo import ZoneInfo

from maild.process.category import Category
from maild.process.mirroring.policy import CANCELED, Due, MirrorPolicy
from maild.process.people.team import Person, Team
from maild.process.ticket import Status, Ticket
from maild.process.tracker import Catalogue, Fields, State

TYPES: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        Status.NEW: ("triage", "backlog", "unstarted"),
        Status.GATHERING: ("unstarted", "backlog", "started"),
        Status.OPEN: ("started", "unstarted"),
        Status.WAITING: ("started", "unstarted"),
        Status.ESCALATED: ("started", "unstarted"),
        Status.RESOLVED: ("started", "unstarted"),
        Status.HANDED_OFF: ("canceled", "completed"),
        Status.CLOSED: ("completed", "canceled"),
        CANCELED: ("canceled", "duplicate", "completed"),
    }
)
"""Status to the types of state that stand for it, the best first; of a type the first state in the team's order."""

NAMES = tuple(name for name in TYPES)
LOW = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """The desk's words, and what the tracker calls them."""

    policy: MirrorPolicy
    states: Mapping[str, str]
    """Status, or `canceled`, to the name of a state."""

    labels: Mapping[str, str]
    """Category to the name of its label, where there is one."""

    people: Mapping[str, str]
    """Name of a person of the desk to the address by which the tracker knows them."""

    viewer: str
    """The id by which we are known there."""

    zone: ZoneInfo

    @property
    def minded(self) -> tuple[str, ...]:
        """Labels that come and go with the ticket; all others are people's own."""
        own = [self.policy.label] if self.policy.label else []
        return tuple(sorted({*self.labels.values(), *own}))

    def restrict(self, fields: Fields) -> Fields:
        """Only the labels that the mirror minds."""
        minded = set(self.minded)
        return Fields(
            state=fields.state,
            priority=fields.priority,
            assignee=fields.assignee,
            due=fields.due,
            labels=tuple(sorted(minded.intersection(fields.labels))),
        )


def choose(
    policy: MirrorPolicy, catalogue: Catalogue, team: Team, categories: Mapping[str, Category], zone: ZoneInfo
) -> Projection:
    """Find for each word of the desk the tracker's; what is not there is left out, and `find_gaps` says so."""
    ordered = sorted(catalogue.states, key=lambda state: state.position)
    known = {state.name for state in ordered}
    states = {
        name: state
        for name in NAMES
        if (state := policy.states.get(name) or _by_type(ordered, TYPES[name])) and state in known
    }
    labels = {
        name: label
        for name, category in categories.items()
        if (label := policy.labels.get(name, category.title)) in catalogue.labels
    }
    addresses = {user.address for user in catalogue.users if user.address}
    people = {person.name: address for person in team.people if (address := _known(person, addresses))}
    return Projection(policy=policy, states=states, labels=labels, people=people, viewer=catalogue.viewer.id, zone=zone)


def find_gaps(policy: MirrorPolicy, catalogue: Catalogue, categories: Mapping[str, Category]) -> Iterator[str]:
    """What the configuration names and the tracker does not have, each in one sentence."""
    states, labels = {state.name for state in catalogue.states}, set(catalogue.labels)
    for name, state in policy.states.items():
        if state not in states:
            yield f"states.{name} = {state!r}: the team has no such state; it has {', '.join(sorted(states))}"
    for name in NAMES:
        if name not in policy.states and _by_type(catalogue.states, TYPES[name]) is None:
            yield f"states.{name}: the team has no state of the type {' or '.join(TYPES[name])}; name one"
    for name, label in policy.labels.items():
        if name not in categories:
            yield f"labels.{name}: there is no such category; there are {', '.join(sorted(categories))}"
        if label not in labels:
            yield f"labels.{name} = {label!r}: there is no such label; make it there, or name another one"
    if policy.label and policy.label not in labels:
        yield f"label = {policy.label!r}: there is no such label; make it there, or name another one"


def project(ticket: Ticket, projection: Projection, *, is_void: bool) -> Fields:
    """How the ticket's issue stands. `is_void`: spam, or gone on in another ticket."""
    policy = projection.policy
    name = CANCELED if is_void else ticket.status.value
    labels = [projection.labels.get(ticket.category or ""), policy.label]
    return Fields(
        state=projection.states.get(name),
        priority=_priority(ticket.priority, policy.priorities),
        assignee=projection.people.get(ticket.assignee or ""),
        due=_due(ticket, projection),
        labels=tuple(sorted({label for label in labels if label in projection.minded and label})),
    )


def _due(ticket: Ticket, projection: Projection) -> date | None:
    moments = {Due.NEXT_UPDATE: ticket.next_update_due_at, Due.ESTIMATE: ticket.eta_at}
    at = moments.get(projection.policy.due)
    return at.astimezone(projection.zone).date() if at and ticket.status is not Status.CLOSED else None


def _priority(priority: int | None, told: Sequence[int]) -> int:
    if priority is None:
        return 0
    return told[priority - 1] if priority <= len(told) else LOW


def _by_type(states: Sequence[State], types: Sequence[str]) -> str | None:
    found = (state.name for kind in types for state in states if state.type == kind)
    return next(found, None)


def _known(person: Person, addresses: set[str]) -> str | None:
    return next((address for each in person.addresses if (address := each.casefold()) in addresses), None)
