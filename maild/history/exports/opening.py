"""The export of another system as an archive: every ticket is understood before the first mail of any comes in."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

from maild.errors import Refused
from maild.history.complaints import Complaints
from maild.history.exports.book import COMMENT, TICKET, Book, System
from maild.history.exports.documents import LINES, SUFFIXES, export_files, read_records
from maild.history.exports.facts import Facts
from maild.history.exports.letters import count_letters, write_letters
from maild.history.exports.marks import Reader
from maild.history.exports.past_ticket import PastTicket
from maild.history.exports.spool import Place, Spool
from maild.history.exports.systems import SYSTEMS
from maild.history.folders import is_maildir
from maild.history.past_mail import Archive, PastMail, Tell

NOTHING = "Nothing was imported"
GLANCED_AT = 25
"""Records from which a system is recognised."""


def find_system(path: Path) -> System | None:
    """The system that wrote it, told by the first records that are a ticket of one; None: it is no export."""
    complaints = Complaints(path)
    for file in islice(export_files(path), GLANCED_AT):
        for record in islice(read_records(file, complaints), GLANCED_AT):
            for system in SYSTEMS.values():
                if system.kind(record) == TICKET:
                    return system
    if path.suffix.casefold() not in LINES:
        complaints.refuse(NOTHING)
    return None


def may_be_export(path: Path) -> bool:
    """Whether there is JSON, and no mail beside it."""
    if path.is_dir():
        has_mail = is_maildir(path) or any(path.rglob("*.eml"))
        return not has_mail and bool(export_files(path))
    return path.is_file() and path.suffix.casefold() in SUFFIXES


@dataclass(kw_only=True)
class Export:
    """An export, and what it is read by."""

    path: Path
    system: System
    desk: str
    """The desk's address: the tickets were written to it."""

    reader: Reader
    spool: Spool
    latest: datetime
    book: Book = field(init=False)
    files: int = 0
    """Attachments that it only names."""

    def __post_init__(self) -> None:
        """Begin with an empty book."""
        self.book = Book(system=self.system.name)
        self._tickets: dict[str, Place] = {}
        self._comments: dict[str, list[Place]] = {}

    def open(self, tell: Tell) -> Archive:
        """Read all of it, and build every ticket once. Raises Refused with every complaint."""
        try:
            return self._open(Complaints(self.path), tell)
        except OSError as error:
            raise Refused(f"{self.path} cannot be read: {error.strerror or error}. {NOTHING}.") from error

    def _open(self, complaints: Complaints, tell: Tell) -> Archive:
        self._sort_in(complaints, tell)
        complaints.refuse(NOTHING)
        began: list[tuple[datetime, str]] = []
        count = 0
        for known in self._tickets:
            ticket = self._build(known, complaints)
            if ticket is not None:
                began.append((ticket.comments[0].at, known))
                count += count_letters(ticket)
                self.reader.count(ticket.marks)
                self.files += ticket.files
            tell("checking", len(began), len(self._tickets))
        complaints.refuse(NOTHING)
        if not began:
            raise Refused(f"{self.path}: there is no ticket in it ({self.system.asked_for}). {NOTHING}.")
        order = [known for _, known in sorted(began)]
        return Archive(kind=self.system.title, count=count, mails=lambda: self._mails(order))

    def _sort_in(self, complaints: Complaints, tell: Tell) -> None:
        for count, record in enumerate(read_records(self.path, complaints), start=1):
            kind = self.system.kind(record)
            if kind == TICKET:
                known = str(record.fields.get("display_id") or record.fields.get("id") or record.place)
                self._tickets[known] = self._put(record.place, record.fields)
            elif kind == COMMENT:
                known = self.system.ticket_of(record)
                if not known:
                    complaints.add("it names no ticket (ticket_id), nor does the file's name", place=record.place)
                self._comments.setdefault(known, []).append(self._put(record.place, record.fields))
            elif kind is not None:
                self.book.keep(kind, record.fields)
            tell("looking", count, None)

    def _put(self, place: str, fields: object) -> Place:
        return self.spool.put({"place": place, "fields": fields})

    def _facts(self, place: Place, what: str, complaints: Complaints) -> Facts:
        read = self.spool.read(place)
        return Facts(read["fields"], f"{read['place']}{what}", complaints, self.latest)

    def _build(self, known: str, complaints: Complaints) -> PastTicket | None:
        ticket = self._facts(self._tickets[known], f" (ticket {known})", complaints)
        apart = [self._facts(place, f" (of ticket {known})", complaints) for place in self._comments.get(known, ())]
        before = complaints.count
        built = self.system.build(ticket, apart, self.book)
        return built if complaints.count == before else None

    def _mails(self, order: Sequence[str]) -> Iterator[PastMail]:
        """What was understood once is understood again."""
        complaints = Complaints(self.path)
        for known in order:
            ticket = self._build(known, complaints)
            if ticket is not None:
                yield from self._mails_of(ticket)

    def _mails_of(self, ticket: PastTicket) -> Iterator[PastMail]:
        labels = self.reader.read(ticket.marks)
        told = f"{self.system.title}, ticket {ticket.known}: {', '.join(str(mark) for mark in ticket.marks)}"
        letters = write_letters(ticket, system=self.system.name, desk=self.desk)
        for place, (part, message_id, comment, source) in enumerate(letters):
            yield PastMail(
                place=f"ticket {ticket.known}, {comment.known}",
                size=len(source),
                at=comment.at,
                read=_giving(source),
                labels=labels if place == 0 else {},
                part=part,
                message_id=message_id,
                told=told if place == 0 else "",
            )


def _giving(source: bytes) -> Callable[[], bytes]:
    return lambda: source
