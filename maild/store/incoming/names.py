"""Which names of a group the store has met: asked once, because most are new and need no further look."""

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, bindparam, literal, select, union

from maild.store.tables import CLIENT_DOMAIN, CLIENT_KEY, IS_NOT_CLOSED, mails, threads, tickets

_MET = union(
    *(
        select(column).where(column.in_(bindparam("names", expanding=True)))
        for column in (mails.c.message_id, threads.c.message_id)
    ),
    select(CLIENT_KEY).where(CLIENT_KEY.in_(bindparam("authors", expanding=True)), IS_NOT_CLOSED),
    select(literal("@").concat(CLIENT_DOMAIN))
    .select_from(tickets)
    .where(CLIENT_DOMAIN.in_(bindparam("domains", expanding=True)), IS_NOT_CLOSED),
)


def keys(client: str) -> frozenset[str]:
    """A client's address in small letters, as Python writes them, and as each database does."""
    if client.isascii():
        return frozenset({client.lower()})
    ascii_alone = "".join(letter.lower() if letter.isascii() else letter for letter in client)
    return frozenset({client.casefold(), client.lower(), ascii_alone})


class Names:
    """The Message-IDs and authors of one transaction's mails; no other may write any before it ends."""

    def __init__(self, connection: Connection) -> None:
        """Read nothing yet."""
        self._connection = connection
        self._new: set[str] = set()
        self._without: set[str] = set()

    def look_up(self, names: Iterable[str | None], authors: Iterable[str] = ()) -> None:
        """Find out which of the names no mail and no conversation has, and which of the authors no open ticket.

        Among these `@` with a domain stands for all who write from there.
        """
        wanted = {name for name in names if name}
        writing = {key for author in authors for key in keys(author)}
        if wanted or writing:
            domains = sorted(key.removeprefix("@") for key in writing if key.startswith("@"))
            asked = {"names": sorted(wanted), "authors": sorted(writing), "domains": domains}
            met = set(self._connection.scalars(_MET, asked))
            self._new |= wanted - met
            self._without |= writing - met

    def is_new(self, name: str) -> bool:
        """Whether it was looked up and not found, and has not been met since."""
        return name in self._new

    def is_without_ticket(self, author: str) -> bool:
        """Whether they were looked up, had no open ticket, and have got none since."""
        return keys(author) <= self._without

    def meet(self, names: Collection[str]) -> None:
        """Take note of what this transaction itself writes."""
        self._new.difference_update(names)

    def meet_client(self, client: str) -> None:
        """Take note that this transaction gives them a ticket."""
        self._without -= keys(client) | keys("@" + client.rpartition("@")[2])

    def forget_clients(self) -> None:
        """Take note that tickets have changed: one may be open again."""
        self._without.clear()
