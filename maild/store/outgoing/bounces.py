"""Bounces: what a delivery report tells about a row of the outbox, and about its contact."""

from datetime import datetime

from sqlalchemy import Connection, update

from maild.store.database.adding import insert_into
from maild.store.tables import outbox, people


def note_returned(connection: Connection, outbox_id: int, *, answer: str, now: datetime) -> None:
    """A mail that its server had accepted was refused further on."""
    row = update(outbox).where(outbox.c.id == outbox_id, outbox.c.state.in_(("sending", "sent", "uncertain")))
    connection.execute(row.values(state="bounced", answer=answer, settled_at=now))


def note_unreachable(connection: Connection, address: str, *, because: str, now: datetime) -> None:
    """The contact cannot be reached; known from a delivery report."""
    statement = insert_into(connection.dialect.name, people).values(
        address=address.casefold(), bounced_at=now, bounce=because
    )
    connection.execute(
        statement.on_conflict_do_update(index_elements=[people.c.address], set_={"bounced_at": now, "bounce": because})
    )


def note_reached(connection: Connection, address: str) -> None:
    """The contact can be reached after all: it has answered what we wrote."""
    marked = update(people).where(people.c.address == address, people.c.bounced_at.is_not(None))
    connection.execute(marked.values(bounced_at=None, bounce=None))
