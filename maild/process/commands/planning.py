"""What a person wrote, to the plan of what it does; or to the refusal that says why it does nothing. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches

from maild.process.commands import learning
from maild.process.commands.catalogue import CATALOGUE, Order
from maild.process.commands.conflicts import INTERNAL, with_conflicts
from maild.process.commands.incidents import ABOUT_ALL, find_trouble, is_shared
from maild.process.commands.reading import Command, Written
from maild.process.commands.relating import numbers_named
from maild.process.plan import Plan, Refusal, Request, Step
from maild.process.ticket import Event, Role, Status, Ticket
from maild.process.transitions import advance

_NO_WORDS = (
    "it has no words of your own, above what it quotes or below; what stands inside the quoted message is not passed on"
)
_FOR_DESK = (
    "it answers a question or a notice of maild, and such words never go to the client. If they are for the client, send "
    "them in reply to a message with the client's words, or to this one; if they are for the ticket, with /note above them"
)

_STRAY = (
    "a blank line has ended the commands, so this would go to the client as text: leave no blank line between commands; "
    "to begin text with a slash, type two"
)


def make_plan(written: Written, request: Request) -> Plan | Refusal:
    """All commands, or none: the first thing that is impossible makes the whole mail a refusal with a transcript."""
    if not written.words and not written.commands and not request.is_form:
        return Refusal(lines=(("your message", _NO_WORDS),))
    if trouble := find_trouble(written, request):
        return Refusal(lines=(("your message", trouble),))
    ordered = _read_all(written.commands, request)
    if isinstance(ordered, Refusal):
        return ordered
    steps = _with_words(ordered, request)
    is_internal = request.is_internal or any(_is_internal(step) for step in steps)
    if written.stray and get_close_matches(written.stray.name, CATALOGUE, n=1) and not is_internal:
        return Refusal(lines=(*((command.line, "") for command in written.commands), (written.stray.line, _STRAY)))
    if request.is_for_desk and written.words and not is_internal:
        return Refusal(lines=(("your message", _FOR_DESK),))
    return Plan(steps=tuple(steps), words=written.words, is_internal=is_internal, is_shared=is_shared(steps, request))


def named_tickets(written: Written, prefix: str) -> list[int]:
    """The tickets that the commands speak of, to be looked up before the plan is made."""
    return numbers_named(tuple(command.argument.rpartition(" ")[2] for command in written.commands), prefix)


def follow(ticket: Ticket, steps: Iterable[Step], matrix: Mapping[tuple[int, int], int]) -> list[Ticket]:
    """The ticket after each step. KeyError where its status does not allow an event."""
    after = []
    for step in steps:
        status = ticket.status if step.event is Event.SPLIT_OFF else advance(ticket.status, step.event)
        ticket = replace(ticket, **{"status": status, **step.changes})
        if status is not Status.ESCALATED:
            ticket = replace(ticket, escalation_level=None)
        if step.event is Event.PRIORITIZED and ticket.urgency and ticket.impact:
            ticket = replace(ticket, priority=matrix[ticket.urgency, ticket.impact])
        after.append(ticket)
    return after


def _is_internal(step: Step) -> bool:
    """Whether the words belong to this step, and stay in the house."""
    return step.event in INTERNAL or (step.event is Event.ESCALATED and step.says)


def _with_words(steps: Sequence[Step], request: Request) -> list[Step]:
    """Words that no command says anything about: the question to engineering, or a step of their own."""
    if any(step.says for step in steps):
        return [*steps, *_seen_by_clients(request)]
    if request.words and any(step.event is Event.ESCALATED for step in steps):
        asked = [replace(step, says=True) if step.event is Event.ESCALATED else step for step in steps]
        return [*asked, *_seen_by_clients(request)]
    if request.words or (request.is_internal and not steps):
        # An answer takes back what another team has; said with a hand-off, it is the last word before that.
        place = next((place for place, step in enumerate(steps) if step.event is Event.HANDED_OFF), len(steps))
        return [*steps[:place], _words_alone(request), *steps[place:], *_seen_by_clients(request)]
    return [*steps, *_seen_by_clients(request)]


def _seen_by_clients(request: Request) -> list[Step]:
    """The client's side in To or Cc of a mail of the internal thread: maild sends them nothing, its author may have."""
    if not request.is_internal or not request.copied:
        return []
    because = f"{request.author.name} wrote in the internal thread with {', '.join(request.copied)} in To or Cc"
    return [Step(event=Event.CLIENT_IN_COPY, because=because)]


def _words_alone(request: Request) -> Step:
    """A TSM's words are for the client; in the internal thread whoever is responsible asks, and all others answer."""
    name = request.author.name
    if request.is_form:
        return learning.form_step(request.words, name)
    if request.is_internal and name == request.ticket.assignee and request.author.role is not Role.ENGINEER:
        return Step(event=Event.CONSULTED, because=f"{name} wrote in the internal thread", says=True)
    if request.is_internal:
        return Step(event=Event.ENGINEERING_ANSWERED, because=f"{name} answered in the internal thread", says=True)
    return Step(event=Event.TSM_ANSWERED, because=f"{request.author.name} answered", says=True)


def _read_all(commands: Sequence[Command], request: Request) -> list[Step] | Refusal:
    """What each command does; or, where one cannot be, every line with what is wrong with it."""
    results = [_read(command, request) for command in commands]
    steps = [result for result in results if isinstance(result, Step)]
    lines = [command.line for command in commands]
    if len(steps) == len(results):
        judged = with_conflicts(lines, steps, request.ticket.status, is_internal=request.is_internal)
    else:
        judged = [
            (line, result if isinstance(result, str) else "") for line, result in zip(lines, results, strict=True)
        ]
    return Refusal(lines=tuple(judged)) if any(trouble for _, trouble in judged) else steps


def _read(command: Command, request: Request) -> Step | str:
    order = CATALOGUE.get(command.name)
    if order is None:
        close = get_close_matches(command.name, CATALOGUE, n=1)
        return f"there is no such command{f'; did you mean /{close[0]}?' if close else ''}"
    return _trouble(command, order, request) or order.read(command.argument, request)


def _trouble(command: Command, order: Order, request: Request) -> str:
    """Why a command is not even asked; empty where it is."""
    if command.trouble:
        return command.trouble
    if request.is_shared and command.name not in ABOUT_ALL:
        return "it is about one ticket: write it in answer to a mail of that ticket"
    if request.author.role not in order.roles:
        return f"{_role(request.author.role)} may not do this"
    if command.argument and not order.argument:
        return f"nothing may stand behind /{command.name}; begin the text on a line of its own"
    if not command.argument and order.argument and not order.argument.startswith("["):
        return f"say /{command.name} {order.argument}"
    return ""


def _role(role: Role) -> str:
    return {Role.ENGINEER: "an engineer", Role.TEAM: "another team", Role.TSM: "a TSM"}.get(role, f"a {role}")
