"""The course of a ticket is what its events say, lived through again."""

from datetime import timedelta

import pytest

from maild.knowledge.analysis.course import Course, Facts, Happened, follow
from maild.process.ticket import Event, Status
from tests.support.making import NOON

FACTS = Facts(
    number=1,
    category="network",
    domain="client.example",
    priority=2,
    assignee="Ana",
    product="",
    opened_at=NOON,
)


def lived(*events: Event) -> Course:
    """A ticket to which that has happened, an hour after the other."""
    happened = [Happened(event.value, NOON + timedelta(hours=hour), "x") for hour, event in enumerate(events)]
    return follow(FACTS, happened, until=NOON + timedelta(days=30))


@pytest.mark.parametrize(
    ("ended", "status"), [((), Status.RESOLVED), ((Event.CLIENT_CONFIRMED,), Status.CLOSED)], ids=str
)
def test_what_was_about_something_else_has_not_begun_the_ticket_again(ended: tuple[Event, ...], status: Status) -> None:
    before = (Event.OPENED, Event.RESOLVED, *ended)
    once, twice = lived(*before), lived(*before, Event.CLOSURE_UNCLEAR, Event.SPLIT_OFF)
    assert (twice.status, twice.reopened_at, twice.returned_at) == (status, (), ())
    assert (twice.solved_at, twice.closed_at, twice.fate) == (once.solved_at, once.closed_at, once.fate)


def test_what_was_about_something_else_leaves_a_question_unanswered() -> None:
    course = lived(Event.OPENED, Event.ASKED, Event.CLIENT_REPLIED, Event.SPLIT_OFF)
    assert (course.status, course.reopened_at) == (Status.WAITING, ())


def test_what_somebody_has_answered_since_stays_open() -> None:
    course = lived(Event.OPENED, Event.RESOLVED, Event.CLOSURE_UNCLEAR, Event.TSM_ANSWERED, Event.SPLIT_OFF)
    assert (course.status, len(course.reopened_at)) == (Status.OPEN, 1)
