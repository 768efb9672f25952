"""What a person wrote, to the plan of what it does; or to the refusal that says why it does nothing. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches

from maild.process.commands.catalogue import CATALOGUE
from maild.process.commands.reading import Command, Written
from maild.process.commands.relating import numbers_named
from maild.process.plan import Plan, Refusal, Request, Step
from maild.process.ticket import Event, Role, Ticket
from maild.process.transitions import REMARKS, advance

_INTERNAL = frozenset({Event.NOTED, Event.MARKED_SPAM})


def make_plan(written: Written, request: Request) -> Plan | Refusal:
    """All commands, or none: the first thing that is impossible makes the whole mail a refusal with a transcript."""
    results = [(command, _read(command, request)) for command in written.commands]
    lines = [(command.line, result if isinstance(result, str) else "") for command, result in results]
    steps = [result for _, result in results if isinstance(result, Step)]
    if len(steps) == len(results):
        lines = _with_conflicts(lines, steps, request.ticket)
    if any(trouble for _, trouble in lines):
        return Refusal(lines=tuple(lines))
    is_internal = request.author.role is Role.ENGINEER or any(step.event in _INTERNAL for step in steps)
    if written.words and not any(step.says for step in steps):
        steps.append(_words_alone(request))
    return Plan(steps=tuple(steps), words=written.words, is_internal=is_internal)


def named_tickets(written: Written, prefix: str) -> list[int]:
    """The tickets that the commands speak of, to be looked up before the plan is made."""
    return numbers_named(tuple(command.argument for command in written.commands), prefix)


def follow(ticket: Ticket, steps: Iterable[Step], matrix: Mapping[tuple[int, int], int]) -> list[Ticket]:
    """The ticket after each step. KeyError where its status does not allow an event."""
    after = []
    for step in steps:
        status = ticket.status if step.event is Event.SPLIT_OFF else advance(ticket.status, step.event)
        ticket = replace(ticket, **step.changes, status=status)
        if step.event is Event.PRIORITIZED and ticket.urgency and ticket.impact:
            ticket = replace(ticket, priority=matrix[ticket.urgency, ticket.impact])
        after.append(ticket)
    return after


def _words_alone(request: Request) -> Step:
    """Words that no command says anything about: a TSM's are for the client, an engineer's never are."""
    if request.author.role is Role.ENGINEER:
        return Step(event=Event.ENGINEERING_ANSWERED, because=f"{request.author.name} of engineering wrote", says=True)
    return Step(event=Event.TSM_ANSWERED, because=f"{request.author.name} answered", says=True)


def _read(command: Command, request: Request) -> Step | str:
    order = CATALOGUE.get(command.name)
    if order is None:
        close = get_close_matches(command.name, CATALOGUE, n=1)
        return f"there is no such command{f'; did you mean /{close[0]}?' if close else ''}"
    if request.author.role not in order.roles:
        return f"{_role(request.author.role)} may not do this"
    if command.argument and not order.argument:
        return f"nothing stands behind /{command.name}; begin the text on a line of its own"
    if not command.argument and order.argument and not order.argument.startswith("["):
        return f"say /{command.name} {order.argument}"
    return order.read(command.argument, request)


def _with_conflicts(lines: Sequence[tuple[str, str]], steps: Sequence[Step], ticket: Ticket) -> list[tuple[str, str]]:
    """Commands that are possible alone, and not together or not in this status."""
    judged, said, status = [], False, ticket.status
    seen: set[tuple[Event, str]] = set()
    for (line, _), step in zip(lines, steps, strict=True):
        trouble = ""
        if (step.event, step.because) in seen:
            trouble = "it stands there twice"
        elif step.says and said:
            trouble = "the text can be one thing only: a note, a question, a report or a solution"
        elif step.event not in {*REMARKS, Event.SPLIT_OFF}:
            try:
                status = advance(status, step.event)
            except KeyError:
                trouble = f"impossible while the ticket is {status.replace('_', ' ')}"
        said = said or step.says
        seen.add((step.event, step.because))
        judged.append((line, trouble))
    return judged


def _role(role: Role) -> str:
    return {Role.ENGINEER: "an engineer", Role.TEAM: "another team"}.get(role, f"a {role}")
