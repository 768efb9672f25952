"""A label file into the store: every row is checked first, then all are kept in one transaction, or none."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import islice

from maild.errors import Refused
from maild.history.complaints import Complaints
from maild.history.label_reading import NOTHING, LabelFile
from maild.history.label_rows import LabelRow, without_text
from maild.history.repeats import Repeats
from maild.mail.language import identify
from maild.process.desk import Desk
from maild.store.engine import Connection, Store, take_turn
from maild.store.erasing.erasures import newest_forgetting
from maild.store.erasing.tombstones import Copy, find_forgotten
from maild.store.models.labelled import NewExample, add_examples, count_labels, find_first_mails, find_mails, find_said
from maild.store.models.labels import Label, add_labels
from maild.store.tables.columns import storable

ROWS_AT_ONCE = 500

Tell = Callable[[str, int], None]
"""Hears what is done and how many rows are through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelsRead:
    """What a label file says."""

    rows: int
    labels: Mapping[str, Mapping[str, int]]
    """Question to label to how often."""

    repeated: int
    """Rows that say about a text what an earlier row has said."""

    contradicting: int
    contradictions: tuple[tuple[int, int], ...]
    """(row, earlier row) of the first ones that say something else about the same text; the later row counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelsKept:
    """What became of it."""

    of_mails: int
    """Rows about mails that this desk has."""

    of_examples: int
    """Rows with a text of their own."""

    labels: int
    """How many were new."""

    forgotten: int = 0
    """Rows with a text of somebody who was forgotten: it was not kept."""


def check_labels(file: LabelFile, tell: Tell = lambda _what, _rows: None) -> LabelsRead:
    """Read the whole file and change nothing. Raises Refused with every complaint."""
    complaints, repeats = Complaints(file.path), Repeats()
    counts: dict[str, Counter[str]] = {}
    rows = 0
    for rows, row in enumerate(file.read(complaints), start=1):
        for question, label in row.labels:
            counts.setdefault(question, Counter())[label] += 1
            if row.said_at is None:
                repeats.note(row.number, f"{_identity(row)} {question}", label)
        tell("checking", rows)
    complaints.refuse(NOTHING)
    if not rows:
        complaints.add("no row has a label")
        complaints.refuse(NOTHING)
    again, otherwise = repeats.find()
    return LabelsRead(
        rows=rows,
        labels={question: dict(sorted(count.items())) for question, count in sorted(counts.items())},
        repeated=len(again),
        contradicting=len(otherwise),
        contradictions=tuple(otherwise[:20]),
    )


def import_labels(
    store: Store, desk: Desk, file: LabelFile, *, by: str, tell: Tell = lambda _what, _rows: None
) -> LabelsKept:
    """Keep what the file says, in one transaction; `by` says it where the file does not say who. Said twice is kept once.

    Raises Refused with every complaint; then nothing was kept.
    """

    def keep_all(connection: Connection) -> LabelsKept:
        keeping, since = _Keeping(connection, desk, file, by), newest_forgetting(connection)
        before = count_labels(connection)
        rows = 0
        for batch in _batches(file.read(keeping.complaints)):
            keeping.keep(batch)
            rows += len(batch)
            tell("keeping", rows)
        keeping.complaints.refuse(NOTHING)
        take_turn(connection)  # not before: a million rows would keep the desk waiting
        if newest_forgetting(connection) != since:
            raise Refused(
                f"Somebody was forgotten while the file was read, and may be in it. {NOTHING}. Import it again."
            )
        added = count_labels(connection) - before
        return LabelsKept(
            of_mails=keeping.of_mails, of_examples=keeping.of_examples, labels=added, forgotten=keeping.forgotten
        )

    return store.transact(keep_all)


class _Keeping:
    """One run over the file, inside its transaction."""

    def __init__(self, connection: Connection, desk: Desk, file: LabelFile, by: str) -> None:
        self.connection, self.desk, self.now, self.by = connection, desk, file.now, by
        self.complaints = Complaints(file.path)
        self.of_mails = self.of_examples = self.forgotten = 0

    def keep(self, batch: Sequence[LabelRow]) -> None:
        """Keep some rows; what cannot be kept is complained about."""
        mails = self._find_mails(batch)
        others = [row for row in batch if row.number not in mails]
        own = self._without_forgotten([row for row in others if row.has_text])
        for row in others:
            if not row.has_text:
                column = next((name for name in ("digest", "message_id", "ticket") if getattr(row, name)), "text")
                words, of_several = without_text(row)
                self.complaints.add(words, row=row.number, column=column, of_several=of_several)
        examples = self._add_examples(own)
        about = {number: ("mail", mail) for number, mail in mails.items()}
        about |= {number: ("example", example) for number, example in examples.items()}
        self.of_mails += len(mails)
        self.of_examples += len(examples)
        self._add_labels([row for row in batch if row.number in about], about)

    def _find_mails(self, batch: Sequence[LabelRow]) -> dict[int, int]:
        by_digest, by_message_id = find_mails(
            self.connection,
            digests=[row.digest for row in batch if row.digest],
            message_ids=[row.message_id for row in batch if row.message_id],
        )
        bare = {row.number: number for row in batch if (number := self._ticket_alone(row)) is not None}
        first = find_first_mails(self.connection, bare.values())
        found = {
            row.number: by_digest.get(row.digest or "")
            or by_message_id.get(row.message_id or "")
            or first.get(bare.get(row.number, 0))
            for row in batch
        }
        return {number: mail for number, mail in found.items() if mail}

    def _without_forgotten(self, rows: Sequence[LabelRow]) -> Sequence[LabelRow]:
        """A file that was exported before somebody was forgotten brings nothing of theirs back."""
        copies = [Copy(digest=row.digest or "", message_id=row.message_id, written_at=row.written_at) for row in rows]
        gone = find_forgotten(self.connection, copies)
        self.forgotten += len(gone)
        return [row for place, row in enumerate(rows) if place not in gone]

    def _ticket_alone(self, row: LabelRow) -> int | None:
        """The ticket of this desk, where a row knows its text by nothing else: another desk has numbers of its own."""
        if row.ticket is None or row.has_text or row.digest or row.message_id:
            return None
        digits = row.ticket.casefold().removeprefix(f"{self.desk.prefix}-".casefold())
        return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None  # noqa: PLR2004 - the digits of a 64-bit number

    def _add_examples(self, rows: Iterable[LabelRow]) -> dict[int, int]:
        named = [(row, _identity(row)) for row in rows]
        there = add_examples(
            self.connection, [_example(row, identity, self.desk.languages) for row, identity in named], now=self.now
        )
        for row, identity in named:
            _, subject, text = there[identity]
            if (subject, text) != (storable(row.subject), storable(row.text)):
                known = row.name or row.digest or row.message_id
                self.complaints.add(
                    f"{known} is known with another text, from an earlier row or import",
                    row=row.number,
                    column="text",
                    of_several="known with another text, from an earlier row or import",
                )
        return {row.number: there[identity][0] for row, identity in named}

    def _add_labels(self, rows: Sequence[LabelRow], about: Mapping[int, tuple[str, int]]) -> None:
        ids = {kind: [place[1] for place in about.values() if place[0] == kind] for kind in ("mail", "example")}
        said = dict(find_said(self.connection, mail_ids=ids["mail"], example_ids=ids["example"]))
        new: list[Label] = []
        for row in rows:
            kind, place = about[row.number]
            by = row.said_by or self.by
            for question, value in row.labels:
                key = (kind, place, question)
                if row.said_at is None and said.get(key) == (value, by):
                    continue
                said[key] = (value, by)
                new.append(_label(row, question, value, by, row.said_at or self.now, **{kind: place}))
        add_labels(self.connection, new)


def _label(row: LabelRow, question: str, value: str, by: str, at: datetime, **about: int) -> Label:
    return Label(
        question=question, value=value, said_by=by, said_at=at, source=row.source, verdict=row.verdict, **about
    )


def _batches(rows: Iterator[LabelRow]) -> Iterator[list[LabelRow]]:
    while batch := list(islice(rows, ROWS_AT_ONCE)):
        yield batch


def _identity(row: LabelRow) -> str:
    """What the file knows the text by; a text without a name is known by its own words."""
    known = next(
        (
            [kind, value]
            for kind, value in (("id", row.name), ("digest", row.digest), ("message_id", row.message_id))
            if value
        ),
        ["text", row.subject, row.text, row.ticket, row.group],
    )
    return sha256(json.dumps(known).encode()).hexdigest()


def _example(row: LabelRow, identity: str, languages: Sequence[str]) -> NewExample:
    """A text of the row's own; its language is found out where the file does not name it, as that of a mail is."""
    return NewExample(
        identity=identity,
        name=row.name,
        message_id=row.message_id,
        digest=row.digest,
        ticket=row.ticket,
        group=row.group,
        subject=row.subject,
        text=row.text,
        language=row.language or identify(row.text, languages) or identify(f"{row.subject}\n{row.text}", languages),
        written_at=row.written_at,
    )
