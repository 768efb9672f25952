"""Read a label file row by row; every cell is checked, and what is wrong is complained about."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from difflib import get_close_matches
from pathlib import Path

from maild.history.complaints import Complaints
from maild.history.formulas import from_words
from maild.history.label_rows import COLUMNS, LabelRow
from maild.history.moments import read_moment
from maild.history.rows import Row, read_columns, read_rows
from maild.process.questions import Questions, explain_label, read_label
from maild.store.models.labels import SOURCES

MOST = {
    "id": 1_000,
    "message_id": 1_000,
    "ticket": 200,
    "group": 1_000,
    "subject": 10_000,
    "text": 1_000_000,
    "language": 8,
    "said_by": 320,
    "verdict": 100,
}
"""Characters of a cell."""

DIGEST_CHARACTERS = 64
AHEAD = timedelta(days=1)
"""How far another machine's clock may be ahead: a label of the future would count for ever."""

KNOWS_A_TEXT = ("message_id", "digest", "ticket", "subject", "text")
NOTHING = "Nothing was imported"


@dataclass(frozen=True, kw_only=True)
class LabelFile:
    """A label file, and what its rows are checked against."""

    path: Path
    questions: Questions
    now: datetime
    renamed: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """(question, label as the file writes it, case folded) to the desk's own label; empty: leave it out."""

    zone: tzinfo = UTC
    """Of times that name none."""

    def read(self, complaints: Complaints) -> Iterator[LabelRow]:
        """Give the rows whose cells are all right. Raises Refused for wrong columns, and where it is no table at all."""
        columns = read_columns(self.path)
        if columns is not None:
            self._check_columns(columns, complaints, row=1)
            complaints.refuse(NOTHING)
        for row in _as_meant(read_rows(self.path), is_table=columns is not None):
            before = complaints.count
            for column, words in row.wrong:
                complaints.add(words, row=row.number, column=column)
            if columns is None and not row.wrong:
                self._check_columns(tuple(row.cells), complaints, row=row.number)
            read = _Cells(self, row, complaints).read() if complaints.count == before else None
            if read is not None and complaints.count == before:
                yield read

    def _check_columns(self, names: tuple[str, ...], complaints: Complaints, *, row: int) -> None:
        known = (*COLUMNS, *self.questions)
        for name in names:
            if name not in known:
                near = get_close_matches(name, known, n=1)
                guess = f"is {near[0]} meant? " if near else ""
                complaints.add(f"{name!r} is no column of labels; {guess}known are {', '.join(known)}", row=row)
        if not {"question", "label"} <= set(names) and not set(self.questions) & set(names):
            words = "no label: give the columns question and label, or columns named after questions"
            complaints.add(f"{words} ({', '.join(self.questions)})", row=row)
        if not set(KNOWS_A_TEXT) & set(names):
            complaints.add(f"no text: give one of the columns {', '.join(KNOWS_A_TEXT)}", row=row)


def _as_meant(rows: Iterator[Row], *, is_table: bool) -> Iterator[Row]:
    """What an export, or a spreadsheet, has kept from being a formula is the words again."""
    for row in rows:
        yield replace(row, cells={name: from_words(cell) for name, cell in row.cells.items()}) if is_table else row


class _Cells:
    """The cells of one row, while they are read."""

    def __init__(self, file: LabelFile, row: Row, complaints: Complaints) -> None:
        self.file, self.row, self.complaints = file, row, complaints

    def read(self) -> LabelRow | None:
        """Give the row; None where it says nothing. What is wrong is complained about."""
        labels = tuple(self._labels())
        if not labels:
            return None
        self._check_lengths()
        return LabelRow(
            number=self.row.number,
            labels=labels,
            name=self._word("id"),
            message_id=self._word("message_id"),
            digest=self._digest(),
            ticket=self._word("ticket"),
            group=self._word("group"),
            subject=self.row.cells.get("subject", ""),
            text=self.row.cells.get("text", ""),
            language=self._language(),
            written_at=self._moment("written_at"),
            said_by=self._word("said_by"),
            said_at=self._moment("said_at"),
            source=self._source(),
            verdict=self._word("verdict"),
        )

    def _labels(self) -> Iterator[tuple[str, str]]:
        for name in self.file.questions:
            yield from self._label(name, name, self._word(name))
        question, label = self._word("question"), self._word("label")
        if question is None and label is not None:
            self._complain("question", "there is a label, and no question that it answers")
        elif question is not None:
            yield from self._label(question.casefold(), "label", label)

    def _label(self, question: str, column: str, written: str | None) -> Iterator[tuple[str, str]]:
        if written is None:
            return
        renamed = self.file.renamed.get((question, written.casefold()), written)
        meant = read_label(self.file.questions, question, renamed)
        if meant is not None:
            yield question, meant
        elif renamed:
            self._complain(column, explain_label(self.file.questions, question, renamed))

    def _check_lengths(self) -> None:
        for column, most in MOST.items():
            if len(self.row.cells.get(column, "")) > most:
                self._complain(column, f"{len(self.row.cells[column]):,} characters; at most {most:,} are allowed")

    def _digest(self) -> str | None:
        written = self._word("digest")
        if written is None:
            return None
        digest = written.casefold()
        if len(digest) != DIGEST_CHARACTERS or set(digest) - set("0123456789abcdef"):
            how = "is no SHA-256: 64 hexadecimal digits"
            self._complain("digest", f"{written!r} {how}", f"what stands there {how}")
        return digest

    def _language(self) -> str | None:
        written = self._word("language")
        if written is not None and not (written.isascii() and written.replace("-", "").isalpha()):
            self._complain("language", f"{written!r} is no language; write a code such as en or de")
        return written.casefold() if written else None

    def _source(self) -> str:
        written = (self._word("source") or "import").casefold()
        if written not in SOURCES:
            self._complain("source", f"{written!r} is no source; allowed are {', '.join(sorted(SOURCES))}")
        return written

    def _moment(self, column: str) -> datetime | None:
        written = self._word(column)
        if written is None:
            return None
        at = read_moment(written, self.file.zone)
        if at is None:
            how = "is no time; write 2026-03-02T09:30:00Z or 2026-03-02"
            self._complain(column, f"{written!r} {how}", f"what stands there {how}")
        elif at > self.file.now + AHEAD:
            self._complain(column, f"{written!r} is in the future", "what stands there is in the future")
        return at

    def _word(self, column: str) -> str | None:
        return self.row.cells.get(column, "").strip() or None

    def _complain(self, column: str, words: str, of_several: str | None = None) -> None:
        self.complaints.add(words, row=self.row.number, column=column, of_several=of_several)
