"""A table of past tickets: each row becomes the mails that it may have been, which go the way of all mails."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from functools import partial
from pathlib import Path
from types import MappingProxyType

from maild.errors import Refused
from maild.history.complaints import Complaints
from maild.history.dates import EARLIEST
from maild.history.moments import read_moment
from maild.history.past_mail import Archive, PastMail, Tell
from maild.history.rows import Row, read_columns, read_rows
from maild.history.table_mails import Letters
from maild.process.past import Part
from maild.process.questions import Questions, explain_label, read_label

ALSO_CALLED: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "id": ("number", "ticket", "ticket_id", "ticket_number", "key", "case"),
        "client": ("requester", "requester_email", "customer", "customer_email", "email", "from", "reporter", "sender"),
        "client_name": ("requester_name", "customer_name", "name"),
        "subject": ("title", "summary"),
        "text": ("description", "body", "message", "content"),
        "written_at": ("date", "created", "created_at", "opened_at", "created_on"),
        "answer": ("solution", "resolution", "reply"),
        "assignee": ("owner", "assigned_to", "agent"),
        "answered_at": ("solved_at", "resolved_at", "closed_at", "closed", "resolved"),
    }
)
"""Column to the names under which other systems export it."""

NEEDED = ("client", "text")
LEFT_OUT = "-"
"""Stands for a column of ours that the file has under this name and with another meaning."""

NOTHING = "Nothing was imported"
_ADDRESS = re.compile(r"[^\s@<>,;:\"()]{1,64}@[^\s@<>,;:\"()]{1,255}")


@dataclass(frozen=True, kw_only=True)
class PastTable:
    """A CSV file or JSON lines of past tickets, and what its labels are checked against."""

    path: Path
    desk: str
    """The desk's address: the tickets were written to it."""

    questions: Questions
    latest: datetime
    columns: Mapping[str, str] = field(default_factory=dict)
    """Column of ours to the name that this file has for it, or LEFT_OUT."""

    renamed: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """As in LabelFile."""

    zone: tzinfo
    """Of times that name none."""

    def open(self, tell: Tell) -> Archive:
        """Check every row. Raises Refused with every complaint."""
        complaints = Complaints(self.path)
        count = 0
        for count, _ in enumerate(self._read(complaints), start=1):
            tell("looking", count, None)
        complaints.refuse(NOTHING)
        return Archive(kind="table of tickets", count=count, mails=partial(self._read, Complaints(self.path)))

    def _read(self, complaints: Complaints) -> Iterator[PastMail]:
        header = read_columns(self.path)
        names = self._names(header) if header is not None else None
        self._check_needed(header, names)
        for row in read_rows(self.path):
            for column, words in row.wrong:
                complaints.add(words, row=row.number, column=column)
            if not row.wrong:
                found = names or self._names(tuple(row.cells))
                yield from _Ticket(self, row, found, complaints).read()

    def _names(self, header: Sequence[str]) -> Mapping[str, str]:
        """Column of ours to the column of the file."""
        wanted = {ours: "_".join(theirs.casefold().split()) for ours, theirs in self.columns.items()}
        names = {ours: theirs for ours, theirs in wanted.items() if theirs in header}
        for ours, others in ALSO_CALLED.items():
            found = next((name for name in (ours, *others) if name in header), None)
            if found and ours not in wanted:
                names[ours] = found
        return names | {name: name for name in self.questions if name in header and name not in wanted}

    def _check_needed(self, header: Sequence[str] | None, names: Mapping[str, str] | None) -> None:
        """Of a CSV; rows of JSON lines name their own columns, and are asked one by one."""
        if header is None or names is None:
            return
        asked = (*NEEDED, *(ours for ours, theirs in self.columns.items() if theirs != LEFT_OUT))
        missing = [ours for ours in asked if ours not in names]
        if missing:
            raise Refused(
                f"{self.path}: no column for {', '.join(dict.fromkeys(missing))} (there are {', '.join(header)}); name it:"
                f" --column {missing[0]}=THEIR-NAME. Texts without a client are for `maild labels import`. {NOTHING}."
            )


class _Ticket:
    """One row, while it is read."""

    def __init__(self, table: PastTable, row: Row, names: Mapping[str, str], complaints: Complaints) -> None:
        self.table, self.row, self.names, self.complaints = table, row, names, complaints

    def read(self) -> Iterator[PastMail]:
        """Give its mails; none where something is wrong, which is complained about."""
        before = self.complaints.count
        client, at, answered_at = self._client(), self._moment("written_at"), self._moment("answered_at")
        labels = dict(self._labels())
        if not (self._cell("subject").strip() or self._cell("text").strip()):
            self._complain("text", "there is no text")
        if self.complaints.count > before or client is None:
            return
        letters = self._letters(client, at)
        yield self._mail(letters.question(), at, labels, Part.QUESTION)
        if answer := self._cell("answer").strip():
            yield self._mail(
                letters.answer(answer, answered_at or at, by=self._cell("assignee")),
                answered_at or at,
                {},
                None,
            )

    def _mail(self, source: bytes, at: datetime | None, labels: Mapping[str, str], part: Part | None) -> PastMail:
        place = f"row {self.row.number:,}"
        return PastMail(place=place, size=len(source), at=at, read=lambda: source, labels=labels, part=part)

    def _letters(self, client: str, at: datetime | None) -> Letters:
        return Letters(
            desk=self.table.desk,
            client=client,
            client_name=self._cell("client_name"),
            known=self._cell("id").strip(),
            subject=self._cell("subject"),
            text=self._cell("text"),
            at=at,
        )

    def _client(self) -> str | None:
        written = self._cell("client").strip().rpartition("<")[2].rstrip("> ")
        if not (written.isascii() and _ADDRESS.fullmatch(written)):
            if written:
                self._complain("client", f"{written!r} is no address", "what stands there is no address")
            else:
                self._complain("client", "there is no client")
            return None
        return written

    def _moment(self, column: str) -> datetime | None:
        written = self._cell(column).strip()
        if not written:
            return None
        at = read_moment(written, self.table.zone)
        if at is None:
            how = "is no time; write 2026-03-02T09:30:00Z or 2026-03-02"
            self._complain(column, f"{written!r} {how}", f"what stands there {how}")
        elif not EARLIEST <= at <= self.table.latest:
            how = "is not between 1980 and now"
            self._complain(column, f"{written!r} {how}", f"what stands there {how}")
        return at

    def _labels(self) -> Iterator[tuple[str, str]]:
        for question in self.table.questions:
            written = self._cell(question).strip()
            renamed = self.table.renamed.get((question, written.casefold()), written)
            meant = read_label(self.table.questions, question, renamed) if renamed else None
            if meant is not None:
                yield question, meant
            elif renamed:
                why = explain_label(self.table.questions, question, renamed)
                self._complain(
                    question, f"{why}; --rename gives it a label, --column {question}={LEFT_OUT} leaves the column out"
                )

    def _cell(self, column: str) -> str:
        return self.row.cells.get(self.names.get(column, ""), "")

    def _complain(self, column: str, words: str, of_several: str | None = None) -> None:
        column = self.names.get(column, column)
        self.complaints.add(words, row=self.row.number, column=column, of_several=of_several)
