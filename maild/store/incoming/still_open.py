"""Tickets of clients and of organisations that are not closed: asked once for a group, and not of those who have none."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, literal, literal_column, select, union_all

from maild.process.ticket import Ticket
from maild.store.incoming.names import Names, keys
from maild.store.tables import CLIENT_DOMAIN, CLIENT_KEY, IS_NOT_CLOSED, tickets

MOST = 3
"""Of a client that are named."""

_OF_ONE = 2 * MOST + 2
"""That are read of each: those of an organisation are its colleagues' and the client's own."""


def _newest(whose: ColumnElement[str], sign: str) -> Select[tuple[object, ...]]:
    found = (
        select(
            *(tickets.c[name] for name in ("id", "client", "subject", "assignee", "team")),
            literal(sign).concat(whose).label("whose"),
            func.row_number().over(partition_by=whose, order_by=tickets.c.id.desc()).label("place"),
            func.count().over(partition_by=whose).label("among"),
        )
        .where(whose.in_(bindparam("domains" if sign else "keys", expanding=True)), IS_NOT_CLOSED)
        .subquery()
    )
    return select(found).where(found.c.place <= _OF_ONE)


_READ = union_all(_newest(CLIENT_KEY, ""), _newest(CLIENT_DOMAIN, "@")).order_by(literal_column("id").desc())


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTicket:
    """A ticket that is not closed."""

    number: int
    client: str
    """In small letters."""

    subject: str
    holder: str
    """Name of its assignee or of the other team that has it; empty where nobody has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTickets:
    """Those of one client, or of all clients of one domain."""

    newest: tuple[OpenTicket, ...] = ()
    """The highest number first."""

    count: int = 0
    """Of all of them."""


class StillOpen:
    """The open tickets of the clients of one transaction's mails, and of their organisations."""

    def __init__(self, connection: Connection, names: Names) -> None:
        """Read nothing yet."""
        self._connection = connection
        self._names = names
        self._expected: set[str] = set()
        self._known: dict[str, OpenTickets] = {}

    def expect(self, whose: Iterable[str]) -> None:
        """Who may get a ticket: they are asked about with the first of whom it matters."""
        self._expected.update(map(str.casefold, whose))

    def find(self, whose: str) -> OpenTickets:
        """All that a client has now, or `@` and a domain, a new one among them; nothing is asked where they were known to have none."""
        if self._names.is_without_ticket(whose):
            return OpenTickets()
        key = whose.casefold()
        if key not in self._known:
            asked = {each for each in self._expected - self._known.keys() if not self._names.is_without_ticket(each)}
            self._known |= _read(self._connection, {key, *(asked if key in asked else ())})
        return self._known[key]

    def meet(self, ticket: Ticket) -> None:
        """Take note of a ticket that this transaction opens."""
        opened = _open(ticket.number, ticket.client, ticket.subject, ticket.assignee, ticket.team)
        for whose in (ticket.client.casefold(), _domain_of(ticket.client)):
            known = OpenTickets() if self._names.is_without_ticket(whose) else self._known.get(whose)
            if known is not None:
                newest = (opened, *known.newest)[:_OF_ONE]
                self._known[whose] = OpenTickets(newest=newest, count=known.count + 1)
        self._names.meet_client(ticket.client)

    def forget(self) -> None:
        """Tickets have changed: what is known of them is asked anew."""
        self._known.clear()
        self._names.forget_clients()


def _read(connection: Connection, whose: set[str]) -> dict[str, OpenTickets]:
    """Key of each client, and of each domain, to the tickets, in whatever spelling those have been opened."""
    asked = {key for each in whose for key in keys(each)}
    domains = {key for key in asked if key.startswith("@")}
    found, counts = defaultdict[str, list[OpenTicket]](list), defaultdict[str, dict[str, int]](dict)
    wanted = {"keys": sorted(asked - domains), "domains": sorted(key.removeprefix("@") for key in domains)}
    for row in connection.execute(_READ, wanted):
        key = row.whose.casefold()
        found[key].append(_open(row.id, row.client, row.subject, row.assignee, row.team))
        counts[key][row.whose] = row.among
    return {each: OpenTickets(newest=tuple(found[each][:_OF_ONE]), count=sum(counts[each].values())) for each in whose}


def _domain_of(client: str) -> str:
    return "@" + client.rpartition("@")[2].casefold()


def _open(number: int, client: str, subject: str, assignee: str | None, team: str | None) -> OpenTicket:
    holder = team or assignee or ""
    return OpenTicket(number=number, client=client.casefold(), subject=subject, holder=holder)
