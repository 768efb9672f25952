"""The mails of a ticket as they came, for those who get the ticket later."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, select

from maild.store.database.packing import unpack_readable
from maild.store.tables import mails, sources

_FIRST = (
    select(mails, sources.c.content)
    .outerjoin(sources, sources.c.digest == mails.c.digest)
    .where(mails.c.ticket_id == bindparam("number"), mails.c.outcome.in_(("ticket", "hand_off")))
    .order_by(mails.c.id)
    .limit(1)
)
_SIZES = (
    select(mails.c.id, sources.c.size)
    .join(sources, sources.c.digest == mails.c.digest)
    .where(mails.c.id.in_(bindparam("numbers", expanding=True)))
    .order_by(mails.c.id.desc())
)
_CONTENT = (
    select(sources.c.content).join(mails, sources.c.digest == mails.c.digest).where(mails.c.id == bindparam("number"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """The client's first mail."""

    row: int
    author: str
    author_name: str
    message_id: str | None
    subject: str
    new_text: str
    language: str | None
    attachments: tuple[dict[str, Any], ...]
    """Name, media_type, size, digest and is_inline of each."""

    verdicts: tuple[dict[str, Any], ...]
    source: bytes | None
    """None also where a virus was found in it."""


def find_original(connection: Connection, number: int) -> Original | None:
    """Give the mail that opened the ticket; None where it is none of this desk's (moved in from elsewhere)."""
    row = connection.execute(_FIRST, {"number": number}).first()
    if row is None or row.author is None:
        return None
    facts = row.facts or {}
    return Original(
        row=row.id,
        author=row.author,
        author_name=facts.get("author_name", ""),
        message_id=row.message_id,
        subject=row.subject or "",
        new_text=row.new_text or "",
        language=row.language,
        attachments=tuple(facts.get("attachments", ())),
        verdicts=tuple(row.verdicts or ()),
        source=unpack_readable(row.content) if row.content is not None and not facts.get("infected") else None,
    )


def read_sources(connection: Connection, numbers: Sequence[int], *, most_octets: int) -> dict[int, bytes]:
    """Mail to its source, the oldest first; of those that are too much together the newest ones, and what is damaged not at all."""
    chosen, octets = [], 0
    for row in connection.execute(_SIZES, {"numbers": list(numbers)}) if numbers else ():
        if octets + row.size <= most_octets:
            octets += row.size
            chosen.append(row.id)
    found = ((number, connection.scalar(_CONTENT, {"number": number})) for number in reversed(chosen))
    read = ((number, unpack_readable(content)) for number, content in found if content is not None)
    return {number: source for number, source in read if source is not None}
