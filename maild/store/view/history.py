"""The desk's history for the report: rows, reduced ticket by ticket while they are read."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain, groupby
from operator import attrgetter, itemgetter
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from maild.knowledge.analysis.course import ANSWERS, Course, Facts, Fate, Happened, follow
from maild.knowledge.analysis.history import DeskFacts, History, Kept, Period
from maild.knowledge.analysis.promises import judge_promises
from maild.process.clocks.kinds import Stretch
from maild.process.transitions import without_taken_back
from maild.store.tables import deadlines, events, tickets
from maild.store.view.history_besides import (
    read_articles,
    read_incidents,
    read_issues,
    read_labels,
    read_suggestions,
    read_verdicts,
)

ROWS_AT_ONCE = 2_000
PRODUCT = "application"
"""The kind of information on a ticket's sheet that names the product."""

_EVENT = attrgetter("event")

Times = dict[str, list[tuple[int, datetime]]]


def read_history(connection: Connection, period: Period, desk: DeskFacts) -> History:
    """Give all that a report asks, up to the end of the period."""
    happened: Times = {}
    by_person: Times = {}
    courses = list(_courses(connection, period, happened, by_person))
    return History(
        period=period,
        courses=courses,
        happened=happened,
        by_person=by_person,
        promises=list(_promises(connection, courses, period)),
        labels=read_labels(connection, period),
        verdicts=read_verdicts(connection, period),
        issues=read_issues(connection, period),
        incidents=read_incidents(connection, period),
        articles=read_articles(connection),
        suggestions=read_suggestions(connection, period),
        desk=desk,
    )


def _courses(connection: Connection, period: Period, happened: Times, by_person: Times) -> Iterator[Course]:
    """Follow each ticket; on the way, note down what happened inside the period."""
    facts = _facts(connection, period)
    columns = (events.c.ticket_id, events.c.event, events.c.at, events.c.actor)
    query = select(*columns).where(events.c.at < period.until).order_by(events.c.ticket_id, events.c.id)
    for number, rows in _by_ticket(connection, query):
        if number in facts:
            of_it = without_taken_back((Happened(event, at, actor) for _, event, at, actor in rows), _EVENT)
            for each in of_it:
                if period.has(each.at):
                    happened.setdefault(each.event, []).append((number, each.at))
                    if each.event in ANSWERS:
                        by_person.setdefault(each.actor, []).append((number, each.at))
            yield follow(facts[number], of_it, until=period.until, since=period.since)


def _facts(connection: Connection, period: Period) -> Mapping[int, Facts]:
    wanted = ("id", "category", "client", "priority", "assignee", "sheet", "opened_at")
    columns = [tickets.c[name] for name in wanted]
    query = select(*columns).where(tickets.c.opened_at < period.until).order_by(tickets.c.id)
    rows = connection.execution_options(yield_per=ROWS_AT_ONCE).execute(query)
    return {row.id: facts_of(row) for row in rows}


def facts_of(row: Row[Any]) -> Facts:
    """What the ticket itself says."""
    return Facts(
        number=row.id,
        category=row.category or "",
        domain=row.client.rpartition("@")[2].casefold(),
        priority=row.priority,
        assignee=row.assignee,
        product=_product(row.sheet),
        opened_at=row.opened_at,
    )


def _product(sheet: Mapping[str, Any] | None) -> str:
    found = (sheet or {}).get("found", ())
    return next((str(each["value"]).casefold() for each in found if each.get("kind") == PRODUCT), "")


def _promises(connection: Connection, courses: Sequence[Course], period: Period) -> Iterator[Kept]:
    by_number = {course.facts.number: course for course in courses}
    columns = (deadlines.c.ticket_id, deadlines.c.kind, deadlines.c.due_at, deadlines.c.settled_at, deadlines.c.because)
    settled = deadlines.c.settled_at < period.until
    for number, rows in _by_ticket(
        connection, select(*columns).where(settled).order_by(deadlines.c.ticket_id, deadlines.c.id)
    ):
        course = by_number.get(number)
        if course is not None:
            stretches = [
                Stretch(clock=clock, due_at=due_at, settled_at=settled_at, because=because)
                for _, clock, due_at, settled_at, because in rows
            ]
            judged = judge_promises(course.facts, stretches, is_solved=course.fate is Fate.SOLVED)
            yield from (promise for promise in judged if period.has(promise.due_at))


def _by_ticket(connection: Connection, query: Select[Any]) -> Iterator[tuple[int, Iterator[Any]]]:
    portions = connection.execution_options(yield_per=ROWS_AT_ONCE).execute(query).partitions()
    return groupby(chain.from_iterable(portions), key=itemgetter(0))
