"""Incidents, as the desk writes and reads them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, insert, select, update

from maild.process.incident import Incident, Standing
from maild.process.ticket import Event
from maild.store.database.adding import Insert, insert_into
from maild.store.tables import events, incident_members, incidents, tickets

_PRESENT = (Standing.PROPOSED, Standing.DECLARED, Standing.RESOLVED)
"""Of tickets that are in an incident now; what was dismissed or undone holds nobody."""

_COLUMNS = (incidents, tickets.c.assignee)


def _read(*where: Any) -> Select[Any]:
    joined = select(*_COLUMNS).join(tickets, tickets.c.id == incidents.c.ticket_id)
    return joined.where(*where).order_by(incidents.c.id)


_OF_TICKETS = (
    _read(incidents.c.standing.in_(_PRESENT), incident_members.c.left_at.is_(None))
    .join(incident_members, incident_members.c.incident_id == incidents.c.id)
    .where(incident_members.c.ticket_id.in_(bindparam("numbers", expanding=True)))
    .add_columns(incident_members.c.ticket_id.label("member"))
)
_STANDING = _read(incidents.c.standing.in_(bindparam("standings", expanding=True)))
_MEMBERS = (
    select(incident_members.c.incident_id, incident_members.c.ticket_id)
    .where(incident_members.c.incident_id.in_(bindparam("ids", expanding=True)), incident_members.c.left_at.is_(None))
    .order_by(incident_members.c.ticket_id)
)


TOLD = "tickets"
"""What an event that asks the lead remembers: how many tickets were in the proposal then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewIncident:
    """What becomes a row."""

    head: int
    standing: Standing
    title: str
    facts: Mapping[str, Any] | None
    mail: int
    """The mail that made it."""

    declared_by: str | None = None


def add_incident(connection: Connection, new: NewIncident, *, now: datetime) -> int:
    """Store it without any member; its row."""
    row = {
        "ticket_id": new.head,
        "standing": new.standing.value,
        "title": new.title,
        "facts": new.facts,
        "mail_id": new.mail,
        "made_at": now,
        "declared_by": new.declared_by,
        "declared_at": now if new.declared_by else None,
    }
    key = connection.execute(insert(incidents), row).inserted_primary_key
    if key is None:
        raise AssertionError("a stored incident has a row")
    return int(key[0])


def incidents_of(connection: Connection, numbers: Iterable[int]) -> Mapping[int, Incident]:
    """Ticket to the incident that it is in now: proposed, declared or resolved; the newest one."""
    wanted = sorted(set(numbers))
    if not wanted:
        return {}
    rows = list(connection.execute(_OF_TICKETS, {"numbers": wanted}))
    members = _members(connection, [row.id for row in rows])
    return {row.member: _incident(row, members) for row in rows}


def incident_of(connection: Connection, number: int) -> Incident | None:
    """The incident that one ticket is in now."""
    return incidents_of(connection, [number]).get(number)


def standing_incidents(connection: Connection, standings: Sequence[Standing]) -> list[Incident]:
    """All of these standings, oldest first."""
    rows = list(connection.execute(_STANDING, {"standings": [standing.value for standing in standings]}))
    members = _members(connection, [row.id for row in rows])
    return [_incident(row, members) for row in rows]


def read_incident(connection: Connection, number: int) -> Incident:
    """Give one by its row. LookupError if there is none."""
    row = connection.execute(_read(incidents.c.id == number)).first()
    if row is None:
        raise LookupError(f"there is no incident {number}")
    return _incident(row, _members(connection, [number]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What is proposed, and how far it was told."""

    head: int
    facts: Mapping[str, Any] | None
    members: int
    """Tickets that are in it now."""

    told: int
    """How many were in it when the lead was asked last, whoever has left it or come back since."""


def read_proposal(connection: Connection, number: int) -> Proposal:
    """Give one by its row."""
    row = connection.execute(select(incidents.c.ticket_id, incidents.c.facts).where(incidents.c.id == number)).one()
    asked = select(events.c.before).where(
        events.c.ticket_id == row.ticket_id, events.c.event == Event.INCIDENT_PROPOSED.value
    )
    known = connection.scalar(asked.order_by(events.c.id.desc()).limit(1)) or {}
    here = (incident_members.c.incident_id == number, incident_members.c.left_at.is_(None))
    members = int(connection.scalar(select(func.count()).select_from(incident_members).where(*here)) or 0)
    told = known.get(TOLD, members)  # an earlier state did not write it down: it asks no more
    return Proposal(head=row.ticket_id, facts=row.facts, members=members, told=told)


def _members(connection: Connection, ids: Sequence[int]) -> Mapping[int, list[int]]:
    found: dict[int, list[int]] = {}
    for row in connection.execute(_MEMBERS, {"ids": sorted(set(ids))}) if ids else ():
        found.setdefault(row.incident_id, []).append(row.ticket_id)
    return found


def _incident(row: Row[Any], members: Mapping[int, Sequence[int]]) -> Incident:
    terms = row.terms or {}
    return Incident(
        id=row.id,
        head=row.ticket_id,
        standing=Standing(row.standing),
        owner=row.assignee,
        members=tuple(members.get(row.id, ())),
        terms=terms.get("weights", {}),
        rarity=terms.get("rarity", {}),
    )


def declare(connection: Connection, incident: int, *, by: str, now: datetime) -> None:
    """Somebody says that it is one."""
    values = {"standing": Standing.DECLARED.value, "declared_by": by, "declared_at": now}
    connection.execute(update(incidents).where(incidents.c.id == incident).values(values))


def settle(connection: Connection, incident: int, standing: Standing, *, by: str, now: datetime) -> None:
    """It is dismissed, resolved or undone; or resolved no more, where it is declared again."""
    is_open = standing is Standing.DECLARED
    values = {
        "standing": standing.value,
        "settled_by": None if is_open else by,
        "settled_at": None if is_open else now,
    }
    connection.execute(update(incidents).where(incidents.c.id == incident).values(values))


def keep_terms(
    connection: Connection, incident: int, weights: Mapping[str, float], rarity: Mapping[str, float]
) -> None:
    """Keep by what its late joiners are known."""
    terms = {"weights": dict(weights), "rarity": dict(rarity)}
    connection.execute(update(incidents).where(incidents.c.id == incident).values(terms=terms))


def join(
    connection: Connection, incident: int, numbers: Iterable[int], *, because: str, is_late: bool, now: datetime
) -> None:
    """Put tickets into it, or back into it."""
    row = {"incident_id": incident, "joined_at": now, "because": because, "is_late": is_late, "left_at": None}
    if rows := [{**row, "ticket_id": number} for number in numbers]:
        connection.execute(_joining(connection.dialect.name), rows)


@cache
def _joining(dialect: str) -> Insert:
    joining, key = insert_into(dialect, incident_members), incident_members.primary_key.columns
    again = {column.name: column for column in joining.excluded if column.name not in key}
    return joining.on_conflict_do_update(index_elements=list(key), set_=again)


def leave(connection: Connection, incident: int, number: int, *, now: datetime) -> None:
    """Take a ticket out."""
    here = (incident_members.c.incident_id == incident, incident_members.c.ticket_id == number)
    connection.execute(update(incident_members).where(*here).values(left_at=now))


def assignee_before(connection: Connection, number: int) -> str | None:
    """Who had to give the ticket up when it joined its last incident; None: nobody, or it was given to somebody since."""
    query = select(events.c.id, events.c.mail_id, events.c.before).where(events.c.ticket_id == number)
    of_joining = query.where(events.c.event == Event.INCIDENT_JOINED.value).order_by(events.c.id.desc())
    joined = connection.execute(of_joining.limit(1)).first()
    if joined is None:
        return None
    given = query.where(events.c.event == Event.ASSIGNED.value, events.c.id > joined.id)
    is_given = connection.execute(given.where(events.c.mail_id != joined.mail_id).limit(1)).first() is not None
    return None if is_given else (joined.before or {}).get("assignee")


def gone_from(connection: Connection, incident: int) -> list[int]:
    """Numbers of the tickets that were in it, and are not now."""
    gone = (incident_members.c.incident_id == incident, incident_members.c.left_at.is_not(None))
    return list(
        connection.scalars(select(incident_members.c.ticket_id).where(*gone).order_by(incident_members.c.ticket_id))
    )


def unacknowledged(connection: Connection, numbers: Iterable[int]) -> set[int]:
    """Of the tickets those whose client got no acknowledgement, for one reason or another."""
    wanted = sorted(set(numbers))
    if not wanted:
        return set()
    withheld = (events.c.ticket_id.in_(wanted), events.c.event == Event.ACKNOWLEDGEMENT_WITHHELD.value)
    return set(connection.scalars(select(events.c.ticket_id).where(*withheld)))


def ever_in_any(connection: Connection, numbers: Iterable[int]) -> set[int]:
    """Of the tickets those that are or were in an incident, whatever has become of it."""
    wanted = sorted(set(numbers))
    if not wanted:
        return set()
    return set(connection.scalars(select(incident_members.c.ticket_id).where(incident_members.c.ticket_id.in_(wanted))))


def incident_called(connection: Connection, head: int) -> Incident | None:
    """Give the newest incident that is called by this ticket's number, and was neither dismissed nor undone."""
    called = (incidents.c.ticket_id == head, incidents.c.standing.in_(_PRESENT))
    row = connection.execute(_read(*called)).all()
    return _incident(row[-1], _members(connection, [row[-1].id])) if row else None
