"""The port to a tracker of issues, such as Linear: what the mirror asks of it, and the values that go to and fro.

Another tracker is one file that offers `Tracker`. Everything here is in words that people use (names of states and labels,
addresses of people): what ids a tracker has for them is its door's own business.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol


class Field(StrEnum):
    """What of an issue is mirrored, besides its words."""

    STATE = "state"
    PRIORITY = "priority"
    ASSIGNEE = "assignee"
    DUE = "due"
    LABELS = "labels"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """How an issue stands; None is nothing."""

    state: str | None = None
    """Name of the workflow state."""

    priority: int = 0
    """0 none, 1 urgent, 2 high, 3 medium, 4 low."""

    assignee: str | None = None
    """Address of the user, in lower case; a user without one by their id."""

    due: date | None = None
    labels: tuple[str, ...] = ()
    """Names, sorted; only those that the mirror minds."""

    def value(self, name: Field) -> Any:
        """The value of one field."""
        return getattr(self, name.value)

    def put(self, name: Field, value: Any) -> "Fields":
        """The same with one field changed."""
        return replace(self, **{name.value: value})

    def document(self) -> dict[str, Any]:
        """As the store keeps it: no words of anybody."""
        return {
            "state": self.state,
            "priority": self.priority,
            "assignee": self.assignee,
            "due": self.due.isoformat() if self.due else None,
            "labels": list(self.labels),
        }

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> "Fields":
        """From the store."""
        due = document.get("due")
        return cls(
            state=document.get("state"),
            priority=int(document.get("priority") or 0),
            assignee=document.get("assignee"),
            due=date.fromisoformat(due) if due else None,
            labels=tuple(document.get("labels") or ()),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody in the tracker."""

    id: str
    name: str
    address: str | None
    """In lower case; None where the tracker does not tell it."""

    @property
    def known_as(self) -> str:
        """By what the mirror knows them."""
        return self.address or self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One change of one field in an issue's history."""

    id: str
    """Unique among all entries, the field included."""

    field: Field
    value: Any
    """What it was changed to; of labels: the names that were added and removed, as `(added, removed)`."""

    by: User | None
    """None: an automation."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """What somebody wrote below an issue."""

    id: str
    by: User | None
    text: str
    at: datetime
    edited_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """An issue as the tracker has it now."""

    id: str
    key: str
    """As people call it, such as `ENG-17`."""

    url: str
    fields: Fields
    updated_at: datetime
    lost: str = ""
    """What the team has lost it by, such as *deleted or archived*; empty: it is there."""

    was_there: bool = False
    """It was to be made, and had been made before."""
    entries: Sequence[Entry] = ()
    """Oldest first; none on what a change answers."""

    comments: Sequence[Comment] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewIssue:
    """An issue to be made under an id of our own: asked twice, it is made once."""

    id: str
    title: str
    description: str
    """Markdown."""

    fields: Fields
    at: datetime | None = None
    """When it began, where that is long ago."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewComment:
    """A comment to be made under an id of our own."""

    id: str
    issue: str
    text: str
    """Markdown."""

    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLink:
    """The attachment that leads back to the ticket."""

    id: str
    issue: str
    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A workflow state of the team."""

    name: str
    type: str
    """triage, backlog, unstarted, started, completed, canceled or duplicate."""

    position: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """What there is in the tracker to choose from."""

    team: str
    """Name of the team whose issues are the mirror."""

    viewer: User
    """As whom we are known there."""

    states: Sequence[State]
    labels: Sequence[str]
    users: Sequence[User] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """An issue that may have changed; what it is now is read from the tracker itself."""

    issue: str
    at: datetime | None
    """The tracker's time of the change; None: it does not say."""

    comment: str | None = None
    """The comment that came or was edited, where that is what happened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """What a webhook tells."""

    changes: tuple[Changed, ...]
    delivery: str
    """The tracker's id of the delivery; by it a repeated one is known."""


class Tracker(Protocol):
    """One team of one tracker.

    Raises Unavailable where it is down, throttled or does not let us in (all waits), Deferred where it cannot do this one
    now, and Bounced where it refuses this one for good. What is made under an id of ours may be asked for again.
    """

    @property
    def name(self) -> str:
        """What people call it, for reasons: `Linear`."""

    def catalogue(self) -> Catalogue:
        """What there is to choose from; asked anew each time."""

    def create(self, new: NewIssue) -> Issue:
        """Make the issue, or find that it is there."""

    def change(self, issue: str, fields: Fields, names: Sequence[Field], *, minded: Sequence[str]) -> Issue:
        """Set these fields; of the labels only those in `minded` are added or taken away."""

    def comment(self, new: NewComment) -> None:
        """Make the comment, or find that it is there."""

    def link(self, new: NewLink) -> None:
        """Attach the way back, or find that it is there."""

    def read(self, issue: str, *, since: datetime | None) -> Issue | None:
        """The issue with what happened to it since then; None: there is none."""

    def changed(self, *, since: datetime) -> Iterator[Changed]:
        """Issues that have changed since then, and comments; page after page."""
