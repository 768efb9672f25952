"""The audit sample: sure verdicts that a person was asked to confirm, and what people said about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, func, select

from maild.store.database.adding import add_missing
from maild.store.database.together import Writer
from maild.store.tables import audits, labels, mails


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """One verdict of the sample."""

    mail: int
    """Row of the mail."""

    question: str
    label: str
    """What the model said."""

    confidence: float
    digest: str
    """Of the model."""

    drawn_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a person said about a verdict of the sample; the newest label counts."""

    audit: Audit
    value: str
    ticket: int | None

    @property
    def is_wrong(self) -> bool:
        """Whether the model was wrong."""
        return self.value != self.audit.label


def add_audits(writer: Writer, drawn: Sequence[Audit]) -> None:
    """Keep what was drawn; a mail that is taken in again is not drawn again."""
    rows = [
        {
            "mail_id": audit.mail, "question": audit.question, "label": audit.label,
            "confidence": audit.confidence, "digest": audit.digest, "drawn_at": audit.drawn_at,
        }
        for audit in drawn
    ]  # fmt: skip
    add_missing(writer, audits, rows)


def count_drawn(connection: Connection, digest: str) -> dict[str, int]:
    """Label to the number of its verdicts that were drawn. Silence is no confirmation, so this is not their number."""
    query = select(audits.c.label, func.count()).where(audits.c.digest == digest).group_by(audits.c.label)
    return {row[0]: row[1] for row in connection.execute(query)}


def read_answers(connection: Connection, digest: str) -> list[Answer]:
    """Give what people said about a model's sample, in the order in which they said it."""
    said = and_(
        labels.c.mail_id == audits.c.mail_id,
        labels.c.question == audits.c.question,
        labels.c.said_at >= audits.c.drawn_at,
    )
    query = (
        select(audits, labels.c.value, mails.c.ticket_id)
        .join(labels, said)
        .join(mails, mails.c.id == audits.c.mail_id)
        .where(audits.c.digest == digest)
        .order_by(labels.c.said_at, labels.c.id)
    )
    newest: dict[int, Answer] = {}
    for row in connection.execute(query):
        newest.pop(row.id, None)
        audit = Audit(
            mail=row.mail_id, question=row.question, label=row.label, confidence=row.confidence, digest=row.digest,
            drawn_at=row.drawn_at,
        )  # fmt: skip
        newest[row.id] = Answer(audit=audit, value=row.value, ticket=row.ticket_id)
    return list(newest.values())


def last_label(connection: Connection) -> int:
    """Row of the newest label, or 0: as long as it is the same, nobody has said anything new."""
    newest: int = connection.execute(select(func.coalesce(func.max(labels.c.id), 0))).scalar_one()
    return newest
