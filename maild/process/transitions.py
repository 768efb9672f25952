"""The transitions of a ticket: one table, from which the process map is printed."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias, TypeVar

from maild.process.ticket import Event, Status

T = TypeVar("T")
Key: TypeAlias = tuple[Status | None, Event]
"""Status before, and event; None is the ticket that does not exist yet."""


class Activity(StrEnum):
    """The activities of the process map (PROCESS.md)."""

    SUBMIT = "submit"
    NONTECHNICAL = "nontechnical"
    INTAKE = "intake"
    TRIAGE = "triage"
    RESOLVE = "resolve"
    COMMUNICATE = "communicate"
    ESCALATE = "escalate"
    CLOSE = "close"
    DOCUMENTATION = "documentation"


@dataclass(frozen=True, slots=True)
class Transition:
    """Where an event leads, and the activity that it belongs to."""

    status: Status
    activity: Activity


_LIVE = tuple(status for status in Status if status is not Status.CLOSED)
_OURS = tuple(status for status in _LIVE if status is not Status.HANDED_OFF)
"""What the desk itself works on."""


def _from(before: Iterable[Status], event: Event, after: Status, activity: Activity) -> Mapping[Key, Transition]:
    """The same row for several statuses."""
    return {(status, event): Transition(after, activity) for status in before}


def _answered(event: Event) -> Mapping[Key, Transition]:
    """The client heard from us: what was undecided or elsewhere is the desk's, all else stays as it is."""
    moved = dict.fromkeys((Status.NEW, Status.GATHERING, Status.HANDED_OFF), Status.OPEN)
    return {(status, event): Transition(moved.get(status, status), Activity.COMMUNICATE) for status in Status}


TRANSITIONS: Mapping[Key, Transition] = MappingProxyType(
    {
        (None, Event.OPENED): Transition(Status.OPEN, Activity.TRIAGE),
        (None, Event.LEFT_UNDECIDED): Transition(Status.NEW, Activity.TRIAGE),
        (None, Event.HANDED_OFF): Transition(Status.HANDED_OFF, Activity.NONTECHNICAL),
        (Status.HANDED_OFF, Event.HAND_OFF_CONFIRMED): Transition(Status.CLOSED, Activity.NONTECHNICAL),
        (Status.OPEN, Event.INFORMATION_ASKED): Transition(Status.GATHERING, Activity.INTAKE),
        (Status.GATHERING, Event.GATHERING_ENDED): Transition(Status.OPEN, Activity.TRIAGE),
        (Status.HANDED_OFF, Event.HAND_OFF_RETURNED): Transition(Status.NEW, Activity.NONTECHNICAL),
        (Status.HANDED_OFF, Event.HAND_OFF_UNDONE): Transition(Status.OPEN, Activity.NONTECHNICAL),
        (Status.HANDED_OFF, Event.HAND_OFF_UNCLAIMED): Transition(Status.NEW, Activity.NONTECHNICAL),
        (Status.NEW, Event.CLIENT_REPLIED): Transition(Status.NEW, Activity.TRIAGE),
        (Status.GATHERING, Event.CLIENT_REPLIED): Transition(Status.OPEN, Activity.TRIAGE),
        (Status.OPEN, Event.CLIENT_REPLIED): Transition(Status.OPEN, Activity.RESOLVE),
        (Status.WAITING, Event.CLIENT_REPLIED): Transition(Status.OPEN, Activity.RESOLVE),
        (Status.ESCALATED, Event.CLIENT_REPLIED): Transition(Status.ESCALATED, Activity.ESCALATE),
        (Status.RESOLVED, Event.CLIENT_REPLIED): Transition(Status.OPEN, Activity.CLOSE),
        (Status.CLOSED, Event.CLIENT_REPLIED): Transition(Status.OPEN, Activity.CLOSE),
        (Status.HANDED_OFF, Event.CLIENT_REPLIED): Transition(Status.HANDED_OFF, Activity.NONTECHNICAL),
        **_answered(Event.TSM_ANSWERED),
        **_answered(Event.ANSWERED_DIRECTLY),
        **_from((Status.NEW, Status.HANDED_OFF), Event.TRIAGED, Status.OPEN, Activity.TRIAGE),
        **_from((*_OURS, Status.CLOSED), Event.HANDED_OFF, Status.HANDED_OFF, Activity.NONTECHNICAL),
        **_from(_LIVE, Event.MARKED_SPAM, Status.CLOSED, Activity.TRIAGE),
        **_from(_OURS, Event.ASKED, Status.WAITING, Activity.RESOLVE),
        **_from(_OURS, Event.ESCALATED, Status.ESCALATED, Activity.ESCALATE),
        **_from(_OURS, Event.ESCALATION_RAISED, Status.ESCALATED, Activity.ESCALATE),
        (Status.ESCALATED, Event.DEESCALATED): Transition(Status.OPEN, Activity.ESCALATE),
        **_from(_OURS, Event.RESOLVED, Status.RESOLVED, Activity.RESOLVE),
        **_from(_LIVE, Event.CLOSED, Status.CLOSED, Activity.CLOSE),
        **_from((Status.RESOLVED, Status.CLOSED), Event.REOPENED, Status.OPEN, Activity.CLOSE),
        **_from(_LIVE, Event.MERGED, Status.CLOSED, Activity.TRIAGE),
        (None, Event.SPLIT_OFF): Transition(Status.OPEN, Activity.TRIAGE),
        **_from(_OURS, Event.CLIENT_CONFIRMED, Status.CLOSED, Activity.CLOSE),
        **_from((Status.RESOLVED, Status.CLOSED, Status.OPEN), Event.CLIENT_DENIED, Status.OPEN, Activity.CLOSE),
        **_from((Status.RESOLVED, Status.CLOSED), Event.CLOSURE_UNCLEAR, Status.OPEN, Activity.CLOSE),
        (Status.RESOLVED, Event.CLOSED_BY_SILENCE): Transition(Status.CLOSED, Activity.CLOSE),
    }
)
"""Status before and event to what follows."""

OPENING = frozenset(event for before, event in TRANSITIONS if before is None)
"""Events with which a ticket begins."""

REMARKS: Mapping[Event, Activity] = MappingProxyType(
    {
        Event.ASSIGNED: Activity.RESOLVE,
        Event.NOBODY_FREE: Activity.RESOLVE,
        Event.CATEGORIZED: Activity.TRIAGE,
        Event.PRIORITIZED: Activity.TRIAGE,
        Event.NOTED: Activity.RESOLVE,
        Event.PROGRESS_REPORTED: Activity.COMMUNICATE,
        Event.ESTIMATED: Activity.COMMUNICATE,
        Event.ENGINEERING_ANSWERED: Activity.ESCALATE,
        Event.CONSULTED: Activity.ESCALATE,
        Event.CLIENT_IN_COPY: Activity.ESCALATE,
        Event.TOOK_IN: Activity.TRIAGE,
        Event.LINKED: Activity.TRIAGE,
        Event.CLIENT_CHANGED: Activity.TRIAGE,
        Event.PARTICIPANT_ADDED: Activity.COMMUNICATE,
        Event.PARTICIPANT_REMOVED: Activity.COMMUNICATE,
        Event.UNDONE: Activity.RESOLVE,
        Event.COMMAND_REFUSED: Activity.RESOLVE,
        Event.CONFIRMATION_ASKED: Activity.RESOLVE,
        Event.RELAY_HELD: Activity.COMMUNICATE,
        Event.STAFF_WROTE: Activity.NONTECHNICAL,
        Event.AUTOMATIC_REPLY_CAME: Activity.COMMUNICATE,
        Event.BOUNCE_CAME: Activity.COMMUNICATE,
        Event.DELIVERY_UNCERTAIN: Activity.COMMUNICATE,
        Event.IMPORTED: Activity.SUBMIT,
        Event.STRANGER_LINKED: Activity.INTAKE,
        Event.GATHERED: Activity.INTAKE,
        Event.UPDATE_DUE_SOON: Activity.COMMUNICATE,
        Event.UPDATE_OVERDUE: Activity.COMMUNICATE,
        Event.HOLDING_UPDATE_SENT: Activity.COMMUNICATE,
        Event.CLIENT_REMINDED: Activity.COMMUNICATE,
        Event.CLIENT_SILENT: Activity.COMMUNICATE,
        Event.CLOCK_STARTED: Activity.COMMUNICATE,
        Event.CLOCK_PAUSED: Activity.COMMUNICATE,
        Event.CLOCK_STOPPED: Activity.COMMUNICATE,
        Event.SERVICE_LEVEL_BREACHED: Activity.COMMUNICATE,
        Event.ACKNOWLEDGEMENT_WITHHELD: Activity.TRIAGE,
        Event.VERDICT_AUDITED: Activity.TRIAGE,
        Event.THRESHOLD_RAISED: Activity.TRIAGE,
        Event.INCIDENT_PROPOSED: Activity.TRIAGE,
        Event.INCIDENT_DISMISSED: Activity.TRIAGE,
        Event.INCIDENT_DECLARED: Activity.TRIAGE,
        Event.INCIDENT_JOINED: Activity.TRIAGE,
        Event.INCIDENT_LEFT: Activity.TRIAGE,
        Event.INCIDENT_UNDONE: Activity.TRIAGE,
        Event.POST_MORTEM_ASKED: Activity.DOCUMENTATION,
        Event.POST_MORTEM_SKIPPED: Activity.DOCUMENTATION,
        Event.POST_MORTEM_REMINDED: Activity.DOCUMENTATION,
        Event.POST_MORTEM_ANSWERED: Activity.DOCUMENTATION,
        Event.POST_MORTEM_DECLINED: Activity.DOCUMENTATION,
        Event.ARTICLE_WRITTEN: Activity.DOCUMENTATION,
        Event.ARTICLE_ALIKE: Activity.DOCUMENTATION,
        Event.ARTICLE_KNOWN: Activity.DOCUMENTATION,
        Event.ARTICLE_RELATED: Activity.DOCUMENTATION,
        Event.CLIENT_THANKED: Activity.CLOSE,
        Event.CLOSURE_HEARD: Activity.CLOSE,
        Event.CLOSED_WRONGLY: Activity.CLOSE,
        Event.CLOSED_RIGHTLY: Activity.CLOSE,
        Event.BRANCHED_OFF: Activity.CLOSE,
        Event.MIRRORED: Activity.RESOLVE,
        Event.TRACKER_NOTED: Activity.RESOLVE,
        Event.TRACKER_DECLINED: Activity.RESOLVE,
    }
)
"""Events that are written down in any status and change none, each with the activity that it belongs to."""


ENDING = frozenset(
    event
    for (_, event), transition in TRANSITIONS.items()
    if transition.status is Status.CLOSED and transition.activity is Activity.CLOSE
)
"""Events that end a ticket because its issue is over: not spam, a merger or a hand-off."""


def without_taken_back(events: Iterable[T], word: Callable[[T], str]) -> list[T]:
    """Of one ticket's events, oldest first, all but wrong closings that were none and what says so of each."""
    kept: list[T] = []
    for each in events:
        if word(each) != Event.CLOSED_RIGHTLY:
            kept.append(each)
        elif wrong := [place for place, other in enumerate(kept) if word(other) == Event.CLOSED_WRONGLY]:
            del kept[wrong[-1]]
    return kept


def advance(status: Status | None, event: Event) -> Status:
    """The status after the event. KeyError for what the table does not know: a bug, never a mail's fault."""
    if status is not None and event in REMARKS:
        return status
    return TRANSITIONS[status, event].status
