"""One file of what the encoder has read: numbers by the digests of texts, taken for true only where they can be."""

import hashlib
import io
import os
import secrets
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from maild.classify.content import LARGEST, read_arrays
from maild.errors import Refused

Halves = npt.NDArray[np.float16]
"""Half as many octets, and no verdict that differs."""

MOST_ROWS = 80_000
"""Texts of one file: so many are read again, however long the encoder's rows are today."""

_MARK = 16
"""Octets of a text's digest."""

_BESIDE = 100_000
"""Octets of an archive beside its arrays."""

_NEAR_ONE = 0.01
"""By how much the length of a row may differ from one; rounding to halves changes less than a thousandth."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kept:
    """What stands in a file."""

    reading: str
    """Which encoder has read, and by which reading of maild's own."""

    forgotten: int
    """Number of the newest forgetting in the database when the texts were read; 0: nobody had been forgotten."""

    rows: Mapping[bytes, Halves]
    """By the mark of the text, each of length one."""


def mark_of(text: str) -> bytes:
    """What a text is known by in a file."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:_MARK]


def read_kept(file: Path) -> Kept:
    """Read a file. Raises OSError, or Refused for whatever maild would not have written."""
    try:
        arrays = read_arrays(_content(file))
        reading, forgotten, marks, numbers = (arrays[name] for name in ("reading", "forgotten", "marks", "numbers"))
    except KeyError as error:
        raise Refused(f"it lacks {error}") from error
    except MemoryError as error:
        raise Refused("there is no memory for it") from error
    if reading.dtype != np.uint8 or reading.ndim != 1 or forgotten.dtype != np.int64 or forgotten.shape != (1,):
        raise Refused("it does not say who has read, or when")
    if marks.dtype != np.uint8 or numbers.dtype != np.float16 or numbers.ndim != 2:  # noqa: PLR2004 - a table
        raise Refused("its numbers are of another kind")
    if marks.shape != (len(numbers), _MARK):
        raise Refused("its numbers do not fit its texts")
    lengths = np.sqrt(np.einsum("ij,ij->i", numbers, numbers, dtype=np.float32))
    if not (np.abs(lengths - 1) < _NEAR_ONE).all():
        raise Refused("it holds what the encoder never says")
    return Kept(
        reading=reading.tobytes().decode("ascii", "replace"),
        forgotten=int(forgotten[0]),
        rows={mark.tobytes(): row for mark, row in zip(marks, numbers, strict=True)},
    )


def write_kept(file: Path, kept: Kept) -> None:
    """Write all of it or nothing, for nobody else's eyes: such numbers tell a good deal of their texts. Raises OSError."""
    content = io.BytesIO()
    np.savez(
        content,
        allow_pickle=False,
        reading=np.frombuffer(kept.reading.encode("ascii"), dtype=np.uint8),
        forgotten=np.array([kept.forgotten], dtype=np.int64),
        marks=np.frombuffer(b"".join(kept.rows), dtype=np.uint8).reshape(-1, _MARK),
        numbers=np.array(list(kept.rows.values()), dtype=np.float16),
    )
    half = file.with_name(f".{file.stem}-{secrets.token_hex(8)}.half")  # two trainings may write at once
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content.getbuffer())
        half.replace(file)
    except BaseException:
        with suppress(OSError):
            half.unlink()
        raise


def _content(file: Path) -> bytes:
    """Never waits: a pipe in its place would do so for ever."""
    descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise Refused("it is no file")
        if found.st_size > LARGEST + _BESIDE:
            raise Refused(f"it has {found.st_size:,} octets, and maild writes {LARGEST:,} at most")
        with os.fdopen(descriptor, "rb", closefd=False) as stream:
            return stream.read(LARGEST + _BESIDE)
    finally:
        os.close(descriptor)
