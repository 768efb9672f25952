"""Earlier arrivals that may be the same mail, which came another way."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Connection, Row, and_, bindparam, func, or_, select

from maild.store.tables import mails

UNHEARD = ("duplicate", "bulk", "spam")
"""Outcomes that let no other arrival of the same mail go: one that came by a list first comes from its author, too."""

AUTOMATIC = "automatic"
"""An outcome that lets another arrival go only where that is automatic, too, or the very same octets: gateways mark mail."""


def is_heard(*more: str) -> ColumnElement[bool]:
    """Of an earlier arrival, whether it lets this one go; `more` are outcomes that do not either.

    To be given: `same_digest` and `is_automatic` of this one.
    """
    is_same = or_(mails.c.digest == bindparam("same_digest"), bindparam("is_automatic", type_=Boolean()))
    outcome = mails.c.outcome
    return or_(outcome.not_in((*UNHEARD, AUTOMATIC, *more)), and_(outcome == AUTOMATIC, is_same))


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """An earlier arrival that may be the same mail, which came another way."""

    id: int
    subject: str
    new_text: str
    digests: frozenset[str]
    """Of its attachments."""


_NAMED = (
    select(mails.c.id, mails.c.subject, mails.c.new_text, mails.c.facts)
    .where(mails.c.message_id == bindparam("same_id"), mails.c.id != bindparam("mail_id"))
    .where(func.lower(mails.c.author) == bindparam("same_author"), mails.c.written_at == bindparam("same_time"))
    .where(mails.c.outcome.is_not(None), is_heard("held"))
    .order_by(mails.c.id)
    .limit(5)
)
_RENAMED = (
    select(mails.c.id, mails.c.subject, mails.c.new_text, mails.c.facts)
    .where(mails.c.author == bindparam("same_author"), mails.c.written_at == bindparam("same_time"))
    .where(mails.c.id != bindparam("mail_id"), mails.c.trust == "proven")
    .where(mails.c.outcome.is_not(None), is_heard())
    .order_by(mails.c.id)
    .limit(50)
)


def find_copies(
    connection: Connection,
    *,
    mail_id: int,
    message_id: str,
    author: str,
    written_at: datetime,
    digest: str,
    is_automatic: bool,
) -> list[Earlier]:
    """Earlier arrivals with the Message-ID, the author (in lower case) and the date of a mail, oldest first."""
    same = {"same_id": message_id, "same_author": author, "same_time": written_at, "same_digest": digest}
    values = {"mail_id": mail_id, "is_automatic": is_automatic, **same}
    return [_earlier(row) for row in connection.execute(_NAMED, values)]


def find_renamed(
    connection: Connection, *, mail_id: int, author: str, written_at: datetime, digest: str, is_automatic: bool
) -> list[Earlier]:
    """Earlier arrivals that were proven, with the author (as written) and the date of a mail, oldest first."""
    same = {"same_author": author, "same_time": written_at, "same_digest": digest}
    values = {"mail_id": mail_id, "is_automatic": is_automatic, **same}
    return [_earlier(row) for row in connection.execute(_RENAMED, values)]


def _earlier(row: Row[*tuple[Any, ...]]) -> Earlier:
    return Earlier(
        id=row.id,
        subject=row.subject or "",
        new_text=row.new_text or "",
        digests=frozenset(each["digest"] for each in (row.facts or {}).get("attachments", ())),
    )
