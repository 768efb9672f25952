"""How long earlier tickets of a category and priority have lasted, solved or not."""

from datetime import datetime
from itertools import groupby

from sqlalchemy import Connection, bindparam, select

from maild.knowledge.analysis.course import Fate, Happened, follow, of_the_desk
from maild.knowledge.analysis.forecast import spell_of
from maild.knowledge.lasting import HORIZON, MOST, Spell
from maild.store.tables import events, tickets
from maild.store.view.history import facts_of

_NEWEST = (
    select(*(tickets.c[name] for name in ("id", "category", "client", "priority", "assignee", "language", "sheet")))
    .add_columns(tickets.c.subject, tickets.c.opened_at)
    .where(tickets.c.category == bindparam("of_category"), tickets.c.priority == bindparam("of_priority"))
    .where(tickets.c.opened_at <= bindparam("until"))
    .order_by(tickets.c.id.desc())
    .limit(bindparam("most"))
)
_EVENTS = (
    select(events.c.ticket_id, events.c.event, events.c.at, events.c.actor)
    .where(events.c.ticket_id.in_(bindparam("numbers", expanding=True)))
    .order_by(events.c.ticket_id, events.c.id)
)


def lasted(connection: Connection, category: str, priority: int, *, now: datetime) -> list[Spell]:
    """Those of the newest that could be watched long enough, oldest first: twice as many as count, to measure by the others."""
    wanted = {"of_category": category, "of_priority": priority, "until": now - HORIZON, "most": 2 * MOST}
    facts = {row.id: facts_of(row) for row in connection.execute(_NEWEST, wanted)}
    if not facts:
        return []
    rows = connection.execute(_EVENTS, {"numbers": sorted(facts)})
    followed = [
        follow(facts[number], [Happened(row.event, row.at, row.actor) for row in of_it], until=now)
        for number, of_it in groupby(rows, key=lambda row: int(row.ticket_id))
    ]
    known = (each for each in of_the_desk(followed) if each.fate is not Fate.PASSED_ON)
    return [spell_of(each) for each in sorted(known, key=lambda each: each.facts.opened_at)]
