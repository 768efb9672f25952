"""Our own mails that a copy in a mailbox of sent mail may be of."""

from collections.abc import Collection

from sqlalchemy import Connection, select

from maild.store.database.packing import unpack_readable
from maild.store.tables import outbox

_MOST = 10


def contents_alike(connection: Connection, *, tickets: Collection[int], recipients: Collection[str]) -> list[bytes]:
    """The rendered bytes of the newest mails about these tickets to these addresses."""
    if not tickets or not recipients:
        return []
    about = (outbox.c.ticket_id.in_(sorted(tickets)), outbox.c.recipient.in_(sorted(recipients)))
    query = select(outbox.c.content).where(*about).order_by(outbox.c.id.desc()).limit(_MOST)
    return [content for packed in connection.scalars(query) if (content := unpack_readable(packed)) is not None]
