"""Rows of a table in a file, CSV or JSON lines: read one after the other, and never believed."""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from maild.errors import Refused

Table = Iterator[list[str]]
"""Cells of each row of a CSV file."""

MOST_CHARACTERS = 10_000_000
"""Of a cell, or of a line of JSON: more is a quotation mark that was left open."""

MOST_OF_ROW = 2 * MOST_CHARACTERS
"""Characters of a row with all its cells, header included: it is in memory as a whole."""

UTF_16 = (b"\xff\xfe", b"\xfe\xff")
DELIMITERS = ",;\t"
_NO_UTF_8 = re.compile("[\udc80-\udcff]")
"""Octets that are no UTF-8, as surrogateescape carries them (PEP 383)."""

JSON_LINES = (".jsonl", ".ndjson")
SUFFIXES = (".csv", ".tsv", *JSON_LINES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a file."""

    number: int
    """As a spreadsheet counts, the header being row 1; of JSON lines the line."""

    cells: dict[str, str]
    """Column in lower case to its text; what was empty is not there."""

    wrong: tuple[tuple[str | None, str], ...] = ()
    """(column, what is wrong with it); such a row cannot be used."""


def read_columns(path: Path) -> tuple[str, ...] | None:
    """Give the columns of a CSV file; None for JSON lines, where each row names its own.

    Raises Refused where the file is no such table at all.
    """
    with _opened(path) as table:
        return None if table is None else _header(path, table)


def read_rows(path: Path) -> Iterator[Row]:
    """Read a file by its name's ending; memory stays small. Raises Refused where it is no such table at all."""
    with _opened(path) as table:
        yield from _json_rows(path) if table is None else _csv_rows(path, table)


@dataclass(slots=True)
class _Lines:
    """Lines of a file, as many as one row may have: whoever has read a row says so."""

    file: TextIO
    taken: int = 0
    """Characters since the last row ended."""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.file.readline(MOST_OF_ROW + 1 - self.taken)
        self.taken += len(line)
        if self.taken > MOST_OF_ROW:
            raise csv.Error(f"a row of more than {MOST_OF_ROW:,} characters")
        if not line:
            raise StopIteration
        return line

    def rows(self, delimiter: str) -> Iterator[list[str]]:
        """Cells of each row. Raises csv.Error."""
        for cells in csv.reader(self, delimiter=delimiter, strict=True):
            self.taken = 0
            yield cells


@contextmanager
def _opened(path: Path) -> Iterator[Table | None]:
    suffix = path.suffix.casefold()
    if suffix not in SUFFIXES:
        raise Refused(f"{path}: its name tells how it is written; allowed are {', '.join(SUFFIXES)}.")
    try:
        with path.open("rb") as file:
            if file.read(2) in UTF_16:
                raise Refused(f"{path} is written in UTF-16; save it as CSV in UTF-8 and try again.")
        if suffix in JSON_LINES:
            yield None
            return
        # What is not UTF-8 comes as surrogates, so that each such cell can be named.
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as lines:
            first = lines.readline(MOST_CHARACTERS)
            lines.seek(0)
            csv.field_size_limit(MOST_CHARACTERS)
            yield _Lines(lines).rows(max(DELIMITERS, key=first.count))
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror or error}.") from error


def _csv_rows(path: Path, table: Table) -> Iterator[Row]:
    number = 1
    header = _header(path, table)
    try:
        for number, cells in enumerate(table, start=2):
            if cells:
                yield _csv_row(number, header, cells)
    except csv.Error as error:
        words = f"this is no CSV from here on ({error}); is a quotation mark left open? The rest was not read"
        yield Row(number=number + 1, cells={}, wrong=((None, words),))


def _header(path: Path, table: Table) -> tuple[str, ...]:
    try:
        names = tuple(_column(cell) for cell in next(table, ()))
    except csv.Error as error:
        raise Refused(f"{path}, row 1: {error}; it must name the columns.") from error
    if not any(names):
        raise Refused(f"{path}: its first row is empty, and must name the columns.")
    twice = sorted(name for name, count in Counter(names).items() if count > 1 and name)
    if twice:
        raise Refused(f"{path}, row 1: the column {twice[0]} stands there twice.")
    return names


def _column(written: str) -> str:
    return "_".join(written.casefold().split())


def _csv_row(number: int, header: Sequence[str], cells: Sequence[str]) -> Row:
    named = dict(zip(header, cells, strict=False))
    wrong: list[tuple[str | None, str]] = [*_unreadable(named)]
    if len(cells) != len(header):
        wrong.append((None, f"{len(cells)} cells under {len(header)} columns; are quotation marks missing?"))
    return Row(number=number, cells={name: cell for name, cell in named.items() if cell}, wrong=tuple(wrong))


def _unreadable(cells: dict[str, str]) -> Iterator[tuple[str, str]]:
    for name, cell in cells.items():
        if cell.isascii() and "\0" not in cell:
            continue
        if odd := _NO_UTF_8.search(cell):
            yield name, f"not UTF-8 (byte 0x{ord(odd[0]) - 0xDC00:02X}); save the file in UTF-8"
        elif "\0" in cell:
            yield name, "a NUL character; is this a table at all?"


def _json_rows(path: Path) -> Iterator[Row]:
    with path.open("rb") as lines:
        number = 0
        while line := lines.readline(MOST_CHARACTERS + 1):
            number += 1
            if len(line) > MOST_CHARACTERS:
                words = f"a line of more than {MOST_CHARACTERS:,} octets; the rest was not read"
                yield Row(number=number, cells={}, wrong=((None, words),))
                return
            if line.strip():
                yield _json_row(number, line)


def _json_row(number: int, line: bytes) -> Row:
    try:
        document = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
    except UnicodeDecodeError as error:
        words = f"not UTF-8 (byte 0x{line[error.start]:02X} at octet {error.start + 1}); save the file in UTF-8"
        return Row(number=number, cells={}, wrong=((None, words),))
    except (ValueError, RecursionError) as error:
        return Row(number=number, cells={}, wrong=((None, f"no JSON: {error}"),))
    if not isinstance(document, dict):
        return Row(number=number, cells={}, wrong=((None, "a JSON object was expected, one a line"),))
    cells: dict[str, str] = {}
    wrong: list[tuple[str | None, str]] = []
    for name, value in document.items():
        if isinstance(value, (dict, list)):
            wrong.append((_column(str(name)), "one text was expected, and not a list or an object"))
        elif value is not None and value != "":
            cells[_column(str(name))] = _as_text(value)
    return Row(number=number, cells=cells, wrong=(*wrong, *_unreadable(cells)))


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
