"""Labelled texts for an evaluation: of the desk's own history, or of a file that is only read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from maild.classify.evaluation.cases import Case
from maild.history.complaints import Complaints
from maild.history.label_reading import LabelFile
from maild.history.label_rows import LabelRow
from maild.store.engine import Connection
from maild.store.models.labels import read_examples

Cases = Mapping[str, Sequence[Case]]
"""Question to its labelled texts."""


def read_history(connection: Connection, questions: Sequence[str]) -> Cases:
    """Give the desk's labelled history, each question's newest labels, and priority where both its parts are labelled."""
    named = {
        question: {
            ("mail" if row.mail else "example", row.mail or row.example): Case(
                subject=row.subject,
                new_text=row.new_text,
                language=row.language,
                labels={question: row.label},
                group=row.group,
                at=row.at,
                source=row.source,
                said=row.verdict,
            )
            for row in read_examples(connection, question)
        }
        for question in questions
    }
    return {question: list(cases.values()) for question, cases in named.items()}


def read_file(file: LabelFile) -> Cases:
    """Read a file of labels, of which every row must be right. Raises Refused with every complaint."""
    complaints = Complaints(file.path)
    found: dict[str, list[Case]] = {}
    for row in file.read(complaints):
        if not row.has_text:
            complaints.add("no text of its own to evaluate on: give subject or text", row=row.number)
            continue
        for case in _cases(row):
            for question in case.labels:
                found.setdefault(question, []).append(case)
    complaints.refuse("Nothing was evaluated")
    return found


def with_priority(cases: Cases, matrix: Mapping[tuple[int, int], int]) -> Cases:
    """Add priority, as the matrix answers it, for the texts of which both urgency and impact are labelled."""
    urgency = {(case.text, case.group): case for case in cases.get("urgency", ())}
    both = [
        replace(case, labels={"priority": str(of_both)}, said=None)
        for case in cases.get("impact", ())
        if (other := urgency.get((case.text, case.group)))
        and (of_both := matrix.get((int(other.labels["urgency"]), int(case.labels["impact"]))))
    ]
    return {**cases, "priority": both} if both else cases


def _cases(row: LabelRow) -> Iterator[Case]:
    yield Case(
        subject=row.subject,
        new_text=row.text,
        language=row.language,
        labels=dict(row.labels),
        group=row.group or row.ticket or row.name or f"{row.subject}\n{row.text}",
        at=row.written_at,
        source=row.source,
        said=row.verdict if len(row.labels) == 1 else None,
    )
