"""The outbox: mails that wait to be submitted, each claimed by a lease and settled once (FIELD.md, section 3)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Float, Row, and_, bindparam, or_, select, update
from sqlalchemy.sql.dml import ReturningInsert

from maild.store.database.adding import add_missing, insert_missing
from maild.store.database.bells import ring
from maild.store.database.clock import clock_ahead, clock_plus, has_ended
from maild.store.database.packing import Damaged, pack, unpack
from maild.store.database.row_changes import RowChange
from maild.store.database.together import Writer
from maild.store.tables import outbox
from maild.store.tables.damaged import LOST

FREE = {"lease_holder": None, "lease_until": None}
UNREADABLE = "an address of it cannot be read; maild db check says whether its row in the database is damaged"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOutbox:
    """A mail to be submitted: one row, one envelope recipient."""

    ticket_id: int | None
    mail_id: int | None
    """The arrival that caused it."""

    kind: str
    audience: str
    """`client` or `internal`."""

    recipient: str
    envelope_from: str
    message_id: str
    token: str | None
    once: str | None
    """Names what may be written only once ever, such as the acknowledgement of a ticket."""

    subject: str
    new_text: str
    content: bytes
    """Rendered for good, CRLF."""

    created_at: datetime
    due_at: datetime
    state: str = "due"
    """`due`, or `held` where a person must look first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A mail that has been claimed to be submitted."""

    id: int
    ticket_id: int | None
    kind: str
    recipient: str
    envelope_from: str
    message_id: str
    content: bytes
    created_at: datetime
    attempts: int
    """How often it has been claimed, this time included."""


# Built once: to build a statement costs SQLAlchemy more than to execute it.
_DUE = (
    select(*(outbox.c[field.name] for field in fields(Due)))
    .where(outbox.c.settled_at.is_(None), outbox.c.due_at <= bindparam("now"))
    .where(
        or_(
            outbox.c.state.in_(("due", "deferred")),
            and_(outbox.c.state == "claimed", has_ended(outbox.c.lease_until, bindparam("seconds", type_=Float()))),
        )
    )
    .order_by(outbox.c.due_at, outbox.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(outbox)
    .where(outbox.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        state="claimed",
        lease_holder=bindparam("holder"),
        lease_until=clock_ahead(bindparam("seconds", type_=Float())),
        attempts=outbox.c.attempts + 1,
    )
)
_BEGIN_SENDING = (
    update(outbox)
    .where(outbox.c.id == bindparam("wanted"), outbox.c.state == "claimed")
    .where(outbox.c.lease_holder == bindparam("holder"), outbox.c.lease_until > clock_plus())
    .values(state="sending", lease_until=clock_ahead(bindparam("seconds", type_=Float())))
)


def add(connection: Connection, new: NewOutbox) -> int | None:
    """Put a mail into the outbox and ring "outbox"; None: it, or what its `once` names, has been written already."""
    return add_all(connection, [new])[0]


def add_together(writer: Writer, new: NewOutbox) -> None:
    """Put a mail into the outbox, unless it, or what its `once` names, has been written already; ring "outbox" yourself."""
    add_missing(writer, outbox, [_columns(new)])


def add_all(connection: Connection, news: Sequence[NewOutbox]) -> list[int | None]:
    """Put several mails into the outbox at once; answers their ids in this order, None as in `add`."""
    if not news:
        return []
    added = connection.execute(_adding(connection.dialect.name), [_columns(new) for new in news])
    ids: dict[str, int] = {row.message_id: row.id for row in added}
    ring(connection, "outbox")
    return [ids.get(new.message_id) for new in news]


def _columns(new: NewOutbox) -> dict[str, object]:
    fields = {name: getattr(new, name) for name in new.__slots__}
    return {**fields, "content": pack(new.content), "attempts": 0}


@cache
def _adding(dialect: str) -> ReturningInsert[tuple[str, int]]:
    return insert_missing(dialect, outbox).returning(outbox.c.message_id, outbox.c.id)


def claim_due(connection: Connection, *, holder: str, lease: timedelta, limit: int, now: datetime) -> list[Due]:
    """Take the mails that are due longest; they are the holder's until the lease ends.

    Claimed mails of a holder whose lease has ended are due again: DATA has not begun for any of them. Damaged ones are
    held, and the next ones taken where there is no other among them: no answer means that nothing is due.
    """
    seconds = lease.total_seconds()
    while rows := connection.execute(_DUE, {"now": now, "limit": limit, "seconds": seconds}).all():
        connection.execute(_CLAIM, {"ids": [row.id for row in rows], "holder": holder, "seconds": seconds})
        if dues := [due for row in rows if (due := _due(connection, row, holder))]:
            return dues
    return []


def sending(outbox_id: int, *, holder: str, lease: timedelta) -> RowChange:
    """From claimed to sending, by compare-and-swap: only where it answers True may DATA begin.

    Else the mail is not the holder's any more: its lease has ended.
    """
    row = {"wanted": outbox_id, "holder": holder, "seconds": lease.total_seconds()}
    return RowChange(statement=_BEGIN_SENDING, row=row)


def give_back(connection: Connection, ids: Iterable[int], *, holder: str) -> None:
    """Make claimed mails due again as if they had never been claimed (a clean stop); rings "outbox"."""
    ours = (outbox.c.id.in_(list(ids)), outbox.c.state == "claimed", outbox.c.lease_holder == holder)
    connection.execute(update(outbox).where(*ours).values(state="due", attempts=outbox.c.attempts - 1, **FREE))
    ring(connection, "outbox")


def defer(connection: Connection, outbox_id: int, *, due_at: datetime, answer: str, holder: str) -> bool:
    """Try again later: refused for now (4yz), or the server is away; False: it is not the holder's any more."""
    ours = _held_by(holder, outbox_id, ("claimed", "sending"))
    deferred = update(outbox).where(ours).values(state="deferred", due_at=due_at, answer=answer, **FREE)
    return connection.execute(deferred).rowcount == 1


def hold(connection: Connection, outbox_id: int, *, answer: str, holder: str) -> bool:
    """Keep a mail until a person decides; False: it is not the holder's any more."""
    ours = _held_by(holder, outbox_id, ("claimed", "sending"))
    held = update(outbox).where(ours).values(state="held", answer=answer, **FREE)
    return connection.execute(held).rowcount == 1


def next_due_at(connection: Connection) -> datetime | None:
    """When the next mail is due; claimed ones are not counted."""
    query = select(outbox.c.due_at).where(outbox.c.settled_at.is_(None), outbox.c.state.in_(("due", "deferred")))
    return connection.scalar(query.order_by(outbox.c.due_at).limit(1))


def _held_by(holder: str, outbox_id: int, states: Sequence[str]) -> ColumnElement[bool]:
    return and_(outbox.c.id == outbox_id, outbox.c.lease_holder == holder, outbox.c.state.in_(states))


def _due(connection: Connection, row: Row[Any], holder: str) -> Due | None:
    """None: it is damaged; it is held, and stops no other."""
    if LOST in row.recipient + row.envelope_from + row.message_id:
        hold(connection, row.id, answer=UNREADABLE, holder=holder)
        return None
    try:
        content = unpack(row.content)
    except Damaged as damaged:
        hold(connection, row.id, answer=str(damaged), holder=holder)
        return None
    return Due(**{**row._asdict(), "content": content, "attempts": row.attempts + 1})
