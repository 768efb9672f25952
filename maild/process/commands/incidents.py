"""Commands about incidents: many tickets with one cause."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from maild.process.commands.reading import Written
from maild.process.commands.relating import numbers_named
from maild.process.incident import Incident, Standing
from maild.process.plan import Request, Step
from maild.process.ticket import Event, Status

USAGE = "declare|join T-9|undo"

ABOUT_ALL = frozenset(
    {"note", "take", "assign", "waiting", "update", "eta", "resolve", "escalate", "deescalate", "undo", "incident"}
)
"""Commands that can be given in answer to the mails of an incident; all others are about one ticket."""


def incident(argument: str, request: Request) -> Step | str:
    """`/incident declare`, `/incident join T-9`, `/incident undo`; `/incident dismiss` answers a proposal."""
    verb, _, rest = argument.partition(" ")
    read = _VERBS.get(verb.casefold())
    if read is None or bool(rest.strip()) is not (verb.casefold() == "join"):
        return f"say /incident declare, /incident join {request.rules.desk.show(9)} or /incident undo"
    return read(rest.strip(), request)


def find_trouble(written: Written, request: Request) -> str:
    """Why an answer to the mails of an incident would reach nobody; empty where it does, or says nothing."""
    if not request.is_shared or not written.words:
        return ""
    there = request.incidents.get(request.ticket.number)
    if any(each.name == "note" for each in written.commands):
        return ""
    verbs = {each.argument.casefold() for each in written.commands if each.name == "incident"}
    if "undo" in verbs:
        return "once it is no incident, the text would reach one client alone: send the text first"
    if "declare" in verbs or (there is not None and there.is_answerable):
        return ""
    return (
        "no incident is declared here, so that nobody would get the text: /incident declare on its first line declares "
        "it, and the text goes to all of its clients"
    )


def is_shared(steps: Sequence[Step], request: Request) -> bool:
    """Whether a plan is about all tickets of the incident."""
    there = request.incidents.get(request.ticket.number)
    is_answer = request.is_shared and there is not None and there.is_answerable
    is_declared_now = any(step.event is Event.INCIDENT_DECLARED for step in steps)
    return is_answer or is_declared_now or any(step.undoes is not None and step.undoes.is_shared for step in steps)


def _declare(_: str, request: Request) -> Step | str:
    """The ticket is the first of an incident; what was proposed becomes one with all of its tickets."""
    there = request.incidents.get(request.ticket.number)
    if there is not None and there.standing is not Standing.PROPOSED:
        return f"it belongs to the incident {request.rules.desk.show(there.head)} already"
    if there is None and (trouble := _unfit(request)):
        return trouble
    return Step(event=Event.INCIDENT_DECLARED, because="/incident declare")


def _join(argument: str, request: Request) -> Step | str:
    """This ticket has the cause of another one's incident, and whoever answers for that has it now."""
    show = request.rules.desk.show
    named = numbers_named((argument,), request.rules.desk.prefix)
    if not named:
        return f"{argument} is no ticket; write it as {show(9)}"
    there, target = request.incidents.get(request.ticket.number), _named(request, named[0])
    if target is None:
        return f"{show(named[0])} is no incident: /incident declare in answer to one of its mails makes it one"
    if there is not None and there.is_answerable:
        is_same = there.id == target.id
        return f"it belongs to {'this' if is_same else 'the'} incident {show(there.head)} already" + (
            "" if is_same else ": /incident undo first"
        )
    if trouble := _unfit(request):
        return trouble
    owner = target.answers(request.rules.team)
    changes = {"assignee": owner, "team": None} if owner else {}
    because = f"/incident join {show(target.head)}"
    return Step(event=Event.INCIDENT_JOINED, because=because, changes=changes, other=target.head)


def _named(request: Request, number: int) -> Incident | None:
    found = request.incidents.get(number)
    return found if found is not None and found.is_answerable else None


def _unfit(request: Request) -> str:
    """Why a ticket can be in no incident; empty where it can."""
    match request.ticket.status:
        case Status.CLOSED:
            return "the ticket is closed: /reopen it first"
        case Status.HANDED_OFF:
            return f"{request.ticket.team or 'another team'} has the ticket: /technical takes it back"
    return ""


def _undo(_: str, request: Request) -> Step | str:
    """The ticket is taken out of its incident; of the incident's own ticket: it is no incident any more."""
    there = request.incidents.get(request.ticket.number)
    if there is None or not there.is_answerable:
        return "it belongs to no incident"
    show = request.rules.desk.show
    if there.head == request.ticket.number:
        return Step(event=Event.INCIDENT_UNDONE, because=f"/incident undo: {show(there.head)} is no incident")
    return Step(event=Event.INCIDENT_LEFT, because=f"/incident undo: not the incident {show(there.head)}")


def _dismiss(_: str, request: Request) -> Step | str:
    """What maild proposed is no incident."""
    there = request.incidents.get(request.ticket.number)
    if there is None or there.standing is not Standing.PROPOSED:
        return "no incident is proposed here"
    return Step(event=Event.INCIDENT_DISMISSED, because="/incident dismiss")


_VERBS: Mapping[str, Callable[[str, Request], Step | str]] = MappingProxyType(
    {"declare": _declare, "join": _join, "undo": _undo, "dismiss": _dismiss}
)
