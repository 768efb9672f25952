"""A row of a label file: whose text, which labels, said by whom and when."""

from dataclasses import dataclass
from datetime import datetime

COLUMNS = (
    "id",
    "message_id",
    "digest",
    "ticket",
    "group",
    "subject",
    "text",
    "language",
    "written_at",
    "question",
    "label",
    "said_by",
    "said_at",
    "source",
    "verdict",
)
"""What an export writes and an import reads; instead of `question` and `label`, columns may bear questions' names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelRow:
    """A row whose cells are right; whether its mail is there is for the store to say."""

    number: int
    labels: tuple[tuple[str, str], ...]
    """(question, label)"""

    name: str | None
    """Its `id`: by what the file knows the text."""

    message_id: str | None
    digest: str | None
    ticket: str | None
    group: str | None
    subject: str
    text: str
    language: str | None
    written_at: datetime | None
    said_by: str | None
    said_at: datetime | None
    source: str
    verdict: str | None

    @property
    def has_text(self) -> bool:
        """Whether it can be learnt from without a mail."""
        return bool(self.subject.strip() or self.text.strip())


def without_text(row: LabelRow) -> tuple[str, str]:
    """What is said of one such row, and of several."""
    lacks, name = "has no text of its own to learn from", row.digest or row.message_id
    if name is None and row.ticket is None:
        words = f"the row {lacks}, and names no mail or ticket"
        return words, words
    kind, known = ("mail", name) if name else ("ticket", row.ticket)
    return f"no {kind} {known} has come in, and the row {lacks}", f"no such {kind} has come in, and the row {lacks}"
