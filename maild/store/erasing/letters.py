"""A person in what maild wrote to others: their address, and what such a mail quotes of their tickets."""

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, select, update

from maild.mail.naming import is_named, pattern_of, replace_in
from maild.store.database.packing import NOTHING, pack, unpack_readable
from maild.store.database.portions import portions
from maild.store.erasing.quotes import Quotes
from maild.store.erasing.theirs import Theirs
from maild.store.tables import outbox, tickets


def erase_letters(connection: Connection, theirs: Theirs) -> int:
    """In our copies of mails to others, and in those that are due, something else stands there; the number of mails."""
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
