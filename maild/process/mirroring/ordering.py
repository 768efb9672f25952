"""What was decided in the tracker, to the steps of the commands that do the same here; or why nothing is done."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import product
from types import MappingProxyType
from typing import Any

from maild.process.commands.catalogue import CATALOGUE
from maild.process.mirroring.policy import CANCELED
from maild.process.mirroring.projecting import Projection
from maild.process.plan import Request, Step
from maild.process.ticket import Event, Role, Status
from maild.process.tracker import Field
from maild.process.transitions import REMARKS, advance

Steps = Sequence[Step] | str
"""What happens; or a text that says why nothing does. Neither: nothing has to."""

BY_MAIL: Mapping[Status, str] = MappingProxyType(
    {Status.RESOLVED: "/resolve", Status.WAITING: "/waiting", Status.HANDED_OFF: "/handoff TEAM"}
)
"""Statuses that begin with words to somebody outside, and the command that takes them."""

CANDIDATES = (Status.OPEN, Status.ESCALATED, Status.CLOSED, Status.RESOLVED, Status.WAITING, Status.HANDED_OFF)
"""Where several statuses have one state, the first that the ticket can come to."""


def order(field: Field, value: Any, request: Request, projection: Projection) -> Steps:
    """The steps; an empty sequence where the value means nothing to the desk. `request.words` says what happened there."""
    return _ORDERS[field](value, request, projection)


def refuse_clients(steps: Steps, told: Mapping[Event, Sequence[tuple[Role, str]]]) -> Steps:
    """Nothing that is done in the tracker writes to a client."""
    for step in steps if not isinstance(steps, str) else ():
        if step.says or any(role is Role.CLIENT and template for role, template in told.get(step.event, ())):
            return f"the client would be written to ({step.event.replace('_', ' ')}): do it by mail"
    return steps


def _state(value: str | None, request: Request, projection: Projection) -> Steps:
    status = request.ticket.status
    named = [name for name, state in projection.states.items() if state == value]
    if not named or status.value in named:
        return ()
    if status is Status.CLOSED and {CANCELED, Status.CLOSED.value}.intersection(named):
        return ()
    if CANCELED in named:
        return _command("close", "", request)
    wanted = [each for each in CANDIDATES if each.value in named]
    tried = [(each, _to(each, request)) for each in wanted]
    done = next((steps for _, steps in tried if not isinstance(steps, str)), None)
    if done is not None:
        return done
    reasons = [steps for _, steps in tried if isinstance(steps, str)]
    return reasons[0] if reasons else f"nothing leads from {status.replace('_', ' ')} back to {_names(named)}"


def _to(wanted: Status, request: Request) -> Steps:
    status = request.ticket.status
    if command := BY_MAIL.get(wanted):
        return f"{wanted.replace('_', ' ')} begins with words of yours: answer by mail, with {command} on top"
    name = {Status.ESCALATED: "escalate", Status.CLOSED: "close"}.get(wanted)
    if wanted is Status.OPEN:
        name = {Status.ESCALATED: "deescalate", Status.NEW: "technical"}.get(status)
        name = "reopen" if status in {Status.RESOLVED, Status.CLOSED} else name
    if name is None:
        return f"it is {status.replace('_', ' ')}, and only a mail ends that"
    return _command(name, "", request)


def _priority(value: int, request: Request, projection: Projection) -> Steps:
    """Priority is urgency by impact here: the pair is chosen that changes least."""
    told, ticket, scales = projection.policy.priorities, request.ticket, request.rules.priorities
    wanted = {number for number in scales.titles if number <= len(told) and told[number - 1] == value}
    if not wanted:
        return "the desk has no priority that stands for it"
    pairs = [pair for pair in product(scales.urgency, scales.impact) if scales.matrix[pair] in wanted]
    if not pairs:
        return "no urgency and impact lead to it ([matrix] of priorities.toml)"
    had = (ticket.urgency or 0, ticket.impact or 0)
    urgency, impact = min(pairs, key=lambda pair: (sum(one != two for one, two in zip(pair, had, strict=True)), pair))
    given = [("urgency", urgency, had[0]), ("impact", impact, had[1])]
    return _together([_command(name, str(number), request) for name, number, before in given if number != before])


def _assignee(value: str | None, request: Request, _: Projection) -> Steps:
    if value is None:
        return "somebody is always responsible for a ticket"
    person = request.rules.team.person_at(value)
    if person is None:
        return f"{value} is nobody of team.toml"
    if person.role is Role.ENGINEER:
        return f"{person.name} is an engineer, and owns no tickets: /escalate asks them"
    return _command("assign", person.name, request)


def _labels(value: Sequence[str], request: Request, projection: Projection) -> Steps:
    named = [category for category, label in projection.labels.items() if label in value]
    if request.ticket.category in named and len(named) == 1:
        return ()
    if len(named) != 1:
        return "a ticket has one category: leave the label of one" if named else "a ticket keeps its category"
    return _command("category", named[0], request)


def _due(value: object, _: Request, __: Projection) -> Steps:
    return "a date is told to the client: /eta in a mail does that" if value else ()


_ORDERS: Mapping[Field, Callable[[Any, Request, Projection], Steps]] = MappingProxyType(
    {
        Field.STATE: _state,
        Field.PRIORITY: _priority,
        Field.ASSIGNEE: _assignee,
        Field.LABELS: _labels,
        Field.DUE: _due,
    }
)


def _command(name: str, argument: str, request: Request) -> Steps:
    """What the command does, if its author may give it and the ticket's status allows it."""
    known = CATALOGUE[name]
    if request.author.role not in known.roles:
        return f"{request.author.name} may not do this"
    step = known.read(argument, request)
    if isinstance(step, str):
        return step
    if step.event not in REMARKS:
        try:
            advance(request.ticket.status, step.event)
        except KeyError:
            return f"impossible while the ticket is {request.ticket.status.replace('_', ' ')}"
    return (replace(step, because=f"{request.words} ({step.because})"),)


def _together(parts: Sequence[Steps]) -> Steps:
    reasons = [part for part in parts if isinstance(part, str)]
    return reasons[0] if reasons else [step for part in parts if not isinstance(part, str) for step in part]


def _names(statuses: Sequence[str]) -> str:
    return " or ".join(name.replace("_", " ") for name in statuses)
