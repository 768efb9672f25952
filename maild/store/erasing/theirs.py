"""What is a person's in the store, found before anything is erased."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Select, Text, cast, func, or_, select

from maild.mail.naming import pattern_of, spellings_of
from maild.store.database.clock import clock_plus
from maild.store.database.packing import unpack_readable
from maild.store.database.portions import portions
from maild.store.erasing.tombstones import Copy
from maild.store.erasing.unread import is_written_by
from maild.store.tables import article_tickets, articles, examples, mails, outbox, sources, tickets


@dataclass(frozen=True, slots=True, kw_only=True)
class Theirs:
    """Rows of a person: whole tickets of theirs, and their own mails in other people's."""

    address: str
    """In lower case."""

    pseudonym: str
    """The address that stands in its place; no mail can ever reach it."""

    tickets: tuple[int, ...]
    open_tickets: tuple[int, ...]
    mails: tuple[int, ...]
    outbox: tuple[int, ...]
    """What was written to them or about their tickets, but for what is under way."""

    under_way: tuple[int, ...]
    """Of the outbox: a worker has them at this moment, and only it knows how that ends."""

    examples: tuple[int, ...]
    articles: tuple[int, ...]
    """Versions that stand on their tickets."""

    copies: tuple[Copy, ...] = field(repr=False)
    """What the mails are known by, and what was written to them."""

    names: frozenset[str] = field(repr=False)
    texts: tuple[tuple[str, str], ...] = field(repr=False)
    """Subject and new text of each of the mails and examples."""

    @property
    def digests(self) -> tuple[str, ...]:
        """Of the sources."""
        return tuple(sorted({copy.digest for copy in self.copies if copy.digest}))


def find_theirs(connection: Connection, address: str, *, pseudonym: str, ours: Collection[str]) -> Theirs:
    """Find all that is theirs. `address`: in lower case; `ours`: the desk's own addresses, in lower case."""
    owned = select(tickets.c.id, tickets.c.status, tickets.c.client_name)
    theirs = is_address(connection, tickets.c.client, address)
    rows = connection.execute(owned.where(or_(theirs, tickets.c.client == pseudonym)))
    found = sorted((row.id, row.status, row.client_name) for row in rows)
    numbers = [number for number, _, _ in found]
    ids = _mails(connection, address, numbers, ours)
    copies, texts, names = _told(connection, ids, address)
    written, under_way, ours_known = _outbox(connection, address, pseudonym, numbers, ids)
    known = _examples(connection, address, copies)
    return Theirs(
        address=address,
        pseudonym=pseudonym,
        tickets=tuple(numbers),
        open_tickets=tuple(number for number, status, _ in found if status != "closed"),
        mails=tuple(ids),
        outbox=tuple(written),
        under_way=tuple(under_way),
        examples=tuple(row for row, _ in known),
        articles=tuple(_articles(connection, address, numbers, ids)),
        copies=(*copies, *ours_known),
        names=frozenset({*names, *(name for _, _, name in found if name)}),
        texts=(*texts, *(text for _, text in known)),
    )


def is_address(connection: Connection, column: Column[Any], address: str) -> ColumnElement[bool]:
    """The column holds the address, in whatever case. `address`: in lower case."""
    if address.isascii():
        return func.lower(column) == address
    # SQLite knows the case of no other letter; few addresses have them.
    domain = f"@{address.rpartition('@')[2]}"
    written = connection.scalars(select(column).where(column.icontains(domain, autoescape=True)).distinct())
    return column.in_([each for each in written if each and each.casefold() == address])


def _ids(connection: Connection, query: Select[Any], column: ColumnElement[Any], values: Sequence[object]) -> set[int]:
    """Rows whose column is one of many values."""
    found: set[int] = set()
    for some in portions(values):
        found.update(connection.scalars(query.where(column.in_(some))))
    return found


def _mails(connection: Connection, address: str, numbers: Sequence[int], ours: Collection[str]) -> list[int]:
    """Theirs by author or ticket, what was sent to them by hand, further copies of those, and what nobody has read yet."""
    one = select(mails.c.id)
    found = set(connection.scalars(one.where(is_address(connection, mails.c.author, address))))
    found |= _ids(connection, one, mails.c.ticket_id, numbers)
    written_to = cast(mails.c.facts, Text).icontains(f'"{address}"', autoescape=True)
    found.update(connection.scalars(one.where(func.lower(mails.c.author).in_(sorted(ours)), written_to)))
    unread = select(mails.c.id, sources.c.content).join(sources, sources.c.digest == mails.c.digest)
    for row in connection.execute(unread.where(mails.c.author.is_(None)).execution_options(yield_per=100)):
        content = unpack_readable(row.content)
        if content is not None and is_written_by(content, address):
            found.add(row.id)
    digests = {
        digest
        for some in portions(sorted(found))
        for digest in connection.scalars(select(mails.c.digest).where(mails.c.id.in_(some)))
        if digest
    }
    return sorted(found | _ids(connection, one, mails.c.digest, sorted(digests)))


def _told(
    connection: Connection, ids: Sequence[int], address: str
) -> tuple[list[Copy], list[tuple[str, str]], set[str]]:
    """What the mails are known by, what they say, and the names that their author goes by."""
    copies, texts, names = [], [], set[str]()
    columns = (mails.c.digest, mails.c.message_id, mails.c.author, mails.c.subject, mails.c.new_text, mails.c.facts)
    for some in portions(ids):
        for row in connection.execute(select(*columns).where(mails.c.id.in_(some))):
            copies.append(Copy(digest=row.digest or "", message_id=row.message_id))
            if row.new_text or row.subject:
                texts.append((row.subject or "", row.new_text or ""))
            if (row.author or "").casefold() == address:
                names.add((row.facts or {}).get("author_name", ""))
    return copies, texts, names - {""}


def _outbox(
    connection: Connection, address: str, pseudonym: str, numbers: Sequence[int], ids: Sequence[int]
) -> tuple[list[int], list[int], list[Copy]]:
    one = select(outbox.c.id)
    to_them = or_(is_address(connection, outbox.c.recipient, address), outbox.c.recipient == pseudonym)
    found = set(connection.scalars(one.where(to_them)))
    found |= _ids(connection, one, outbox.c.ticket_id, numbers) | _ids(connection, one, outbox.c.mail_id, ids)
    working = one.where(outbox.c.state.in_(("claimed", "sending")), outbox.c.lease_until > clock_plus())
    under_way = found.intersection(connection.scalars(working))
    left = sorted(found - under_way)
    copies = [
        Copy(digest="", message_id=name)
        for some in portions(left)
        for name in connection.scalars(select(outbox.c.message_id).where(outbox.c.id.in_(some)))
    ]
    return left, sorted(under_way), copies


def _examples(connection: Connection, address: str, copies: Sequence[Copy]) -> list[tuple[int, tuple[str, str]]]:
    """Imported texts that are one of their mails, or name them."""
    one = select(examples.c.id)
    names = sorted({copy.message_id for copy in copies if copy.message_id})
    digests = sorted({copy.digest for copy in copies if copy.digest})
    found = _ids(connection, one, examples.c.message_id, names) | _ids(connection, one, examples.c.digest, digests)
    found |= _naming(
        connection,
        examples.c.id,
        address,
        (examples.c.text, examples.c.subject, examples.c.name, examples.c.ticket, examples.c.group),
    )
    texts = select(examples.c.id, examples.c.subject, examples.c.text)
    return [
        (row.id, (row.subject, row.text))
        for some in portions(sorted(found))
        for row in connection.execute(texts.where(examples.c.id.in_(some)))
    ]


def _articles(connection: Connection, address: str, numbers: Sequence[int], ids: Sequence[int]) -> list[int]:
    """Versions that stand on their tickets, on others in which they wrote, or that name them."""
    of_mails = _ids(connection, select(mails.c.ticket_id).where(mails.c.ticket_id.is_not(None)), mails.c.id, ids)
    wanted = sorted(of_mails.union(numbers))
    behind = select(articles.c.id).join(article_tickets, article_tickets.c.name == articles.c.name)
    found = _ids(connection, behind, article_tickets.c.ticket_id, wanted)
    found |= _naming(connection, articles.c.id, address, (articles.c.title, articles.c.body))
    return sorted(found | _ids(connection, select(articles.c.id), articles.c.ticket_id, wanted))


def _naming(connection: Connection, key: Column[Any], address: str, columns: Sequence[Column[Any]]) -> set[int]:
    """Rows of which a text names the address, and not one that only contains it."""
    pattern, ways = pattern_of(address), spellings_of(address)
    named = or_(*(column.icontains(way, autoescape=True) for column in columns for way in ways))
    rows = connection.execute(select(key, *columns).where(named))
    return {row[0] for row in rows if any(text and pattern.search(text) for text in row[1:])}
