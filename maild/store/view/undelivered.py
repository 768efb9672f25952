"""What has not left the house, in numbers: for those who look after the desk."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from maild.store.tables import outbox as table


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """Mails of the outbox that have not been accepted by a server, as far as anybody knows."""

    due: int
    """Due by now, and not submitted yet."""

    due_since: datetime | None
    deferred: int
    """Tried, and tried again later."""

    uncertain: int
    held: int
    answer: str | None
    """What the server, or maild, said of the newest one that is deferred or held."""


def undelivered(connection: Connection, *, now: datetime) -> Undelivered:
    """Count; reads the whole outbox."""
    under_way = table.c.state.in_(("due", "claimed", "sending")) & (table.c.due_at <= now)
    due, since = connection.execute(select(func.count(), func.min(table.c.due_at)).where(under_way)).one()
    waiting = ("deferred", "uncertain", "held")
    grouped = select(table.c.state, func.count()).where(table.c.state.in_(waiting)).group_by(table.c.state)
    counts: dict[str, int] = dict(connection.execute(grouped).all())
    newest = select(table.c.answer).where(table.c.state.in_(("deferred", "held"))).order_by(table.c.id.desc()).limit(1)
    return Undelivered(
        due=due,
        due_since=since,
        **{state: counts.get(state, 0) for state in waiting},
        answer=connection.scalar(newest),
    )
