"""Labels: what people said that a verdict should have been. The newest counts, and all are kept."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
)

from maild.store.database.adding import add_missing
from maild.store.tables import audits, examples, labels, mails
from maild.store.tables.columns import UtcDateTime

AUDIT = "audit"
_SPOKEN = frozenset({"tsm", "admin"})
SOURCES = frozenset({*_SPOKEN, "import", AUDIT})
"""Where a label comes from: a TSM's mail, the command line, an imported file, or an answer to the audit sample."""

ROWS_AT_ONCE = 500

OVERRULED_BY: Mapping[str, tuple[str, str]] = MappingProxyType({"team": ("technical", "yes")})
"""Question to the later label that takes its own back: a mail that turned out to be technical is no other team's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What a person said about one mail, or about one imported example."""

    question: str
    value: str
    said_by: str
    """Name or address; shown to people, never trusted."""

    said_at: datetime
    source: str
    """One of SOURCES."""

    mail: int | None = None
    """Row of the mail; this or `example`."""

    example: int | None = None
    """Row of the imported example."""

    verdict: str | None = None
    """What the model had said; None: nothing, or it was not asked."""

    cause: int | None = None
    """Row of the mail in which it was said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledText:
    """One text of the desk's history with the label that counts: what training and evaluation read."""

    label: str
    subject: str
    new_text: str
    language: str | None
    at: datetime | None
    """When it was written, or else when it arrived; None where an imported file does not say it."""

    group: str
    """The same for all texts of one thread."""

    ticket: int | None
    """Of this desk; None for an imported example."""

    mail: int | None
    """Row of the mail; None for an imported example."""

    example: int | None
    said_by: str
    said_at: datetime
    source: str
    """As in Label."""

    verdict: str | None
    """As in Label."""


def add_labels(connection: Connection, said: Sequence[Label]) -> None:
    """Keep labels; the same words of the same person at the same time are kept once.

    What somebody says of a mail of the audit sample is an answer to it, whichever way they say it. Raises ValueError for a label that belongs to neither or to both of a mail and an example, or of an unknown source.
    """
    for label in said:
        if (label.mail is None) == (label.example is None) or label.source not in SOURCES:
            raise ValueError(
                f"a label is about one mail or one example, and comes from one of {sorted(SOURCES)}: {label}"
            )
    drawn = _when_drawn(
        connection, [label.mail for label in said if label.mail is not None and label.source in _SPOKEN]
    )
    add_missing(connection, labels, [_row(label, drawn) for label in said])


def _when_drawn(connection: Connection, mail_ids: Collection[int]) -> Mapping[tuple[int | None, str], datetime]:
    """Mail and question to when the verdict was drawn for the audit sample."""
    if not mail_ids:
        return {}
    query = select(audits.c.mail_id, audits.c.question, audits.c.drawn_at).where(audits.c.mail_id.in_(sorted(mail_ids)))
    return {(row.mail_id, row.question): row.drawn_at for row in connection.execute(query)}


def read_examples(connection: Connection, question: str, *, until: datetime | None = None) -> Iterator[LabelledText]:
    """Give every labelled text with the label that counts, one after the other; memory stays small.

    `until`: as if nothing had been said later. The order is by the time of storing: mails first, then examples.
    """
    for query in (_of_mails(question, until), _of_examples(question, until)):
        rows = connection.execute(query.execution_options(yield_per=ROWS_AT_ONCE))
        yield from (LabelledText(**row) for row in rows.mappings())


def _of_mails(question: str, until: datetime | None) -> Select[Any]:
    written_at = func.coalesce(mails.c.written_at, mails.c.arrived_at, type_=UtcDateTime())
    thread = case(
        (mails.c.ticket_id.is_not(None), literal("ticket ") + cast(mails.c.ticket_id, String)),
        else_=literal("mail ") + cast(mails.c.id, String),
    )
    return (
        select(
            *_counting(),
            func.coalesce(mails.c.subject, "").label("subject"),
            func.coalesce(mails.c.new_text, "").label("new_text"),
            mails.c.language,
            written_at.label("at"),
            thread.label("group"),
            mails.c.ticket_id.label("ticket"),
        )
        .join(mails, mails.c.id == labels.c.mail_id)
        .where(*_counts(labels.c.mail_id, question, until))
        .order_by(mails.c.id)
    )


def _of_examples(question: str, until: datetime | None) -> Select[Any]:
    own = literal("example ") + examples.c.identity
    thread = func.coalesce(literal("group ") + examples.c.group, literal("their ticket ") + examples.c.ticket, own)
    return (
        select(
            *_counting(),
            examples.c.subject,
            examples.c.text.label("new_text"),
            examples.c.language,
            examples.c.written_at.label("at"),
            thread.label("group"),
            null().label("ticket"),
        )
        .join(examples, examples.c.id == labels.c.example_id)
        .where(*_counts(labels.c.example_id, question, until))
        .order_by(examples.c.id)
    )


def _counting() -> tuple[ColumnElement[Any], ...]:
    return (
        labels.c.value.label("label"),
        labels.c.mail_id.label("mail"),
        labels.c.example_id.label("example"),
        labels.c.said_by,
        labels.c.said_at,
        labels.c.source,
        labels.c.verdict,
    )


def _counts(about: Column[Any], question: str, until: datetime | None) -> tuple[ColumnElement[bool], ...]:
    """Whether the label is the newest of its question about its mail or example."""
    later = labels.alias("later")
    # by >= first: an index of the text's own labels serves it, and SQLite looks through no others
    newer = and_(later.c.said_at >= labels.c.said_at, or_(later.c.said_at > labels.c.said_at, later.c.id > labels.c.id))
    same = (later.c[about.name] == about, later.c.question == labels.c.question)
    heard = [] if until is None else [later.c.said_at <= until]
    known = [] if until is None else [labels.c.said_at <= until]
    taken_back = []
    if question in OVERRULED_BY:
        other, value = OVERRULED_BY[question]
        about_it = (later.c[about.name] == about, later.c.question == other, later.c.value == value)
        taken_back = [~exists().where(*about_it, newer, *heard)]
    return (labels.c.question == question, *known, ~exists().where(*same, newer, *heard), *taken_back)


def _row(label: Label, drawn: Mapping[tuple[int | None, str], datetime]) -> dict[str, object]:
    drawn_at = drawn.get((label.mail, label.question)) if label.source in _SPOKEN else None
    return {
        "mail_id": label.mail,
        "example_id": label.example,
        "question": label.question,
        "value": label.value,
        "said_by": label.said_by,
        "said_at": label.said_at,
        "source": AUDIT if drawn_at is not None and drawn_at <= label.said_at else label.source,
        "verdict": label.verdict,
        "cause_mail_id": label.cause,
    }
