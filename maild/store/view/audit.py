"""Who did what by which mail: what people ordered, said and decided, over all tickets, models and the desk itself."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Connection, Row, Select, func, or_, select

from maild.store.tables import erasures, events, labels, mails, model_events, restorations

BY_ITSELF = "maild"
"""Actor of what nobody ordered."""


_IS_IMPORTED = or_(labels.c.source == "import", labels.c.example_id.is_not(None))
"""Only files bring labels of texts that are no mail of this desk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One thing that somebody did."""

    at: datetime
    actor: str
    event: str
    """What happened, in the past tense."""

    about: str
    """`ticket`, `label`, `model` or `desk`."""

    ticket: int | None = None
    because: str = ""
    message_id: str | None = None
    """Of the mail by which it was ordered or said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which deeds."""

    since: datetime
    until: datetime
    by: str | None = None
    """An address or a name in lower case; None: everybody's but maild's own."""

    limit: int = 1_000
    """The newest of them."""


def audit(connection: Connection, wanted: Wanted) -> list[Deed]:
    """What people did, the newest first."""
    found = [
        deed
        for kind in (_of_tickets, _of_labels, _of_imports, _of_models, _of_desk)
        for deed in kind(connection, wanted)
    ]
    return sorted(found, key=lambda deed: deed.at, reverse=True)[: wanted.limit]


def _within(query: Select[Any], at: Column[Any], actor: Column[Any], wanted: Wanted) -> Select[Any]:
    return _those_within(query, at, actor, wanted).order_by(at.desc()).limit(wanted.limit)


def _those_within(query: Select[Any], at: Column[Any], actor: Column[Any], wanted: Wanted) -> Select[Any]:
    theirs = actor != BY_ITSELF if wanted.by is None else func.lower(actor) == wanted.by
    return query.where(at >= wanted.since, at < wanted.until, theirs)


def _of_tickets(connection: Connection, wanted: Wanted) -> Iterator[Deed]:
    columns = (events.c.at, events.c.actor, events.c.event, events.c.ticket_id, events.c.because, mails.c.message_id)
    query = select(*columns).outerjoin(mails, mails.c.id == events.c.mail_id)
    for row in connection.execute(_within(query, events.c.at, events.c.actor, wanted)):
        yield Deed(
            at=row.at, actor=row.actor, event=row.event, about="ticket", ticket=row.ticket_id, because=row.because,
            message_id=row.message_id,
        )  # fmt: skip


def _of_labels(connection: Connection, wanted: Wanted) -> Iterator[Deed]:
    said_in = mails.alias("said_in")
    query = (
        select(labels, mails.c.ticket_id, said_in.c.message_id)
        .outerjoin(mails, mails.c.id == labels.c.mail_id)
        .outerjoin(said_in, said_in.c.id == labels.c.cause_mail_id)
    )
    query = query.where(~_IS_IMPORTED)
    for row in connection.execute(_within(query, labels.c.said_at, labels.c.said_by, wanted)):
        said = f"{row.question}={row.value}" + (f", the model had said {row.verdict}" if row.verdict else "")
        yield Deed(
            at=row.said_at, actor=row.said_by, event="labelled", about="label", ticket=row.ticket_id, because=said,
            message_id=row.message_id,
        )  # fmt: skip


def _of_imports(connection: Connection, wanted: Wanted) -> Iterator[Deed]:
    """One deed a person and day: a file has thousands of rows, and may say of each when it was said."""
    at, actor, count = func.max(labels.c.said_at), labels.c.said_by, func.count()
    query = select(at.label("at"), actor, labels.c.question, count.label("number")).where(_IS_IMPORTED)
    query = _those_within(query, labels.c.said_at, actor, wanted)
    days = defaultdict[tuple[str, date], list[Row[Any]]](list)
    for row in connection.execute(query.group_by(func.date(labels.c.said_at), actor, labels.c.question)):
        days[row.said_by, row.at.date()].append(row)
    for (name, _), rows in days.items():
        said = ", ".join(f"{row.question} {row.number:,}" for row in sorted(rows, key=lambda row: str(row.question)))
        because = f"{sum(row.number for row in rows):,} labels: {said}"
        yield Deed(at=max(row.at for row in rows), actor=name, event="imported", about="label", because=because)


def _of_models(connection: Connection, wanted: Wanted) -> Iterator[Deed]:
    for row in connection.execute(_within(select(model_events), model_events.c.at, model_events.c.actor, wanted)):
        because = f"{row.question} {(row.digest or 'shipped')[:12]}: {row.because}"
        yield Deed(at=row.at, actor=row.actor, event=row.event, about="model", because=because)


def _of_desk(connection: Connection, wanted: Wanted) -> Iterator[Deed]:
    """Who was forgotten, by marks alone, and what was restored."""
    for row in connection.execute(_within(select(erasures), erasures.c.at, erasures.c.said_by, wanted)):
        because = f"mark {row.mark[:16]}" + (f": {row.because}" if row.because else "")
        yield Deed(at=row.at, actor=row.said_by, event="forgotten", about="desk", because=because)
    query = _within(select(restorations), restorations.c.restored_at, restorations.c.restored_by, wanted)
    for row in connection.execute(query):
        because = f"backup of {row.backup_at:%Y-%m-%d %H:%M} UTC"
        yield Deed(at=row.restored_at, actor=row.restored_by, event="restored", about="desk", because=because)
    query = _within(select(restorations), restorations.c.resumed_at, restorations.c.resumed_by, wanted)
    for row in connection.execute(query):
        yield Deed(at=row.resumed_at, actor=row.resumed_by, event="resumed", about="desk", because=BECAUSE_RESUMED)


BECAUSE_RESUMED = "a restored desk was let go on"
