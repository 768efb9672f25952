"""What still names a person after they were erased: other people's mails, which are not theirs to take away."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, LargeBinary, String, Table, Text, cast, select

from maild.store.columns import Words
from maild.store.mirror_tables import metadata
from maild.store.packing import unpack
from maild.store.tables import mails, sources


@dataclass(frozen=True, slots=True, kw_only=True)
class Remaining:
    """Where the address still stands."""

    where: str
    """Table and column."""

    rows: int
    tickets: tuple[int, ...] = ()
    """Of mails: whose they are, as far as they belong to one; at most MOST."""


MOST = 20


def find_remains(connection: Connection, address: str) -> list[Remaining]:
    """Look through every text of every table, and through the sources as they lie; nothing is decoded."""
    found = [each for table in metadata.sorted_tables for each in _in_table(connection, table, address)]
    return [*found, *_in_sources(connection, address)]


def _in_table(connection: Connection, table: Table, address: str) -> Iterator[Remaining]:
    for column in table.columns:
        if isinstance(column.type, LargeBinary) or not _is_text(column.type):
            continue
        named = cast(column, Text).icontains(address, autoescape=True)
        if table is mails:
            numbers = connection.scalars(select(mails.c.ticket_id).where(named)).all()
            count, of_tickets = len(numbers), tuple(sorted({each for each in numbers if each}))[:MOST]
        else:
            count, of_tickets = len(connection.scalars(select(column).where(named)).all()), ()
        if count:
            yield Remaining(where=f"{table.name}.{column.name}", rows=count, tickets=of_tickets)


def _is_text(kind: object) -> bool:
    return isinstance(kind, (String, Words)) or "JSON" in type(kind).__name__


def _in_sources(connection: Connection, address: str) -> Iterator[Remaining]:
    wanted, found = address.encode(), set[str]()
    for row in connection.execute(select(sources.c.digest, sources.c.content).execution_options(yield_per=100)):
        if wanted in unpack(row.content).lower():
            found.add(row.digest)
    if found:
        of_mails = select(mails.c.ticket_id).where(mails.c.digest.in_(sorted(found)[:1_000]))
        numbers = {each for each in connection.scalars(of_mails) if each}
        yield Remaining(where="sources.content", rows=len(found), tickets=tuple(sorted(numbers))[:MOST])
