"""The desk: its tickets, a line each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import ColumnElement, Connection, RowMapping, ScalarSelect, and_, exists, func, not_, select

from maild.process.desk import Desk
from maild.process.ticket import Event, Status
from maild.store.tables import events, mails, outbox
from maild.store.tables import tickets as table
from maild.store.view.incidents import incident_of

AWAITING: Mapping[Status, str | None] = MappingProxyType(
    {
        Status.NEW: "tsm",
        Status.GATHERING: "client",
        Status.OPEN: "tsm",
        Status.WAITING: "client",
        Status.ESCALATED: "engineering",
        Status.RESOLVED: "client",
        Status.CLOSED: None,
        Status.HANDED_OFF: "team",
    }
)
"""Whom a ticket waits for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketLine:
    """A ticket of the list; the names are CONTRACT's."""

    number: str
    """With the desk's prefix, such as `T-17`."""

    status: str
    technical: bool | None
    category: str | None
    urgency: int | None
    impact: int | None
    priority: int | None
    client: str
    assignee: str | None
    subject: str
    language: str
    mails: int
    """How many there are in and out."""

    opened_at: datetime
    next_update_due_at: datetime | None
    awaiting: str | None
    team: str | None
    """The other team that has it, while handed off."""

    incident: str | None
    """The incident that it belongs to, by the number of its first ticket."""


def list_tickets(
    connection: Connection,
    desk: Desk,
    *wanted: ColumnElement[bool],
    statuses: Sequence[str] = (),
    last: int | None = None,
) -> list[TicketLine]:
    """Give the tickets by number; `wanted` and `statuses`: only these, `last`: only so many of the newest."""
    of_status = [table.c.status.in_(statuses)] if statuses else []
    return [_line(row, desk) for row in _rows(connection, [*wanted, *of_status], last)]


def is_unheard() -> ColumnElement[bool]:
    """Which tickets are open, and their client, whose acknowledgement was withheld, has got no mail about them."""
    withheld = exists().where(events.c.ticket_id == table.c.id, events.c.event == Event.ACKNOWLEDGEMENT_WITHHELD.value)
    written = exists().where(outbox.c.ticket_id == table.c.id, outbox.c.audience == "client")
    return and_(table.c.status != Status.CLOSED.value, withheld, not_(written))


def find_line(connection: Connection, desk: Desk, number: int) -> TicketLine | None:
    """Give one ticket's line."""
    rows = _rows(connection, [table.c.id == number], 1)
    return _line(rows[0], desk) if rows else None


def _rows(connection: Connection, wanted: Sequence[ColumnElement[bool]], last: int | None) -> list[RowMapping]:
    more = (_mails().label("mails"), incident_of(table.c.id).label("incident"))
    query = select(table, *more).where(*wanted).order_by(table.c.id.desc()).limit(last)
    return list(connection.execute(query).mappings())[::-1]


def _mails() -> ColumnElement[int]:
    came = select(func.count()).where(mails.c.ticket_id == table.c.id)
    went = select(func.count()).where(outbox.c.ticket_id == table.c.id)
    counts: tuple[ScalarSelect[int], ...] = (came.scalar_subquery(), went.scalar_subquery())
    return counts[0] + counts[1]


def _line(row: RowMapping, desk: Desk) -> TicketLine:
    return TicketLine(
        number=desk.show(row["id"]),
        status=row["status"],
        technical=row["technical"],
        category=row["category"],
        urgency=row["urgency"],
        impact=row["impact"],
        priority=row["priority"],
        client=row["client"],
        assignee=row["assignee"],
        subject=row["subject"],
        language=row["language"],
        mails=row["mails"],
        opened_at=row["opened_at"],
        next_update_due_at=row["next_update_due_at"],
        awaiting=AWAITING[Status(row["status"])],
        team=row["team"],
        incident=desk.show(row["incident"]) if row["incident"] else None,
    )
