"""Correct: an admin's word about a verdict is kept as a label, whether it contradicts the verdict or confirms it."""

from dataclasses import dataclass
from datetime import datetime

from maild.errors import ConfigurationError
from maild.process.questions import Questions, explain_label, read_label
from maild.store.engine import Connection
from maild.store.models.judged import find_judged
from maild.store.models.labels import Label, add_labels


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A label that was kept, beside what the model had said."""

    label: Label
    ticket: int | None

    @property
    def agrees(self) -> bool | None:
        """Whether the model had said the same; None where it had said nothing."""
        return None if self.label.verdict is None else self.label.verdict == self.label.value


def correct(
    connection: Connection,
    questions: Questions,
    *,
    question: str,
    value: str,
    said_by: str,
    now: datetime,
    ticket: int | None = None,
    mail: int | None = None,
) -> Correction:
    """Keep what an admin says about a mail, or about the first mail of a ticket; the ticket itself is not changed.

    Raises ConfigurationError for a label outside the desk's closed set, NotFound where there is no such mail or ticket.
    """
    meant = read_label(questions, question, value)
    if meant is None:
        raise ConfigurationError(f"{explain_label(questions, question, value)}. Nothing was kept.")
    judged = find_judged(connection, ticket=ticket, mail=mail)
    label = Label(
        question=question,
        value=meant,
        said_by=said_by,
        said_at=now,
        source="admin",
        mail=judged.mail,
        verdict=judged.verdicts.get(question),
    )
    add_labels(connection, [label])
    return Correction(label=label, ticket=judged.ticket)
