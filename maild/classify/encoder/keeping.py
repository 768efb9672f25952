"""What the encoder made of texts, kept from one training to the next: numbers by the digest of a text, and never code."""

import hashlib
import io
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from maild.classify.content import read_arrays
from maild.classify.encoder.sentences import Encoder, Sense
from maild.errors import Refused

Halves = npt.NDArray[np.float16]
"""Half as many octets, and no verdict that differs."""

_MARK = 16
"""Octets of a text's digest."""

_STEP = 1_000
"""New texts after which it is told how far reading has come, and kept what has been read: a night may be cut short."""

_FORGOTTEN = ".forgotten"
"""A file whose time says when somebody was forgotten: what a training knew before that, it does not write."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Memory:
    """What one training asks for."""

    encoder: Encoder
    folder: Path
    tell: Callable[[str], None]
    file: Path | None = None
    """Where it is kept; None: nowhere."""

    forgotten_at: int = 0
    known: dict[bytes, Halves] = field(default_factory=dict)
    """From earlier trainings, of any question."""

    asked: dict[bytes, Halves] = field(default_factory=dict)
    new: set[bytes] = field(default_factory=set)

    def encode(self, text: str) -> Sense:
        """As the encoder, which is asked where no training has asked it before."""
        if not self.asked:
            self.known.update(_read_all(self.folder, self.encoder, self.tell))
        mark = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:_MARK]
        if mark not in self.asked:
            self.asked[mark] = self.known[mark] if mark in self.known else self._read(mark, text)
        return self.asked[mark].astype(np.float32)

    def keep(self, senses: Mapping[bytes, Halves]) -> None:
        """Write them down, unless somebody has been forgotten meanwhile, who may have written some of the texts."""
        if self.file is None or not senses:
            return
        if _forgotten_at(self.folder) != self.forgotten_at:
            self.tell("somebody was forgotten meanwhile: what the sentence encoder has read is not kept")
            return
        try:
            _write(self.file, self.encoder, senses)
        except OSError as error:
            self.tell(f"what the sentence encoder has read is not kept, so the next training reads it again: {error}")

    def _read(self, mark: bytes, text: str) -> Halves:
        self.new.add(mark)
        if len(self.new) % _STEP == 0:
            self.tell(f"the sentence encoder has read {len(self.new):,} new texts; the next training finds them read")
            self.keep({**self.known, **self.asked})
        return self.encoder.encode(text).astype(np.float16)


@contextmanager
def keeping(
    encoder: Encoder | None, folder: Path, question: str, tell: Callable[[str], None]
) -> Iterator[Encoder | None]:
    """The same encoder, which finds again what it has read for an earlier training.

    What this training of the question asks for is kept in its file in `folder`, and nothing else of the question: what
    has left the history leaves the file. It may be deleted at any time, and what is damaged is read anew.
    """
    if encoder is None:
        yield None
        return
    with suppress(OSError):  # where it cannot be made nothing can be kept, which is told then
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    memory = _Memory(
        encoder=encoder, folder=folder, tell=tell, file=folder / f"{question}.npz", forgotten_at=_forgotten_at(folder)
    )
    try:
        yield replace(encoder, encode=memory.encode)
    except BaseException:
        memory.keep({**memory.known, **memory.asked} if memory.new else {})
        raise
    memory.keep(memory.asked)


def recalling(encoder: Encoder | None, folder: Path, tell: Callable[[str], None]) -> Encoder | None:
    """The same encoder, which finds again what trainings have read, and keeps nothing."""
    return encoder and replace(encoder, encode=_Memory(encoder=encoder, folder=folder, tell=tell).encode)


def forget_all(folder: Path) -> None:
    """Delete what is kept: who is forgotten may have written some of the texts. Raises Refused where it cannot be."""
    try:
        if folder.is_dir():
            (folder / _FORGOTTEN).touch()
        for file in (*folder.glob("*.npz"), *folder.glob("*.half")):
            file.unlink(missing_ok=True)
    except OSError as error:
        raise Refused(f"what the sentence encoder made of texts is still in {folder}: {error}. Delete it.") from error


def _forgotten_at(folder: Path) -> int:
    try:
        return (folder / _FORGOTTEN).stat().st_mtime_ns
    except OSError:
        return 0


def _read_all(folder: Path, encoder: Encoder, tell: Callable[[str], None]) -> dict[bytes, Halves]:
    found: dict[bytes, Halves] = {}
    for file in sorted(folder.glob("*.npz")):
        try:
            found |= _read_file(file, encoder)
        except (OSError, KeyError, TypeError, ValueError, Refused) as error:
            tell(f"{file} is damaged, and its texts are read anew: {error}")
    return found


def _read_file(file: Path, encoder: Encoder) -> dict[bytes, Halves]:
    """Nothing where another encoder has read them. Raises KeyError, TypeError, ValueError or Refused for what is damaged."""
    arrays = read_arrays(file.read_bytes())
    if bytes(arrays["encoder"]).decode("ascii") != encoder.digest:
        return {}
    marks, numbers = arrays["marks"], arrays["numbers"]
    if marks.dtype != np.uint8 or marks.shape != (len(numbers), _MARK) or numbers.shape[1:] != (encoder.size,):
        raise ValueError("its numbers do not fit its texts")
    if numbers.dtype != np.float16 or not np.isfinite(numbers).all():
        raise ValueError("it holds what the encoder never says")
    return {mark.tobytes(): row for mark, row in zip(marks, numbers, strict=True)}


def _write(file: Path, encoder: Encoder, asked: Mapping[bytes, Halves]) -> None:
    """All of it or nothing; for nobody else's eyes, since such numbers tell a good deal of their texts."""
    content = io.BytesIO()
    np.savez(
        content,
        allow_pickle=False,
        encoder=np.frombuffer(encoder.digest.encode("ascii"), dtype=np.uint8),
        marks=np.frombuffer(b"".join(asked), dtype=np.uint8).reshape(-1, _MARK),
        numbers=np.array(list(asked.values()), dtype=np.float16),
    )
    half = file.with_suffix(".half")
    with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:  # noqa: PTH123 - and not wider for a moment
        stream.write(content.getbuffer())
    half.replace(file)
