"""The course of a ticket: its events, reduced to what is asked of them later. Pure."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from maild.process.ticket import Event, Status
from maild.process.transitions import REMARKS, TRANSITIONS, Activity, advance

ANSWERS = frozenset(
    {
        Event.TSM_ANSWERED,
        Event.ANSWERED_DIRECTLY,
        Event.ASKED,
        Event.PROGRESS_REPORTED,
        Event.ESTIMATED,
        Event.RESOLVED,
    }
)
"""The client has heard from a person of ours."""

SOLVED = frozenset({Status.RESOLVED, Status.CLOSED})
TELLING = frozenset({Event.CLIENT_REPLIED, Event.CLIENT_DENIED, Event.CLOSURE_UNCLEAR})
"""The client writes; what was solved is work again."""

_CHANGING = frozenset(event for _, event in TRANSITIONS)
IN_OUR_HANDS = frozenset({Status.NEW, Status.OPEN, Status.ESCALATED})


class Fate(StrEnum):
    """What became of a ticket."""

    RUNNING = "running"
    SOLVED = "solved"
    SPAM = "spam"
    MERGED = "merged"
    PASSED_ON = "passed on"
    """Another team has it, and has said so."""

    PAST = "past"
    """Moved in from before maild: nobody measured it."""


_FATES = {Event.MARKED_SPAM: Fate.SPAM, Event.MERGED: Fate.MERGED, Event.HAND_OFF_CONFIRMED: Fate.PASSED_ON}


@dataclass(frozen=True, slots=True)
class Happened:
    """One event."""

    event: str
    at: datetime
    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the ticket itself says."""

    number: int
    category: str
    domain: str
    """Of the client's address."""

    priority: int | None
    assignee: str | None
    product: str
    opened_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One ticket, as far as the end of the period."""

    facts: Facts
    status: Status
    fate: Fate
    answered_at: datetime | None
    """A person's first words to the client."""

    solved_at: datetime | None
    """When it became solved for good; None while it is not."""

    hours: dict[str, float]
    """Status to the hours spent in it."""

    reopened_at: tuple[datetime, ...]
    """Each time that it was work again after /resolve."""

    returned_at: tuple[datetime, ...]
    """Each time that it was work again after it was closed: it had been closed wrongly."""

    closed_at: tuple[datetime, ...]
    """Each time that it was closed as solved."""

    turned_at: tuple[datetime, ...]
    """Each time that it was closed for whatever reason, or taken up again, by turns."""

    steps: dict[Activity, int]
    """Events by the activity that they belong to, inside the period."""

    def was_live(self, at: datetime) -> bool:
        """Whether it was there then, and not closed."""
        return self.facts.opened_at < at and bisect_left(self.turned_at, at) % 2 == 0

    @property
    def hours_with_us(self) -> float:
        """Hours in which the desk or engineering had the next step."""
        return sum(self.hours.get(status, 0.0) for status in IN_OUR_HANDS)


_EVENTS = {event.value: event for event in Event}
_BEGINNING = datetime.min.replace(tzinfo=UTC)


def follow(facts: Facts, events: Sequence[Happened], *, until: datetime, since: datetime = _BEGINNING) -> Course:
    """Live through the events again, by the table of transitions, up to `until`; its steps count from `since` on."""
    walk = _Walk(facts.opened_at)
    for happened in events:
        if happened.at < until:
            walk.step(happened, is_counted=happened.at >= since)
    walk.spend(until)
    return walk.course(facts, is_past=any(each.event == Event.IMPORTED for each in events[:1]))


class _Walk:
    """Where a ticket stands, and what has been seen on the way."""

    def __init__(self, at: datetime) -> None:
        self.status: Status | None = None
        self.before: list[Status | None] = []
        self.was_begun_again = False
        """By the client's last mail alone: where that is split off, the ticket stands as that mail found it."""
        self.was_solved_at: datetime | None = None
        self.at = at
        self.fate = Fate.RUNNING
        self.answered_at: datetime | None = None
        self.solved_at: datetime | None = None
        self.hours: dict[str, float] = {}
        self.steps: dict[Activity, int] = {}
        self.reopened_at: list[datetime] = []
        self.returned_at: list[datetime] = []
        self.closed_at: list[datetime] = []
        self.turned_at: list[datetime] = []

    def step(self, happened: Happened, *, is_counted: bool) -> None:
        """One event further; a word of a newer maild changes nothing."""
        event = _EVENTS.get(happened.event)
        if event is None:
            return
        if is_counted and (activity := self._activity(event)):
            self.steps[activity] = self.steps.get(activity, 0) + 1
        after = self._after(event)
        if event in ANSWERS and self.answered_at is None:
            self.answered_at = happened.at
        is_moved = after is not self.status
        if is_moved:
            self._move(after, event, happened.at)
        if event in _CHANGING:
            self.was_begun_again = is_moved and event in TELLING

    def _activity(self, event: Event) -> Activity | None:
        transition = TRANSITIONS.get((self.status, event))
        return transition.activity if transition else REMARKS.get(event)

    def _after(self, event: Event) -> Status | None:
        if event is Event.UNDONE:
            return self.before[-1] if self.before and self.before[-1] else self.status
        if event is Event.SPLIT_OFF and self.status is not None:
            return self.before[-1] if self.was_begun_again else self.status
        try:
            return advance(self.status, event)
        except KeyError:
            return self.status

    def _move(self, after: Status | None, event: Event, at: datetime) -> None:
        self.spend(at)
        if Status.CLOSED in (self.status, after):
            self.turned_at.append(at)
        self.fate = _FATES.get(event, Fate.SOLVED) if after in SOLVED else Fate.RUNNING
        if event is Event.SPLIT_OFF and after in SOLVED:
            self.solved_at = self.was_solved_at
            self._returns(after).pop()  # what brought the ticket back was about something else
        else:
            self._solve_or_return(after, event, at)
        self.before.append(self.status)
        self.status = after

    def _solve_or_return(self, after: Status | None, event: Event, at: datetime) -> None:
        was_solved, is_solved = self.status in SOLVED, after in SOLVED
        if is_solved and not was_solved:
            self.solved_at = at
        elif was_solved and not is_solved:
            self.was_solved_at, self.solved_at = self.solved_at, None
            if event is not Event.UNDONE:
                self._returns(self.status).append(at)
        if after is Status.CLOSED and self.fate is Fate.SOLVED:
            self.closed_at.append(at)

    def _returns(self, solved: Status | None) -> list[datetime]:
        """When it came back from that status."""
        return self.returned_at if solved is Status.CLOSED else self.reopened_at

    def spend(self, at: datetime) -> None:
        """Time passed in the status."""
        if self.status is not None and self.status is not Status.CLOSED:
            passed = (at - self.at) / timedelta(hours=1)
            self.hours[self.status] = self.hours.get(self.status, 0.0) + max(0.0, passed)
        self.at = at

    def course(self, facts: Facts, *, is_past: bool) -> Course:
        """What it comes to."""
        fate = Fate.PAST if is_past else self.fate
        return Course(
            facts=facts,
            status=self.status or Status.NEW,
            fate=fate,
            answered_at=self.answered_at,
            solved_at=self.solved_at if fate is Fate.SOLVED else None,
            hours=self.hours,
            steps=self.steps,
            reopened_at=tuple(self.reopened_at),
            returned_at=tuple(self.returned_at),
            closed_at=tuple(self.closed_at),
            turned_at=tuple(self.turned_at),
        )


def of_the_desk(courses: Iterable[Course]) -> list[Course]:
    """Without spam, mergers and the past: the issues that the desk had to solve or to pass on."""
    return [course for course in courses if course.fate not in {Fate.SPAM, Fate.MERGED, Fate.PAST}]
