"""What the encoder made of texts, kept from one training to the next: numbers by the digest of a text, and never code."""

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

import numpy as np

from maild.classify.encoder.kept_file import MOST_ROWS, Halves, Kept, mark_of, read_kept, write_kept
from maild.classify.encoder.sentences import Encoder, Sense, reading_of
from maild.classify.telling import Tell
from maild.errors import Refused

_STEP = 1_000
"""New texts after which it is told how far reading has come, and kept what has been read: a night may be cut short."""

_STALE_SECONDS = 3_600
"""What nobody has finished writing by then was left by a process that died."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Where it is kept, beside a database that may have other machines."""

    folder: Path
    forgotten: int
    """Number of the newest forgetting in the database, read before the labels: what is of another one is not used."""

    newest: Callable[[], int]
    """The same number as it is now. Raises Refused where the database does not say."""

    tell: Tell

    def file_of(self, question: str) -> Path:
        """Where it stands for one question."""
        return self.folder / f"{question}.npz"

    def keep(self, question: str, reading: str, rows: Mapping[bytes, Halves]) -> None:
        """Write them down, unless somebody has been forgotten meanwhile, who may have written some of the texts."""
        file, some = self.file_of(question), dict(islice(rows.items(), MOST_ROWS))
        try:
            _prepare(self.folder)
            write_kept(file, Kept(reading=reading, forgotten=self.forgotten, rows=some))
        except (OSError, MemoryError) as error:
            self.tell(f"what the sentence encoder has read is not kept, so the next training reads it again: {error}")
            return
        # Only now: whoever is forgotten after this deletes the file himself.
        if not self._is_as_it_was():
            self.delete(file, "somebody was forgotten meanwhile: what the sentence encoder has read is not kept")

    def delete(self, file: Path, because: str) -> None:
        """Say why, and that it is still there where it is."""
        try:
            file.unlink(missing_ok=True)
            self.tell(because)
        except OSError as error:
            self.tell(f"{because}; but {file} could not be deleted, do it by hand: {error}")

    def _is_as_it_was(self) -> bool:
        try:
            return self.newest() == self.forgotten
        except Refused:
            return False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Memory:
    """What one training asks for."""

    encoder: Encoder
    shelf: Shelf
    question: str | None = None
    """For which it is kept; None: nothing is."""

    known: dict[bytes, Halves] = field(default_factory=dict)
    """From earlier trainings, of any question."""

    asked: dict[bytes, Halves] = field(default_factory=dict)
    new: set[bytes] = field(default_factory=set)

    def encode(self, text: str) -> Sense:
        """As the encoder, which is asked where no training has asked it before."""
        if not self.asked:
            self.known.update(_read_all(self.shelf, self.encoder))
        mark = mark_of(text)
        if mark not in self.asked:
            self.asked[mark] = self.known[mark] if mark in self.known else self._read(mark, text)
        return self.asked[mark].astype(np.float32)

    def keep(self, rows: Mapping[bytes, Halves]) -> None:
        """Write them down, where there are any."""
        if self.question is not None and rows:
            self.shelf.keep(self.question, reading_of(self.encoder), rows)

    def _read(self, mark: bytes, text: str) -> Halves:
        self.new.add(mark)
        if self.question is not None and len(self.new) % _STEP == 0:
            found = f"the sentence encoder has read {len(self.new):,} new texts; the next training finds them read"
            self.shelf.tell(found)
            self.keep({**self.asked, **self.known})
        return self.encoder.encode(text).astype(np.float16)


@contextmanager
def keeping(encoder: Encoder | None, shelf: Shelf, question: str) -> Iterator[Encoder | None]:
    """The same encoder, which finds again what it has read for an earlier training.

    What this training of the question asks for is kept in its file, and nothing else of the question. It may be deleted
    at any time, and what is damaged is read anew.
    """
    if encoder is None:
        yield None
        return
    memory = _Memory(encoder=encoder, shelf=shelf, question=question)
    try:
        yield replace(encoder, encode=memory.encode)
    except BaseException:
        memory.keep({**memory.asked, **memory.known} if memory.new else {})
        raise
    memory.keep(memory.asked)


def recalling(encoder: Encoder | None, shelf: Shelf) -> Encoder | None:
    """The same encoder, which finds again what trainings have read, and keeps nothing."""
    return encoder and replace(encoder, encode=_Memory(encoder=encoder, shelf=shelf).encode)


def tidy(shelf: Shelf, questions: Collection[str]) -> None:
    """Delete what is from before the newest forgetting, on whichever machine that was, is damaged, or is nobody's."""
    for half in shelf.folder.glob("*.half"):
        with suppress(OSError):
            if abs(time.time() - half.lstat().st_mtime) > _STALE_SECONDS:
                half.unlink()
    for file in sorted(shelf.folder.glob("*.npz")):
        if file.stem not in questions:
            shelf.delete(file, f"{file.name} belongs to no question, and is deleted")
            continue
        try:
            is_before = read_kept(file).forgotten != shelf.forgotten
        except FileNotFoundError:
            continue
        except (OSError, Refused) as error:
            shelf.delete(file, f"{file} is damaged, and its texts are read anew: {error}")
            continue
        if is_before:
            shelf.delete(file, "somebody was forgotten since: what the sentence encoder had read is read anew")


def prune(shelf: Shelf, question: str, marks: Collection[bytes]) -> None:
    """Leave in the question's file what is of texts with these marks: all that its history has today."""
    file = shelf.file_of(question)
    try:
        kept = read_kept(file)
    except (OSError, Refused):
        return  # where it stands, `tidy` has told why it stays
    rows = {mark: row for mark, row in kept.rows.items() if mark in marks}
    if len(rows) < len(kept.rows):
        gone = len(kept.rows) - len(rows)
        shelf.delete(file, f"{gone:,} texts have left the history, and what the sentence encoder had read of them")
        if rows:
            shelf.keep(question, kept.reading, rows)


def forget_all(folder: Path) -> None:
    """Delete what is kept: who is forgotten may have written some of the texts. Raises Refused where it cannot be."""
    try:
        for file in (*folder.glob("*.npz"), *folder.glob("*.half")):
            file.unlink(missing_ok=True)
    except OSError as error:
        raise Refused(f"what the sentence encoder made of texts is still in {folder}: {error}. Delete it.") from error


def _prepare(folder: Path) -> None:
    """For nobody else's eyes, also where it was made for more. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if folder.stat().st_mode & 0o077:
        folder.chmod(0o700)


def _read_all(shelf: Shelf, encoder: Encoder) -> dict[bytes, Halves]:
    """Nothing where another encoder has read, or somebody was forgotten since."""
    found: dict[bytes, Halves] = {}
    for file in sorted(shelf.folder.glob("*.npz")):
        try:
            kept = read_kept(file)
            if kept.reading == reading_of(encoder) and kept.forgotten == shelf.forgotten:
                found |= _fitting(kept.rows, encoder.size)
        except (OSError, Refused) as error:
            shelf.tell(f"{file} is damaged, and its texts are read anew: {error}")
    return found


def _fitting(rows: Mapping[bytes, Halves], size: int) -> Mapping[bytes, Halves]:
    """Raise Refused where one is not of this size."""
    if not all(row.shape == (size,) for row in rows.values()):
        raise Refused("its numbers do not fit the encoder")
    return rows
