"""Labelled history as it goes out to a file and comes in from one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from maild.store.database.adding import add_missing
from maild.store.tables import examples, labels, mails
from maild.store.tables.columns import UtcDateTime

ROWS_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledRow:
    """One label with all that is known of its text."""

    name: str | None
    message_id: str | None
    digest: str | None
    ticket_id: int | None
    """Of this desk."""

    ticket: str | None
    """As an imported file named it."""

    group: str | None
    subject: str
    text: str
    language: str | None
    written_at: datetime | None
    question: str
    value: str
    said_by: str
    said_at: datetime
    source: str
    verdict: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewExample:
    """A labelled text that is no mail of this desk."""

    identity: str
    """SHA-256 of what the file knows it by: another file that knows it by the same means the same text."""

    name: str | None
    message_id: str | None
    digest: str | None
    ticket: str | None
    group: str | None
    subject: str
    text: str
    language: str | None
    written_at: datetime | None


def read_all_labels(connection: Connection) -> Iterator[LabelledRow]:
    """Give every label that was ever said, in the order in which they were kept; memory stays small."""
    columns = (labels.c.question, labels.c.value, labels.c.said_by, labels.c.said_at, labels.c.source, labels.c.verdict)
    query = (
        select(
            *columns,
            examples.c.name,
            examples.c.ticket,
            examples.c.group,
            mails.c.ticket_id,
            _either(mails.c.message_id, examples.c.message_id).label("message_id"),
            _either(mails.c.digest, examples.c.digest).label("digest"),
            _either(mails.c.subject, examples.c.subject, "").label("subject"),
            _either(mails.c.new_text, examples.c.text, "").label("text"),
            _either(mails.c.language, examples.c.language).label("language"),
            func.coalesce(mails.c.written_at, mails.c.arrived_at, examples.c.written_at, type_=UtcDateTime()).label(
                "written_at"
            ),
        )
        .outerjoin(mails, mails.c.id == labels.c.mail_id)
        .outerjoin(examples, examples.c.id == labels.c.example_id)
        .order_by(labels.c.id)
    )
    for row in connection.execute(query.execution_options(yield_per=ROWS_AT_ONCE)).mappings():
        yield LabelledRow(**row)


def _either(*values: Any) -> ColumnElement[Any]:
    return func.coalesce(*values)


def find_mails(
    connection: Connection, *, digests: Iterable[str] = (), message_ids: Iterable[str] = ()
) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """Digest to mail, and Message-ID to mail: of several arrivals the first that was taken in and is no duplicate."""
    by_digest, by_message_id = sorted(set(digests)), sorted(set(message_ids))
    taken_in = (mails.c.outcome.is_not(None), mails.c.outcome != "duplicate")
    found: tuple[dict[str, int], dict[str, int]] = ({}, {})
    for answer, column, wanted in (
        (found[0], mails.c.digest, by_digest),
        (found[1], mails.c.message_id, by_message_id),
    ):
        if wanted:
            query = select(column, func.min(mails.c.id)).where(column.in_(wanted), *taken_in).group_by(column)
            answer.update((name, row) for name, row in connection.execute(query))
    return found


def find_first_mails(connection: Connection, tickets: Iterable[int]) -> Mapping[int, int]:
    """Ticket to its first mail."""
    wanted = sorted(set(tickets))
    if not wanted:
        return {}
    query = select(mails.c.ticket_id, func.min(mails.c.id)).where(mails.c.ticket_id.in_(wanted))
    return {row[0]: row[1] for row in connection.execute(query.group_by(mails.c.ticket_id))}


def add_examples(
    connection: Connection, new: Sequence[NewExample], *, now: datetime
) -> Mapping[str, tuple[int, str, str]]:
    """Keep examples; those that are there already stay as they are. Gives identity to (row, subject, text)."""
    rows: dict[str, dict[str, object]] = {}
    for example in new:
        rows.setdefault(example.identity, {**_fields(example), "added_at": now})
    add_missing(connection, examples, list(rows.values()))
    columns = (examples.c.identity, examples.c.id, examples.c.subject, examples.c.text)
    found: dict[str, tuple[int, str, str]] = {}
    if rows:
        for row in connection.execute(select(*columns).where(examples.c.identity.in_(sorted(rows)))):
            found[row.identity] = (row.id, row.subject, row.text)
    return found


def find_said(
    connection: Connection, *, mail_ids: Iterable[int], example_ids: Iterable[int]
) -> Mapping[tuple[str, int, str], tuple[str, str]]:
    """("mail" or "example", its row, question) to (label, who said it): the labels that count."""
    said: dict[tuple[str, int, str], tuple[str, str]] = {}
    # Each by an index of its own: PostgreSQL would read the whole table for an OR of the two.
    for kind, column, ids in (("mail", labels.c.mail_id, mail_ids), ("example", labels.c.example_id, example_ids)):
        wanted = sorted(set(ids))
        if wanted:
            query = select(column, labels.c.question, labels.c.value, labels.c.said_by).where(column.in_(wanted))
            rows = connection.execute(query.order_by(labels.c.said_at, labels.c.id))
            said.update({(kind, row[0], row.question): (row.value, row.said_by) for row in rows})
    return said


def count_labels(connection: Connection) -> int:
    """Count every label that was ever said."""
    return connection.scalar(select(func.count()).select_from(labels)) or 0


def tally_labels(connection: Connection) -> list[tuple[str, str, str, int]]:
    """(question, label, source, how many), of all that was said."""
    grouped = (labels.c.question, labels.c.value, labels.c.source)
    query = select(*grouped, func.count()).group_by(*grouped).order_by(*grouped)
    return [(row[0], row[1], row[2], row[3]) for row in connection.execute(query)]


def _fields(example: NewExample) -> dict[str, object]:
    return {name: getattr(example, name) for name in example.__slots__}
