"""Tickets, their conversations and their events, as the desk writes them."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, RowMapping, Update, bindparam, delete, insert, select, text, update

from maild.process.gathering.sheet import Sheet
from maild.process.ticket import Event, Role, Status, Ticket
from maild.store.database.adding import Insert, add_missing, insert_into
from maild.store.database.batching import batched
from maild.store.database.together import Together, Writer
from maild.store.tables import IS_NOT_CLOSED, events, links, mails, participants, threads, tickets
from maild.store.tables.damaged import NOTHING, stands_in

log = logging.getLogger(__name__)

_OPEN, _HAPPEN = batched(insert(tickets)), batched(insert(events))
_LAST_NUMBER = {
    "sqlite": text("SELECT seq FROM sqlite_sequence WHERE name = 'tickets'"),
    "postgresql": text("SELECT pg_sequence_last_value(pg_get_serial_sequence('tickets', 'id')::regclass)"),
}
_TAKEN = text("SELECT count(nextval(pg_get_serial_sequence('tickets', 'id'))) FROM generate_series(1, :taken)")
"""Not `setval`: it needs a right on the sequence that inserting does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """The mail, the outgoing mail, the deadline or the word from the tracker that made an event happen."""

    mail: int | None = None
    outbox: int | None = None
    deadline: int | None = None
    heard: int | None = None


def read_ticket(connection: Connection, number: int, *, for_update: bool = False) -> Ticket:
    """The ticket; LookupError if there is none."""
    query = select(tickets).where(tickets.c.id == number)
    row = connection.execute(query.with_for_update() if for_update else query).mappings().first()
    if row is None:
        raise LookupError(f"there is no ticket {number}")
    return _ticket(row)


def _ticket(row: RowMapping) -> Ticket:
    values = {name: value for name, value in row.items() if name not in {"id", "status", "sheet"}}
    return Ticket(number=row["id"], status=Status(row["status"]), sheet=_sheet(row["sheet"]), **values)


def _sheet(document: Mapping[str, Any] | None) -> Sheet | None:
    if stands_in(document):
        return Sheet(is_damaged=True)
    return Sheet.read(document) if document else None


def open_ticket(connection: Connection, ticket: Ticket) -> Ticket:
    """Store a new ticket; it gets its number here."""
    number = connection.execute(_OPEN, _row(ticket)).inserted_primary_key
    if number is None:
        raise AssertionError("a stored ticket has a number")
    return replace(ticket, number=number[0])


class Numbers:
    """The numbers that a serial transaction gives to its new tickets: told in advance, so that their rows can wait (Together)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._first: int | None = None
        self._taken = 0

    def take(self) -> int:
        """The next number."""
        if self._first is None:
            self._first = 1 + (self._connection.scalar(_LAST_NUMBER[self._connection.dialect.name]) or 0)
        self._taken += 1
        return self._first + self._taken - 1

    def write(self) -> None:
        """Let nobody else have those that were taken; SQLite sees to that by itself."""
        if self._taken and self._connection.dialect.name == "postgresql":
            self._connection.execute(_TAKEN, {"taken": self._taken})


def open_together(together: Together, numbers: Numbers, ticket: Ticket) -> Ticket:
    """Store a new ticket, before whatever refers to it; it gets its number here."""
    number = numbers.take()
    together.execute_first(_OPEN, {"id": number, **_row(ticket)})
    return replace(ticket, number=number)


def save_ticket(connection: Connection, ticket: Ticket) -> None:
    """Store what has changed. What a disk has damaged stays as it is, and is no less damaged for having been read."""
    row = {name: value for name, value in _row(ticket).items() if not stands_in(value)}
    connection.execute(update(tickets).where(tickets.c.id == ticket.number).values(row))


def _fields(ticket: Ticket) -> dict[str, object]:
    return {name: getattr(ticket, name) for name in ticket.__slots__}


def _row(ticket: Ticket) -> dict[str, object]:
    fields = _fields(ticket)
    del fields["number"]
    return {**fields, "sheet": _document(ticket.sheet)}


def _document(sheet: Sheet | None) -> Mapping[str, Any] | None:
    if sheet is None:
        return None
    return NOTHING if sheet.is_damaged else sheet.document()


def add_participants(writer: Writer, number: int, roles: Mapping[str, Role]) -> None:
    """Address keys and their roles; who is there already stays as they are."""
    rows = [{"ticket_id": number, "address": key, "role": role.value} for key, role in roles.items()]
    add_missing(writer, participants, rows)


def remove_participants(connection: Connection, number: int, keys: Sequence[str]) -> None:
    """Addresses that are heard in this ticket no more."""
    connection.execute(delete(participants).where(participants.c.ticket_id == number, participants.c.address.in_(keys)))


def add_to_conversation(writer: Writer, number: int, kinds: Mapping[str, str]) -> None:
    """Message-ID to `in`, `out` or `ghost`; a ghost that arrives is one no more."""
    rows = [{"message_id": key, "ticket_id": number, "kind": kind} for key, kind in kinds.items()]
    if rows:
        writer.execute(_knowing(writer.dialect.name), rows)


@cache
def _knowing(dialect: str) -> Insert:
    statement = insert_into(dialect, threads)
    knowing = statement.on_conflict_do_update(
        index_elements=[threads.c.message_id, threads.c.ticket_id],
        set_={"kind": statement.excluded.kind},
        where=statement.excluded.kind != "ghost",
    )
    return batched(knowing, key=("message_id", "ticket_id"))


def add_link(connection: Connection, number: int, other: int, *, kind: str, because: str) -> None:
    """Link two tickets, both ways."""
    rows = [
        {"ticket_id": one, "other_id": two, "kind": kind, "because": because}
        for one, two in ((number, other), (other, number))
    ]
    add_missing(connection, links, rows)


def find_tickets(connection: Connection, numbers: Iterable[int]) -> Mapping[int, Ticket]:
    """Those of the tickets that exist. Raises where the row of one is damaged: whoever decides by them must know all."""
    return {row["id"]: _ticket(row) for row in _rows(connection, numbers)}


def find_readable(connection: Connection, numbers: Iterable[int]) -> Mapping[int, Ticket]:
    """The same without those whose rows are damaged, for lines that go on with the others; they are logged."""
    return {row["id"]: ticket for row in _rows(connection, numbers) if (ticket := _readable(row))}


def _rows(connection: Connection, numbers: Iterable[int]) -> Sequence[RowMapping]:
    wanted = sorted(set(numbers))
    if not wanted:
        return ()
    return connection.execute(select(tickets).where(tickets.c.id.in_(wanted))).mappings().all()


def _readable(row: RowMapping) -> Ticket | None:
    try:
        return _ticket(row)
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        log.warning("ticket left out, its row is damaged", extra={"ticket": row["id"], "because": repr(error)})
        return None


def tickets_of(connection: Connection, client: str, *, limit: int) -> list[int]:
    """Numbers of this client's newest tickets that are not closed."""
    theirs = tickets.c.client.in_({client, client.casefold()})
    query = select(tickets.c.id).where(theirs, IS_NOT_CLOSED).order_by(tickets.c.id.desc()).limit(limit)
    return list(connection.scalars(query))


def add_event(
    writer: Writer,
    number: int,
    event: Event,
    *,
    actor: str,
    because: str,
    cause: Cause,
    at: datetime,
    before: Mapping[str, object] | None = None,
) -> None:
    """Append an event to the ticket's history; `before`: the fields that a command changed, as they were."""
    row = {
        "ticket_id": number,
        "at": at,
        "actor": actor,
        "event": event.value,
        "because": because,
        "mail_id": cause.mail,
        "outbox_id": cause.outbox,
        "deadline_id": cause.deadline,
        "heard_id": cause.heard,
        "before": before,
    }
    writer.execute(_HAPPEN, row)


def settle_mail(writer: Writer, rows: Sequence[Mapping[str, object]]) -> None:
    """Write down what became of mails; each row names its mail by `row_id` and holds the other columns.

    All rows of one call have the same keys.
    """
    writer.execute(_settling(tuple(rows[0])), rows)


@cache
def _settling(names: tuple[str, ...]) -> Update:
    columns: dict[str, object] = {name: bindparam(name) for name in names if name != "row_id"}
    freed = {"lease_holder": None, "lease_until": None}
    return update(mails).where(mails.c.id == bindparam("row_id")).values({**columns, **freed})
