"""What the internal thread needs to know: who is in it, and what the ticket's story is so far."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from maild.store.tables import events, mails, outbox

_CONSULTED = (
    select(outbox.c.recipient)
    .where(outbox.c.ticket_id == bindparam("number"), outbox.c.kind == bindparam("of_kind"))
    .where(outbox.c.state != "dropped")
    .order_by(outbox.c.id)
)
_KINDS = select(outbox.c.kind).where(
    outbox.c.token.in_(bindparam("tokens", expanding=True)),
    outbox.c.recipient.in_(bindparam("recipients", expanding=True)),
)
_KIND_BY_TOKEN = _KINDS.add_columns(outbox.c.token)
_WRITTEN = (
    select(mails.c.id, mails.c.author, mails.c.new_text, mails.c.arrived_at, mails.c.facts)
    .where(mails.c.ticket_id == bindparam("number"))
    .where(mails.c.outcome.in_(("ticket", "follow_up", "relay", "command", "hand_off")))
    .order_by(mails.c.id)
)
_HAPPENED = (
    select(events.c.at, events.c.event, events.c.because, events.c.mail_id)
    .where(events.c.ticket_id == bindparam("number"))
    .order_by(events.c.id)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A mail that came to a ticket."""

    mail: int
    author: str
    words: str
    at: datetime
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """An event of a ticket."""

    at: datetime
    event: str
    because: str
    mail: int | None


def consulted(connection: Connection, number: int, *, kind: str) -> list[str]:
    """Who has got a mail of this kind about the ticket, each once, in that order."""
    return list(dict.fromkeys(connection.scalars(_CONSULTED, {"number": number, "of_kind": kind})))


def answered_kinds(connection: Connection, tokens: Collection[str], recipients: Sequence[str]) -> set[str]:
    """Kinds of our mails that these tokens name and one of the recipients got, whatever has become of their ticket."""
    if not tokens or not recipients:
        return set()
    return set(connection.scalars(_KINDS, {"tokens": sorted(tokens), "recipients": list(recipients)}))


def answered_kind(connection: Connection, tokens: Sequence[str], recipients: Sequence[str]) -> str | None:
    """Kind of our mail that the first of these tokens names which one of the recipients got."""
    if not tokens or not recipients:
        return None
    given = {"tokens": list(tokens), "recipients": list(recipients)}
    kinds = {row.token: row.kind for row in connection.execute(_KIND_BY_TOKEN, given)}
    return next((kinds[token] for token in tokens if token in kinds), None)


def written(connection: Connection, number: int) -> list[Written]:
    """What clients and the house wrote about the ticket, oldest first."""
    return [
        Written(
            mail=row.id, author=row.author or "", words=row.new_text or "", at=row.arrived_at, facts=row.facts or {}
        )
        for row in connection.execute(_WRITTEN, {"number": number})
    ]


def happened(connection: Connection, number: int) -> list[Happened]:
    """What happened to the ticket, oldest first."""
    rows = connection.execute(_HAPPENED, {"number": number})
    return [Happened(at=row.at, event=row.event, because=row.because, mail=row.mail_id) for row in rows]
