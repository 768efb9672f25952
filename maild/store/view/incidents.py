"""Incidents of the desk, a line each, and the incident of a ticket."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, ScalarSelect, select

from maild.process.desk import Desk
from maild.process.incident import Standing
from maild.store.tables import incident_members, incidents, tickets


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentLine:
    """An incident, or what was proposed as one."""

    number: str
    """Number of the ticket by which it is called."""

    standing: str
    title: str
    owner: str | None
    """Who answers for it."""

    tickets: tuple[str, ...]
    """Those that are in it now."""

    open_tickets: int
    """How many of them are not closed."""

    late: int
    """How many joined by themselves after it was declared."""

    clients: int
    """Addresses of its tickets' clients, each once."""

    proposed_at: datetime | None
    """None: it was declared unasked."""

    statistics: Mapping[str, Any] | None
    declared_at: datetime | None
    declared_by: str | None
    settled_at: datetime | None
    settled_by: str | None


def list_incidents(connection: Connection, desk: Desk, *, standings: tuple[str, ...] = ()) -> list[IncidentLine]:
    """Give them, oldest first; `standings`: only these."""
    wanted = [incidents.c.standing.in_(standings)] if standings else []
    query = select(incidents, tickets.c.assignee).join(tickets, tickets.c.id == incidents.c.ticket_id).where(*wanted)
    rows = list(connection.execute(query.order_by(incidents.c.id)).mappings())
    members = _members(connection)
    return [_line(dict(row), members.get(row["id"], []), desk) for row in rows]


def incident_of(number: Any) -> ScalarSelect[int]:
    """Number by which the incident of a ticket is called that was declared; for the list of tickets."""
    inside = select(incidents.c.ticket_id).join(incident_members, incident_members.c.incident_id == incidents.c.id)
    declared = (Standing.DECLARED.value, Standing.RESOLVED.value)
    here = (incident_members.c.ticket_id == number, incident_members.c.left_at.is_(None))
    newest = inside.where(*here, incidents.c.standing.in_(declared)).order_by(incidents.c.id.desc())
    return newest.limit(1).scalar_subquery()


def _members(connection: Connection) -> dict[int, list[Mapping[str, Any]]]:
    columns = (incident_members.c.incident_id, incident_members.c.is_late, tickets.c.id, tickets.c.status)
    query = (
        select(*columns, tickets.c.client)
        .join(tickets, tickets.c.id == incident_members.c.ticket_id)
        .where(incident_members.c.left_at.is_(None))
        .order_by(tickets.c.id)
    )
    found: dict[int, list[Mapping[str, Any]]] = {}
    for row in connection.execute(query).mappings():
        found.setdefault(row["incident_id"], []).append(dict(row))
    return found


def _line(row: Mapping[str, Any], members: list[Mapping[str, Any]], desk: Desk) -> IncidentLine:
    return IncidentLine(
        number=desk.show(row["ticket_id"]),
        standing=row["standing"],
        title=row["title"],
        owner=row["assignee"],
        tickets=tuple(desk.show(each["id"]) for each in members),
        open_tickets=sum(each["status"] != "closed" for each in members),
        late=sum(each["is_late"] for each in members),
        clients=len({each["client"].casefold() for each in members}),
        proposed_at=row["made_at"] if row["facts"] else None,
        statistics=row["facts"],
        declared_at=row["declared_at"],
        declared_by=row["declared_by"],
        settled_at=row["settled_at"],
        settled_by=row["settled_by"],
    )
