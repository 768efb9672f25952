"""The transitions of a ticket: one table, from which the process map is printed."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from maild.process.ticket import Event, Status


class Activity(StrEnum):
    """The activities of the process map (PROCESS.md)."""

    SUBMIT = "submit"
    NONTECHNICAL = "nontechnical"
    TRIAGE = "triage"
    RESOLVE = "resolve"
    COMMUNICATE = "communicate"
    ESCALATE = "escalate"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Transition:
    """Where an event leads, and the activity that it belongs to."""

    status: Status
    activity: Activity


TRANSITIONS: Mapping[tuple[Status | None, Event], Transition] = MappingProxyType(
    {
        (None, Event.OPENED): Transition(Status.OPEN, Activity.TRIAGE),
        (None, Event.LEFT_UNDECIDED): Transition(Status.NEW, Activity.TRIAGE),
        (None, Event.HANDED_OFF): Transition(Status.HANDED_OFF, Activity.NONTECHNICAL),
        (Status.HANDED_OFF, Event.HAND_OFF_CONFIRMED): Transition(Status.CLOSED, Activity.NONTECHNICAL),
        (Status.NEW, Event.CLIENT_REPLIED): Transition(Status.NEW, Activity.TRIAGE),
        (Status.GATHERING, Event.CLIENT_REPLIED): Transition(Status.OPEN, Activity.TRIAGE),
        (Status.OPEN, Event.CLIENT_REPLIED): Transition(Status.OPEN, Activity.RESOLVE),
        (Status.WAITING, Event.CLIENT_REPLIED): Transition(Status.OPEN, Activity.RESOLVE),
        (Status.ESCALATED, Event.CLIENT_REPLIED): Transition(Status.ESCALATED, Activity.ESCALATE),
        (Status.RESOLVED, Event.CLIENT_REPLIED): Transition(Status.OPEN, Activity.CLOSE),
        (Status.CLOSED, Event.CLIENT_REPLIED): Transition(Status.OPEN, Activity.CLOSE),
        (Status.HANDED_OFF, Event.CLIENT_REPLIED): Transition(Status.HANDED_OFF, Activity.NONTECHNICAL),
        (Status.NEW, Event.TSM_ANSWERED): Transition(Status.OPEN, Activity.COMMUNICATE),
        (Status.GATHERING, Event.TSM_ANSWERED): Transition(Status.GATHERING, Activity.COMMUNICATE),
        (Status.OPEN, Event.TSM_ANSWERED): Transition(Status.OPEN, Activity.COMMUNICATE),
        (Status.WAITING, Event.TSM_ANSWERED): Transition(Status.WAITING, Activity.COMMUNICATE),
        (Status.ESCALATED, Event.TSM_ANSWERED): Transition(Status.ESCALATED, Activity.COMMUNICATE),
        (Status.RESOLVED, Event.TSM_ANSWERED): Transition(Status.RESOLVED, Activity.COMMUNICATE),
        (Status.CLOSED, Event.TSM_ANSWERED): Transition(Status.CLOSED, Activity.COMMUNICATE),
        (Status.HANDED_OFF, Event.TSM_ANSWERED): Transition(Status.OPEN, Activity.COMMUNICATE),
    }
)
"""(status before, event) to what follows; None is the ticket that does not exist yet."""

OPENING = frozenset(event for before, event in TRANSITIONS if before is None)
"""Events with which a ticket begins."""

REMARKS = frozenset(
    {
        Event.HAND_OFF_UNCLAIMED,
        Event.STAFF_WROTE,
        Event.AUTOMATIC_REPLY_CAME,
        Event.BOUNCE_CAME,
        Event.DELIVERY_UNCERTAIN,
        Event.STRANGER_LINKED,
        Event.UPDATE_OVERDUE,
        Event.ACKNOWLEDGEMENT_WITHHELD,
    }
)
"""Events that are written down in any status and change none."""


def advance(status: Status | None, event: Event) -> Status:
    """The status after the event. KeyError for what the table does not know: a bug, never a mail's fault."""
    if status is not None and event in REMARKS:
        return status
    return TRANSITIONS[status, event].status
