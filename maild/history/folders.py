"""Folders of mails, a file each: Maildir, or any folder of .eml files."""

import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from maild.history.dates import EARLIEST, HEADER_OCTETS, find_date, in_order
from maild.history.line_ends import as_mail
from maild.history.past_mail import Archive, PastMail, Tell

SOURCE_SUFFIXES = frozenset({".eml"})
DELIVERED = ("cur", "new")
"""Where a Maildir keeps its mails; `tmp` holds what has never arrived."""


def is_maildir(path: Path) -> bool:
    """Whether the folder, or one in it, is a Maildir."""
    return any(True for _ in _maildirs(path))


def open_maildir(path: Path, latest: datetime, tell: Tell) -> Archive:
    """Find every mail of the Maildir and of the folders in it (Maildir++)."""
    boxes = [box / name for box in sorted(_maildirs(path)) for name in DELIVERED]
    return _archive("Maildir", path, (file for box in boxes for file in _files(box)), latest, tell)


def open_files(path: Path, latest: datetime, tell: Tell) -> Archive:
    """Find every .eml below the folder, or take the one file."""
    if path.is_file():
        return _archive("mail", path.parent, [path], latest, tell)
    wanted = (file for file in _below(path) if file.suffix.casefold() in SOURCE_SUFFIXES)
    return _archive("folder of mails", path, wanted, latest, tell)


def _archive(kind: str, root: Path, files: Iterable[Path], latest: datetime, tell: Tell) -> Archive:
    places = in_order(_scan(files, latest, tell))
    return Archive(kind=kind, count=len(places), mails=partial(_read, root, places))


def _scan(files: Iterable[Path], latest: datetime, tell: Tell) -> Iterator[tuple[datetime | None, Path]]:
    for number, listed in enumerate(files, start=1):
        file = _found(listed)
        if file is None:
            continue  # deleted since it was listed
        with file.open("rb") as opened:
            header = opened.read(HEADER_OCTETS)
            changed_at = datetime.fromtimestamp(os.fstat(opened.fileno()).st_mtime, UTC)
        yield find_date(header, latest) or max(EARLIEST, min(changed_at, latest)), file
        tell("looking", number, None)


def _read(root: Path, places: Sequence[tuple[datetime | None, Path]]) -> Iterator[PastMail]:
    for at, file in places:
        place = os.fsencode(file.relative_to(root)).decode("utf-8", "replace")
        there = _found(file)
        yield PastMail(place=place, size=there.stat().st_size if there else 0, at=at, read=partial(_source, file))


def _source(file: Path) -> bytes:
    return as_mail((_found(file) or file).read_bytes())


def _found(file: Path) -> Path | None:
    """Where it is now: people read, move and delete mail in a Maildir meanwhile; what stands before the colon of its name stays."""
    if file.exists():
        return file
    if file.parent.name not in DELIVERED:
        return None
    boxes = (file.parent.with_name(name) for name in DELIVERED)
    return next((other for box in boxes for other in box.iterdir() if _unique(other) == _unique(file)), None)


def _unique(file: Path) -> str:
    return file.name.partition(":")[0]


def _maildirs(path: Path) -> Iterator[Path]:
    for folder, names, _ in os.walk(path):
        if set(DELIVERED) <= set(names):
            yield Path(folder)
            names[:] = [name for name in names if name not in {*DELIVERED, "tmp"}]


def _below(path: Path) -> Iterator[Path]:
    for folder, names, files in os.walk(path):
        names.sort()
        yield from (Path(folder, name) for name in sorted(files) if Path(folder, name).is_file())


def _files(box: Path) -> Iterator[Path]:
    """Hidden files are the server's own."""
    yield from sorted(file for file in box.iterdir() if file.is_file() and not file.name.startswith("."))
