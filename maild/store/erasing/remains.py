"""What still names a person after they were erased: other people's mails, which are not theirs to take away."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, LargeBinary, String, Table, Text, cast, null, or_, select

from maild.mail.naming import is_named, pattern_of, spellings_of
from maild.store.database.packing import unpack_readable
from maild.store.tables import mails, metadata, sources
from maild.store.tables.columns import Words


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
    """Look through every text of every table, and through the sources: as they lie, and what stands encoded in them."""
    found = [each for table in metadata.sorted_tables for each in _in_table(connection, table, address)]
    return [*found, *_in_sources(connection, address)]


def _in_table(connection: Connection, table: Table, address: str) -> Iterator[Remaining]:
    pattern, ways = pattern_of(address), spellings_of(address)
    for column in table.columns:
        if isinstance(column.type, LargeBinary) or not _is_text(column.type):
            continue
        text = cast(column, Text)
        ticket = mails.c.ticket_id if table is mails else null()
        query = select(text, ticket).where(or_(*(text.icontains(way, autoescape=True) for way in ways)))
        found = [number for written, number in connection.execute(query) if pattern.search(written)]
        if found:
            numbers = tuple(sorted({each for each in found if each}))[:MOST]
            yield Remaining(where=f"{table.name}.{column.name}", rows=len(found), tickets=numbers)


def _is_text(kind: object) -> bool:
    return isinstance(kind, (String, Words)) or "JSON" in type(kind).__name__


def _in_sources(connection: Connection, address: str) -> Iterator[Remaining]:
    found: set[str] = set()
    for row in connection.execute(select(sources.c.digest, sources.c.content).execution_options(yield_per=100)):
        content = unpack_readable(row.content)
        if content is not None and is_named(content, address):
            found.add(row.digest)
    if found:
        of_mails = select(mails.c.ticket_id).where(mails.c.digest.in_(sorted(found)[:1_000]))
        numbers = {each for each in connection.scalars(of_mails) if each}
        yield Remaining(where="sources.content", rows=len(found), tickets=tuple(sorted(numbers))[:MOST])
