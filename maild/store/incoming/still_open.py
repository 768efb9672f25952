"""Tickets of clients that are not closed: asked once for a group, and not of clients who have none."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, select

from maild.process.ticket import Ticket
from maild.store.incoming.names import Names
from maild.store.tables import IS_NOT_CLOSED, tickets

MOST = 3
"""Of a client that are read: with a new one that is not named beside itself one more."""

_NEWEST = (
    select(
        *(tickets.c[name] for name in ("id", "client", "subject", "assignee", "team")),
        func.row_number().over(partition_by=tickets.c.client, order_by=tickets.c.id.desc()).label("place"),
        func.count().over(partition_by=tickets.c.client).label("among"),
    )
    .where(tickets.c.client.in_(bindparam("clients", expanding=True)), IS_NOT_CLOSED)
    .subquery()
)
_READ = select(_NEWEST).where(_NEWEST.c.place <= MOST + 1).order_by(_NEWEST.c.id.desc())


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTicket:
    """A ticket that is not closed."""

    number: int
    subject: str
    holder: str
    """Name of its assignee or of the other team that has it; empty where nobody has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTickets:
    """Those of one client."""

    newest: tuple[OpenTicket, ...] = ()
    """The highest number first."""

    count: int = 0
    """Of all of them."""


class StillOpen:
    """The open tickets of the clients of one transaction's mails."""

    def __init__(self, connection: Connection, names: Names) -> None:
        """Read nothing yet."""
        self._connection = connection
        self._names = names
        self._expected: set[str] = set()
        self._known: dict[str, OpenTickets] = {}

    def expect(self, clients: Iterable[str]) -> None:
        """Who may get a ticket: they are asked about with the first of whom it matters."""
        self._expected.update(client for client in clients if not self._names.is_without_ticket(client))

    def find(self, client: str) -> OpenTickets:
        """All that they have now, a new one among them; nothing is asked where they were known to have none."""
        if self._names.is_without_ticket(client):
            return OpenTickets()
        key = client.casefold()
        if key not in self._known and client not in self._expected:
            return _read(self._connection, {client})[key]
        if key not in self._known:
            self._known |= _read(self._connection, self._expected)
        return self._known[key]

    def meet(self, ticket: Ticket) -> None:
        """Take note of a ticket that this transaction opens."""
        client, key = ticket.client, ticket.client.casefold()
        known = OpenTickets() if self._names.is_without_ticket(client) else self._known.get(key)
        if known is not None:
            newest = (_open(ticket.number, ticket.subject, ticket.assignee, ticket.team), *known.newest)
            self._known[key] = OpenTickets(newest=newest[: MOST + 1], count=known.count + 1)
        self._names.meet_client(client)

    def forget(self) -> None:
        """Tickets have changed: what is known of them is asked anew."""
        self._known.clear()


def _read(connection: Connection, clients: set[str]) -> dict[str, OpenTickets]:
    """Key of each client to their tickets, in whatever spelling of theirs those have been opened."""
    spelt = sorted({spelling for client in clients for spelling in (client, client.casefold())})
    found: dict[str, list[OpenTicket]] = defaultdict(list)
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for row in connection.execute(_READ, {"clients": spelt}):
        key = row.client.casefold()
        found[key].append(_open(row.id, row.subject, row.assignee, row.team))
        counts[key][row.client] = row.among
    return {
        client.casefold(): OpenTickets(
            newest=tuple(found[client.casefold()][: MOST + 1]), count=sum(counts[client.casefold()].values())
        )
        for client in clients
    }


def _open(number: int, subject: str, assignee: str | None, team: str | None) -> OpenTicket:
    return OpenTicket(number=number, subject=subject, holder=team or assignee or "")
