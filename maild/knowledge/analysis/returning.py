"""Returning: what was not over after all, and what went through other hands. Pure."""

from collections import Counter
from collections.abc import Collection

from maild.knowledge.analysis.figure import Figure, Section, a_count, a_share
from maild.knowledge.analysis.history import History
from maild.process.ticket import Event

BACK = (Event.HAND_OFF_RETURNED, Event.HAND_OFF_UNCLAIMED, Event.HAND_OFF_UNDONE)
ASKED = (Event.ESCALATED, Event.ESCALATION_RAISED)


def tell_returning(history: History) -> Section:
    """Reopened and wrongly closed tickets, hand-offs and escalations."""
    return Section(
        name="returning",
        title="Coming back, hand-offs and escalations",
        figures=(*_returns(history), *_hand_offs(history), *_escalations(history)),
        notes=(
            "What was closed late in the period has had little time to come back: the rates can still grow a little.",
        ),
    )


def _returns(history: History) -> tuple[Figure, ...]:
    has = history.period.has
    resolved = _with(history, Event.RESOLVED)
    closed = {course.facts.number for course in history.courses if any(map(has, course.closed_at))}
    reopened = {course.facts.number for course in history.courses if any(map(has, course.reopened_at))} & resolved
    returned = {course.facts.number for course in history.courses if any(map(has, course.returned_at))} & closed
    wrong = _with(history, Event.CLOSED_WRONGLY) & closed
    return (
        _share(
            "reopened",
            "Reopened",
            "Tickets answered with /resolve that became work again before they were closed.",
            reopened,
            of=resolved,
        ),
        _share(
            "wrong_closures",
            "Wrong closures",
            "Closed tickets whose client said within the reopen window that it is not solved.",
            wrong,
            of=closed,
        ),
        _share(
            "returned",
            "Came back after closing",
            "Closed tickets that became work again for any reason, also long after, or by a person's word.",
            returned,
            of=closed,
        ),
    )


def _hand_offs(history: History) -> tuple[Figure, ...]:
    handed = _with(history, Event.HANDED_OFF)
    returned = _with(history, *BACK) & handed
    times = Counter(ticket for ticket, _ in history.happened.get(Event.ASSIGNED, ()))
    often = {ticket for ticket, number in times.items() if number > 1}
    return (
        a_count("hand_offs", "Hand-offs", "Tickets that were given to another team.", sorted(handed)),
        _share(
            "hand_offs_returned",
            "Hand-offs that came back",
            "Handed-off tickets that the desk got back: refused, not confirmed in time, or taken back.",
            returned,
            of=handed,
        ),
        _share(
            "reassigned",
            "Changed hands",
            "Assigned tickets that had more than one assignee, one after the other.",
            often,
            of=times,
        ),
    )


def _escalations(history: History) -> tuple[Figure, ...]:
    worked = {course.facts.number for course in history.courses if history.period.has(course.facts.opened_at)}
    asked, raised = _with(history, *ASKED), _with(history, Event.ESCALATION_RAISED)
    return (
        _share(
            "escalated",
            "Escalated",
            "Tickets opened in the period about which engineering was asked.",
            asked & worked,
            of=worked,
        ),
        _share(
            "escalated_by_time",
            "Escalated by the clock",
            "Of the tickets about which engineering was asked: those where time ran out and maild asked the next level.",
            raised,
            of=asked,
        ),
    )


def _share(name: str, title: str, means: str, tickets: Collection[int], *, of: Collection[int]) -> Figure:
    return a_share(name, title, means, hits=len(tickets), n=len(of), tickets=tickets)


def _with(history: History, *events: Event) -> set[int]:
    return {ticket for event in events for ticket, _ in history.happened.get(event, ())}
