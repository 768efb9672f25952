"""The command that takes back the last command."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from maild.process.plan import Request, Step
from maild.process.retention import ERASED_DOMAIN
from maild.process.ticket import Event, Status, Ticket
from maild.process.transitions import REMARKS, TRANSITIONS

UNDOABLE = frozenset(
    {
        Event.TRIAGED,
        Event.CATEGORIZED,
        Event.PRIORITIZED,
        Event.MARKED_SPAM,
        Event.HANDED_OFF,
        Event.ASSIGNED,
        Event.ASKED,
        Event.PROGRESS_REPORTED,
        Event.ESTIMATED,
        Event.ESCALATED,
        Event.DEESCALATED,
        Event.RESOLVED,
        Event.CLOSED,
        Event.REOPENED,
        Event.MERGED,
        Event.SPLIT_OFF,
        Event.LINKED,
        Event.CLIENT_CHANGED,
        Event.PARTICIPANT_ADDED,
        Event.PARTICIPANT_REMOVED,
        Event.INCIDENT_DECLARED,
        Event.INCIDENT_JOINED,
    }
)
"""Events by which a command is known in a ticket's history. A note changed nothing that could be put back."""


def undo(_: str, request: Request) -> Step | str:
    """`/undo`: the last command of this ticket, where nothing of it has left the house."""
    last = request.last
    if last is None:
        return "no command on this ticket can be undone"
    if any(each.event is Event.SPLIT_OFF for each in last.steps):
        return "a ticket that was split off stands on its own; /merge in answer to one of its mails brings it back"
    if last.overtaken_by:
        return f"the last decision is newer than {last.because}. It was made {last.overtaken_by}; change it there"
    if last.left:
        return f"{last.because}: {', '.join(last.left)} has been sent out, and cannot be undone"
    if any(f"@{ERASED_DOMAIN}" in str(each.before) for each in last.steps):
        return "the person it would bring back has since been forgotten; name somebody else with /client or /cc add"
    changes: dict[str, Any] = {}
    for each in reversed(last.steps):
        changes.update(_fields(each.before))
        if "status" in each.before and not _still(request.ticket, each.event, each.before):
            changes.pop("status")
    return Step(event=Event.UNDONE, because=f"/undo: {last.because}", changes=changes, undoes=last)


def _still(ticket: Ticket, event: Event, before: Mapping[str, Any]) -> bool:
    """Whether the ticket stands where the command put it: what happened to it since is not undone along the way."""
    if event in REMARKS:
        return True
    return TRANSITIONS[Status(before["status"]), event].status is ticket.status


def _fields(before: Mapping[str, Any]) -> dict[str, Any]:
    """What the ticket's fields were, as values again."""
    return {name: _value(name, value) for name, value in before.items() if name in Ticket.__slots__}


def _value(name: str, value: Any) -> Any:
    if name == "status":
        return Status(value)
    return datetime.fromisoformat(value) if name.endswith("_at") and isinstance(value, str) else value
