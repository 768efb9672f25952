"""What the mirror writes and reads besides its issues: comments to be made, what was heard, webhooks, its places."""

import hashlib
import os
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, or_, select, update

from maild.errors import Refused
from maild.store.database.adding import add_missing, insert_into
from maild.store.tables import mirror_deliveries, mirror_heard, mirror_outbox, mirror_places
from maild.store.tables.damaged import CURE, LOST

KEPT = timedelta(hours=3)
"""How long a webhook is remembered: much longer than its own time makes it valid."""

NAMESPACE = "namespace"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToTell:
    """A comment or a link that has yet to be made."""

    id: int
    event: int | None
    foreign_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Something that somebody wrote or decided in the tracker."""

    ticket: int
    foreign_id: str
    kind: str
    author: str
    address: str | None
    said: str
    said_at: datetime
    outcome: str


def own_id(connection: Connection, *words: object) -> str:
    """The id under which something of ours is made in the tracker: always the same for the same words.

    A UUID of version 4, as trackers demand, from a namespace that each desk draws once: a restored backup makes nothing
    again, and a desk that begins anew takes nothing for its own.
    """
    namespace = place(connection, NAMESPACE)
    if namespace is None:
        namespace = uuid.UUID(bytes=os.urandom(16), version=4).hex
        put_place(connection, NAMESPACE, namespace)
    digest = hashlib.sha256("\n".join([namespace, *map(str, words)]).encode()).digest()
    return str(uuid.UUID(bytes=digest[:16], version=4))


def place(connection: Connection, name: str) -> str | None:
    """Where the mirror is. Raises Refused where that is damaged: by another namespace all would be made twice."""
    found: str | None = connection.scalar(select(mirror_places.c.place).where(mirror_places.c.name == name))
    if found and LOST in found:
        raise Refused(f"mirror_places {name} in the database is damaged: nothing is mirrored. {CURE}.")
    return found


def put_place(connection: Connection, name: str, value: str) -> None:
    """Write down where it is."""
    statement = insert_into(connection.dialect.name, mirror_places)
    changed = statement.on_conflict_do_update(
        index_elements=[mirror_places.c.name], set_={"place": statement.excluded.place}
    )
    connection.execute(changed, {"name": name, "place": value})


def add_to_tell(
    connection: Connection, ticket: int, rows: Iterable[tuple[str, int | None, str]], *, now: datetime
) -> None:
    """Comments and links to be made: kind, event and own id; what is there already is not made again."""
    new = {"ticket_id": ticket, "created_at": now, "state": "due"}
    add_missing(
        connection, mirror_outbox, [{**new, "kind": kind, "event_id": e, "foreign_id": own} for kind, e, own in rows]
    )


def events_to_tell(connection: Connection, ticket: int) -> set[int]:
    """Events of the ticket that have a comment, made or not: its id was chosen then, and is chosen once."""
    query = select(mirror_outbox.c.event_id).where(mirror_outbox.c.ticket_id == ticket)
    return {event for event in connection.scalars(query) if event is not None}


def list_to_tell(connection: Connection, ticket: int) -> list[ToTell]:
    """What is due below the ticket's issue, in the order in which it happened."""
    columns = (mirror_outbox.c.id, mirror_outbox.c.kind, mirror_outbox.c.event_id, mirror_outbox.c.foreign_id)
    query = select(*columns).where(mirror_outbox.c.ticket_id == ticket, mirror_outbox.c.state == "due")
    rows = connection.execute(query.order_by(mirror_outbox.c.event_id.is_not(None), mirror_outbox.c.event_id))
    return [ToTell(id=row.id, event=row.event_id, foreign_id=row.foreign_id) for row in rows]


def settle_told(connection: Connection, row: int, *, state: str, answer: str | None, now: datetime) -> bool:
    """It is there (`sent`), or never will be (`refused`); False: that was known already."""
    due = update(mirror_outbox).where(mirror_outbox.c.id == row, mirror_outbox.c.state == "due")
    return connection.execute(due.values(state=state, answer=answer, settled_at=now)).rowcount == 1


def retry_refused(connection: Connection) -> set[int]:
    """Make due again what the tracker refused; the tickets."""
    again = update(mirror_outbox).where(mirror_outbox.c.state == "refused")
    back = again.values(state="due", answer=None, settled_at=None).returning(mirror_outbox.c.ticket_id)
    return set(connection.scalars(back))


def is_own(connection: Connection, foreign_ids: Collection[str]) -> set[str]:
    """Those of the tracker's comments that we made."""
    query = select(mirror_outbox.c.foreign_id).where(mirror_outbox.c.foreign_id.in_(sorted(foreign_ids)))
    return set(connection.scalars(query))


def known_heard(connection: Connection, foreign_ids: Collection[str]) -> dict[str, str]:
    """What was heard before: its id to what was said."""
    columns = (mirror_heard.c.foreign_id, mirror_heard.c.said)
    rows = connection.execute(select(*columns).where(mirror_heard.c.foreign_id.in_(sorted(foreign_ids))))
    return {row.foreign_id: row.said for row in rows}


def add_heard(connection: Connection, heard: Heard, *, now: datetime) -> int | None:
    """Keep it, once; None: it was heard before, and what it says now is kept in place of that."""
    row = {
        "ticket_id": heard.ticket,
        "foreign_id": heard.foreign_id,
        "kind": heard.kind,
        "author": heard.author,
        "address": heard.address,
        "said": heard.said,
        "said_at": heard.said_at,
        "heard_at": now,
        "outcome": heard.outcome,
    }
    statement = insert_into(connection.dialect.name, mirror_heard).on_conflict_do_nothing()
    number: int | None = connection.execute(statement.returning(mirror_heard.c.id), [row]).scalar()
    if number is None:
        known = mirror_heard.c.foreign_id == heard.foreign_id
        connection.execute(update(mirror_heard).where(known).values(said=heard.said))
    return number


def heard_id(connection: Connection, foreign_id: str) -> int | None:
    """Row of what was heard."""
    found: int | None = connection.scalar(select(mirror_heard.c.id).where(mirror_heard.c.foreign_id == foreign_id))
    return found


def add_delivery(connection: Connection, *, digest: str, delivery: str, now: datetime) -> bool:
    """Remember a webhook; False: it has come before, by its body or by its name."""
    connection.execute(delete(mirror_deliveries).where(mirror_deliveries.c.heard_at < now - KEPT))
    same = or_(mirror_deliveries.c.digest == digest, mirror_deliveries.c.delivery == delivery)
    if connection.execute(select(mirror_deliveries.c.digest).where(same)).first():
        return False
    add_missing(connection, mirror_deliveries, [{"digest": digest, "delivery": delivery, "heard_at": now}])
    return True


def drop_to_tell(connection: Connection, tickets: Sequence[int], *, now: datetime) -> None:
    """The issue is gone: nothing can be told below it any more."""
    due = update(mirror_outbox).where(mirror_outbox.c.ticket_id.in_(tickets), mirror_outbox.c.state == "due")
    connection.execute(due.values(state="dropped", settled_at=now))
