"""Tickets of clients and of organisations that are not closed: counted once for a group, and not of those who have none."""

from collections import Counter, defaultdict
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


def _count(whose: ColumnElement[str], sign: str) -> Select[str, int]:
    """Index entries alone on SQLite: an organisation may have thousands."""
    counted = select(literal(sign).concat(whose), func.count()).select_from(tickets)
    return counted.where(_is_asked(whose, sign), IS_NOT_CLOSED).group_by(whose)


def _all(whose: ColumnElement[str], sign: str) -> Select[tuple[object, ...]]:
    return select(*_COLUMNS, literal(sign).concat(whose).label("whose")).where(_is_asked(whose, sign), IS_NOT_CLOSED)


def _newest(whose: ColumnElement[str], sign: str) -> Select[tuple[object, ...]]:
    """Of one; whose they are is not worked out for each: it takes longer than to read them."""
    columns = (*_COLUMNS, literal(sign).concat(bindparam("key")).label("whose"))
    theirs = select(*columns).where(whose == bindparam("key"), IS_NOT_CLOSED)
    return theirs.order_by(tickets.c.id.desc()).limit(_OF_ONE)


def _is_asked(whose: ColumnElement[str], sign: str) -> ColumnElement[bool]:
    return whose.in_(bindparam("domains" if sign else "keys", expanding=True))


_COLUMNS = tuple(tickets.c[name] for name in ("id", "client", "subject", "assignee", "team"))
_COUNT = union_all(_count(CLIENT_KEY, ""), _count(CLIENT_DOMAIN, "@"))
_ALL = union_all(_all(CLIENT_KEY, ""), _all(CLIENT_DOMAIN, "@")).order_by(literal_column("id").desc())
_NEWEST = {sign: _newest(whose, sign) for sign, whose in (("", CLIENT_KEY), ("@", CLIENT_DOMAIN))}


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
    spellings = {key for each in whose for key in keys(each)}
    counts: dict[str, int] = {row[0]: row[1] for row in connection.execute(_COUNT, _asked(spellings))}
    few = {key for key, count in counts.items() if count <= _OF_ONE}
    found, among = defaultdict[str, list[OpenTicket]](list), Counter[str]()
    rows = list(connection.execute(_ALL, _asked(few))) if few else []
    for key in counts.keys() - few:
        name = key.removeprefix("@")
        rows += connection.execute(_NEWEST["@" if name != key else ""], {"key": name})
    for row in rows:
        found[row.whose.casefold()].append(_open(row.id, row.client, row.subject, row.assignee, row.team))
    for key, count in counts.items():
        among[key.casefold()] += count
    return {each: OpenTickets(newest=_newest_of(found[each]), count=among[each]) for each in whose}


def _asked(spellings: Iterable[str]) -> dict[str, list[str]]:
    asked = sorted(spellings)
    domains = [key.removeprefix("@") for key in asked if key.startswith("@")]
    return {"keys": [key for key in asked if not key.startswith("@")], "domains": domains}


def _newest_of(found: Iterable[OpenTicket]) -> tuple[OpenTicket, ...]:
    """Of all spellings."""
    return tuple(sorted(found, key=lambda each: -each.number)[:_OF_ONE])


def _domain_of(client: str) -> str:
    return "@" + client.rpartition("@")[2].casefold()


def _open(number: int, client: str, subject: str, assignee: str | None, team: str | None) -> OpenTicket:
    holder = team or assignee or ""
    return OpenTicket(number=number, client=client.casefold(), subject=subject, holder=holder)
