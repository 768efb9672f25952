"""A person in what maild wrote to others: their address, what such a mail quotes of their tickets, and words of theirs in other tickets."""

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, select, update

from maild.knowledge.passages import passages_of
from maild.mail.naming import is_named, pattern_of, replace_in
from maild.store.database.packing import NOTHING, pack, unpack_readable
from maild.store.database.portions import portions
from maild.store.erasing.originals import without_originals
from maild.store.erasing.quotes import Quotes
from maild.store.erasing.theirs import Theirs
from maild.store.tables import mails, outbox, tickets


def erase_letters(connection: Connection, theirs: Theirs) -> int:
    """In our copies of mails to others, and in those that are due, something else stands there; the number of mails."""
    return _repeated(connection, theirs) + _named(connection, theirs)


def _repeated(connection: Connection, theirs: Theirs) -> int:
    """What the house was told of their mails in other people's tickets: of a mail that has left the copy goes.

    One that is due still leaves without their mails that were to go along; its words go when they are forgotten once more.
    """
    columns = (outbox.c.id, outbox.c.new_text, outbox.c.content, outbox.c.settled_at)
    words = passages_of("", (), (text for _, text in theirs.texts))
    left_alone, changed = {*theirs.outbox, *theirs.under_way}, 0
    for some in portions(_written_in(connection, theirs)):
        told = select(*columns).where(outbox.c.ticket_id.in_(some), outbox.c.audience == "internal")
        for row in connection.execute(told.order_by(outbox.c.id)).all():
            content, text = unpack_readable(row.content), words.erase(row.new_text)
            fresh = content if content is None else without_originals(content, theirs.address)
            if row.id in left_alone or (text == row.new_text and fresh == content):
                continue
            due = row.content if fresh is None else pack(fresh)
            new = {"content": NOTHING, "new_text": text} if row.settled_at else {"content": due}
            connection.execute(update(outbox).where(outbox.c.id == row.id).values(new))
            changed += 1
    return changed


def _written_in(connection: Connection, theirs: Theirs) -> list[int]:
    """Other people's tickets in which they wrote."""
    found = {
        number
        for some in portions(theirs.mails)
        for number in connection.scalars(select(mails.c.ticket_id).where(mails.c.id.in_(some)))
    }
    return sorted(found.difference(theirs.tickets) - {None})


def _named(connection: Connection, theirs: Theirs) -> int:
    """Where they are named, or a ticket of theirs is quoted."""
    left_alone = {*theirs.outbox, *theirs.under_way}
    named = pattern_of(theirs.address)
    quotes = Quotes(_subjects(connection, theirs.tickets))

    def to_client(text: str) -> str:
        return named.sub(theirs.pseudonym, text)

    def to_house(text: str) -> str:
        return to_client(quotes.erase(text))

    changed: list[tuple[int, dict[str, object]]] = []
    columns = (outbox.c.id, outbox.c.audience, outbox.c.new_text, outbox.c.content)
    for row in connection.execute(select(*columns).execution_options(yield_per=200)):
        if row.id in left_alone:
            continue
        replace: Callable[[str], str] = to_house if row.audience == "internal" else to_client
        content, text = unpack_readable(row.content), replace(row.new_text)
        if content is None:
            if text != row.new_text:
                changed.append((row.id, {"content": NOTHING, "new_text": text}))
            continue
        if text == row.new_text and not is_named(content, theirs.address):
            continue  # what a mail quotes stands in its text, too
        if (fresh := replace_in(content, replace)) != content or text != row.new_text:
            changed.append((row.id, {"content": pack(fresh), "new_text": text}))
    for number, values in changed:
        connection.execute(update(outbox).where(outbox.c.id == number).values(values))
    return len(changed)


def _subjects(connection: Connection, numbers: Sequence[int]) -> dict[int, str]:
    return {
        row.id: row.subject
        for some in portions(numbers)
        for row in connection.execute(select(tickets.c.id, tickets.c.subject).where(tickets.c.id.in_(some)))
    }
