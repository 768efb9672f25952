"""Who has how many tickets: what an assignment is weighed by."""

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import Connection, bindparam, func, select

from maild.store.database.together import BESIDE
from maild.store.tables import IS_CLOSED, IS_NOT_CLOSED, tickets

LATELY = 200
"""Closed tickets of a category that count as experience."""

LAST = 100
"""Tickets of the desk among which everybody should have had their share."""

_OPEN = (
    select(tickets.c.assignee, func.count())
    .where(IS_NOT_CLOSED, tickets.c.assignee.is_not(None))
    .group_by(tickets.c.assignee)
)
_SOLVED = (
    select(tickets.c.assignee)
    .where(tickets.c.category == bindparam("of_category"), IS_CLOSED)
    .order_by(tickets.c.id.desc())
    .limit(LATELY)
    .execution_options(**BESIDE)  # a ticket whose row waits is not closed
)


_LAST = select(tickets.c.assignee).order_by(tickets.c.id.desc()).limit(LAST)


def open_tickets(connection: Connection) -> Counter[str]:
    """Name of the assignee to tickets that are not closed."""
    return Counter({row[0]: row[1] for row in connection.execute(_OPEN)})


def solved_tickets(connection: Connection, category: str | None) -> Mapping[str, int]:
    """Name of the assignee to tickets of the category among the last that were closed."""
    if category is None:
        return {}
    return Counter(name for name in connection.scalars(_SOLVED, {"of_category": category}) if name)


def given_lately(connection: Connection) -> Counter[str]:
    """Name of the assignee to tickets among the last ones of the desk, open or closed."""
    return Counter(name for name in connection.scalars(_LAST) if name)
