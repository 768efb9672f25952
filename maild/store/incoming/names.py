"""Which names of a group the store has met: asked once, because most are new and need no further look."""

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, bindparam, select, union

from maild.store.tables import IS_NOT_CLOSED, mails, threads, tickets

_MET = union(
    *(
        select(column).where(column.in_(bindparam("names", expanding=True)))
        for column in (mails.c.message_id, threads.c.message_id)
    ),
    select(tickets.c.client).where(tickets.c.client.in_(bindparam("authors", expanding=True)), IS_NOT_CLOSED),
)


class Names:
    """The Message-IDs and authors of one transaction's mails; no other may write any before it ends."""

    def __init__(self, connection: Connection) -> None:
        """Read nothing yet."""
        self._connection = connection
        self._new: set[str] = set()
        self._without: set[str] = set()

    def look_up(self, names: Iterable[str | None], authors: Iterable[str] = ()) -> None:
        """Find out which of the names no mail and no conversation has, and which of the authors no open ticket."""
        wanted = {name for name in names if name}
        writing = {spelling for author in authors for spelling in (author, author.casefold())}
        if wanted or writing:
            asked = {"names": sorted(wanted), "authors": sorted(writing)}
            met = set(self._connection.scalars(_MET, asked))
            self._new |= wanted - met
            self._without |= writing - met

    def is_new(self, name: str) -> bool:
        """Whether it was looked up and not found, and has not been met since."""
        return name in self._new

    def is_without_ticket(self, author: str) -> bool:
        """Whether they were looked up, had no open ticket, and have got none since."""
        return {author, author.casefold()} <= self._without

    def meet(self, names: Collection[str]) -> None:
        """Take note of what this transaction itself writes."""
        self._new.difference_update(names)

    def meet_client(self, client: str) -> None:
        """Take note that this transaction gives them a ticket."""
        self._without.difference_update((client, client.casefold()))
