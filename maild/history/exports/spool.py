"""A spool: records that wait in a file until all of their ticket are together."""

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any

Place = tuple[int, int]
"""Offset and length."""


class Spool:
    """A file that grows; used by one thread at a time."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._end = file, 0

    def put(self, fields: Mapping[str, Any]) -> Place:
        """Write one record behind the last."""
        written = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
        self._file.seek(self._end)
        self._file.write(written)
        place = (self._end, len(written))
        self._end += len(written)
        return place

    def read(self, place: Place) -> dict[str, Any]:
        """Give it back."""
        self._file.seek(place[0])
        read: dict[str, Any] = json.loads(self._file.read(place[1]).decode("utf-8", "surrogatepass"))
        return read


@contextmanager
def a_spool() -> Iterator[Spool]:
    """Give one on a file without a name, which is gone when it is left."""
    with tempfile.TemporaryFile(prefix="maild-import-") as file:
        yield Spool(file)
