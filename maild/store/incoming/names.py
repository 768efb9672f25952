"""Which Message-IDs the store has met: asked once for a group, because most mails are new and need no further look."""

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, bindparam, select, union

from maild.store.tables import mails, threads

_MET = union(
    *(
        select(column).where(column.in_(bindparam("names", expanding=True)))
        for column in (mails.c.message_id, threads.c.message_id)
    )
)


class Names:
    """The Message-IDs of one transaction's mails; no other may write any before it ends."""

    def __init__(self, connection: Connection) -> None:
        """Read nothing yet."""
        self._connection = connection
        self._new: set[str] = set()

    def look_up(self, names: Iterable[str | None]) -> None:
        """Find out which of the names no mail and no conversation has."""
        wanted = {name for name in names if name}
        if wanted:
            met = self._connection.scalars(_MET, {"names": sorted(wanted)})
            self._new |= wanted.difference(met)

    def is_new(self, name: str) -> bool:
        """Whether it was looked up and not found, and has not been met since."""
        return name in self._new

    def meet(self, names: Collection[str]) -> None:
        """Take note of what this transaction itself writes."""
        self._new.difference_update(names)
