"""What models said about stored mails, with the texts: from which drift is measured."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from maild.store.tables import mails

ROWS_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedText:
    """One mail of a person, and the verdict on one question."""

    arrived_at: datetime
    subject: str
    new_text: str
    language: str | None
    label: str | None
    confidence: float | None
    ticket: int | None


def read_judged(
    connection: Connection, question: str, *, since: datetime, until: datetime, most: int
) -> Iterator[JudgedText]:
    """Give mails that were asked the question, newest first, `most` of those that arrived in this time."""
    columns = (
        mails.c.arrived_at,
        mails.c.subject,
        mails.c.new_text,
        mails.c.language,
        mails.c.verdicts,
        mails.c.ticket_id,
    )
    query = (
        select(*columns)
        .where(mails.c.arrived_at >= since, mails.c.arrived_at < until, mails.c.verdicts.is_not(None))
        .order_by(mails.c.id.desc())
        .limit(most)
    )
    for row in connection.execution_options(yield_per=ROWS_AT_ONCE).execute(query):
        verdict = _verdict(row.verdicts, question)
        if verdict is not None:
            yield JudgedText(
                arrived_at=row.arrived_at,
                subject=row.subject or "",
                new_text=row.new_text or "",
                language=row.language,
                label=verdict.get("label"),
                confidence=verdict.get("confidence"),
                ticket=row.ticket_id,
            )


def _verdict(verdicts: Any, question: str) -> dict[str, Any] | None:
    return next((each for each in verdicts or () if each.get("question") == question), None)
