"""The process map as Mermaid, printed from the transitions: the picture cannot drift from the program."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from maild.process.ticket import Event, Status
from maild.process.transitions import REMARKS, TRANSITIONS, Activity


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One activity of the map (Universal Process Notation): what, who, where, when, why."""

    what: str
    """A verb first."""

    raci: str
    system: str
    begins: str
    """The arrow in."""

    ends: str
    """The arrow out."""

    page: str
    """Its page, with the resources that it needs."""


STEPS: Mapping[Activity, Step] = MappingProxyType(
    {
        Activity.SUBMIT: Step(
            what="Submit the issue",
            raci="R client",
            system="any mail client",
            begins="a client finds an issue",
            ends="the mail is stored",
            page="submit.md",
        ),
        Activity.NONTECHNICAL: Step(
            what="Hand off what is not technical",
            raci="RA TSM, I client",
            system="maild, mail of the other team",
            begins="a mail is not technical",
            ends="the other team has taken it",
            page="hand-off.md",
        ),
        Activity.INTAKE: Step(
            what="Gather information",
            raci="RA TSM, C client",
            system="maild",
            begins="a mail is technical",
            ends="what the category requires is known",
            page="gather.md",
        ),
        Activity.TRIAGE: Step(
            what="Categorize, prioritize, acknowledge",
            raci="RA TSM, I client",
            system="maild, its models",
            begins="a ticket is opened",
            ends="category, priority and assignee are known",
            page="triage.md",
        ),
        Activity.RESOLVE: Step(
            what="Resolve the issue",
            raci="RA TSM",
            system="the TSM's mail client",
            begins="a ticket is assigned",
            ends="the TSM says what was done",
            page="resolve.md",
        ),
        Activity.COMMUNICATE: Step(
            what="Communicate progress",
            raci="RA TSM, I client",
            system="the TSM's mail client, maild's clock",
            begins="the work goes on",
            ends="the client knows how far it is",
            page="communicate.md",
        ),
        Activity.ESCALATE: Step(
            what="Escalate the issue",
            raci="RA TSM, C engineering, I lead",
            system="an internal thread of mails",
            begins="the TSM is blocked, or a clock ran out",
            ends="engineering has answered",
            page="escalate.md",
        ),
        Activity.CLOSE: Step(
            what="Close the issue",
            raci="RA TSM, I client",
            system="mail of the client",
            begins="the TSM says that it is resolved",
            ends="the client has verified it",
            page="close.md",
        ),
        Activity.DOCUMENTATION: Step(
            what="Update the knowledge base",
            raci="RA TSM",
            system="the TSM's mail client",
            begins="a ticket is closed",
            ends="what was learnt is written down",
            page="documentation.md",
        ),
    }
)

HOME: Mapping[Status | None, Activity] = MappingProxyType(
    {
        None: Activity.SUBMIT,
        Status.NEW: Activity.TRIAGE,
        Status.GATHERING: Activity.INTAKE,
        Status.OPEN: Activity.RESOLVE,
        Status.WAITING: Activity.COMMUNICATE,
        Status.ESCALATED: Activity.ESCALATE,
        Status.RESOLVED: Activity.CLOSE,
        Status.CLOSED: Activity.DOCUMENTATION,
        Status.HANDED_OFF: Activity.NONTECHNICAL,
    }
)
"""The activity in which a ticket of each status stands."""

_WAY_IN = ((Activity.SUBMIT, Activity.INTAKE, "technical"), (Activity.INTAKE, Activity.TRIAGE, "what is known"))
"""Before a ticket stands, its mail has passed these; the transitions begin with the ticket."""

_TYPICAL: Mapping[Activity, tuple[Status, ...]] = MappingProxyType(
    {
        Activity.TRIAGE: (Status.NEW,),
        Activity.NONTECHNICAL: (Status.NEW,),
        Activity.RESOLVE: (Status.OPEN, Status.ESCALATED),
        Activity.ESCALATE: (Status.OPEN,),
        Activity.CLOSE: (Status.OPEN, Status.RESOLVED),
    }
)
"""Where an event that may happen in almost any status usually does: the map shows it from there alone."""

_ANY = 4
"""From more statuses than this an event may happen in almost any."""

_SUB_MAPS = (Activity.TRIAGE, Activity.RESOLVE, Activity.ESCALATE, Activity.DOCUMENTATION)

_SAID: Mapping[Event, str] = MappingProxyType(
    {
        Event.OPENED: "troubleshoot",
        Event.HANDED_OFF: "not technical",
        Event.HAND_OFF_CONFIRMED: "taken by the other team",
        Event.HAND_OFF_RETURNED: "not theirs",
        Event.HAND_OFF_UNDONE: "technical after all",
        Event.HAND_OFF_UNCLAIMED: "not taken in time",
        Event.TSM_ANSWERED: "answered",
        Event.ASKED: "the client is asked",
        Event.PROGRESS_REPORTED: "fix in progress",
        Event.ESCALATED: "blocked",
        Event.ESCALATION_RAISED: "no answer in time",
        Event.CLIENT_REPLIED: "the client wrote",
        Event.MARKED_SPAM: "spam",
        Event.CLIENT_CONFIRMED: "it works",
        Event.CLIENT_DENIED: "it does not work",
        Event.CLOSURE_UNCLEAR: "answer unclear",
        Event.CLOSED_BY_SILENCE: "no answer",
    }
)
"""Events whose name alone would not be understood."""


def process_map() -> str:
    """The whole map, with RACI in each state, as one Mermaid diagram."""
    states = [f"    {_name(activity)}: {step.what}<br/>{step.raci}" for activity, step in STEPS.items()]
    arrows = [f"    {_name(one)} --> {_name(two)}: {', '.join(words)}" for (one, two), words in _arrows().items()]
    begin, end = (
        "    [*] --> SUBMIT: a client finds an issue",
        "    DOCUMENTATION --> [*]: the issue is behind the client",
    )
    return "\n".join(["stateDiagram-v2", *states, begin, *arrows, end])


def sub_maps() -> Iterator[tuple[Activity, str]]:
    """Activities with a map of their own: statuses of the ticket, and the events that belong to the activity."""
    for activity in _SUB_MAPS:
        yield activity, "\n".join(["stateDiagram-v2", *_rows_of(activity)])


def _arrows() -> Mapping[tuple[Activity, Activity], list[str]]:
    """Between activities, each with the events that lead there; what stays within one is on its own map."""
    found: dict[tuple[Activity, Activity], list[str]] = {(one, two): [words] for one, two, words in _WAY_IN}
    found[Activity.RESOLVE, Activity.COMMUNICATE] = [said(Event.PROGRESS_REPORTED)]
    for (before, event), transition in TRANSITIONS.items():
        one, two = _source(before, event, transition.activity), HOME[transition.status]
        is_typical = before in {None, *_TYPICAL.get(transition.activity, ())} or len(_sources(event)) <= _ANY
        if one is not two and is_typical:
            words = found.setdefault((one, two), [])
            words.extend({said(event)}.difference(words))
    return found


def _source(before: Status | None, event: Event, activity: Activity) -> Activity:
    """Where an arrow begins: opening a ticket ends the triage, or never came to it."""
    if before is None:
        return Activity.SUBMIT if event is Event.HANDED_OFF else activity
    return HOME[before]


def _sources(event: Event) -> set[Status]:
    """From which statuses an event leads elsewhere."""
    return {
        before
        for (before, each), transition in TRANSITIONS.items()
        if each is event and before and before is not transition.status
    }


def _rows_of(activity: Activity) -> Iterable[str]:
    ways: dict[tuple[str, str], list[str]] = {}
    for (before, event), transition in TRANSITIONS.items():
        if transition.activity is not activity or before is transition.status:
            continue
        one = "[*]" if before is None else "any_status" if len(_sources(event)) > _ANY else before
        words = ways.setdefault((one, transition.status), [])
        words.extend({said(event)}.difference(words))
    home = next(status for status, belongs in HOME.items() if belongs is activity) or "[*]"
    yield from (f"    {one} --> {two}: {', '.join(words)}" for (one, two), words in ways.items())
    remarks = ", ".join(said(event) for event, belongs in REMARKS.items() if belongs is activity)
    if remarks:
        yield f"    {home} --> {home}: {remarks}"
    if activity is Activity.DOCUMENTATION:
        yield f"    {home} --> [*]: the issue is behind the client"


def _name(activity: Activity) -> str:
    return activity.upper()


def said(event: Event) -> str:
    """What the map calls an event."""
    return _SAID.get(event, event.replace("_", " "))
