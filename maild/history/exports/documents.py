"""Records of an export: JSON documents and JSON lines, of one file or of all in a folder; read, and never believed."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from maild.history.complaints import Complaints

DOCUMENT = ".json"
LINES = (".jsonl", ".ndjson")
SUFFIXES = (DOCUMENT, *LINES)

MOST_OCTETS = 400_000_000
"""Of one JSON document, which is read at once; lines may go on for ever."""

MOST_OF_A_LINE = 50_000_000
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One object of an export."""

    place: str
    """Where it stands, for messages: `tickets.json, 3rd of tickets` or `tickets.ndjson, line 3`."""

    kind: str | None
    """The name of the list that it stands in, such as `tickets`; None: it stands for itself."""

    fields: Mapping[str, Any]
    number_in_path: str | None
    """The last number in the file's own path: a dump of a ticket's comments is told apart by it alone."""


def export_files(path: Path) -> Sequence[Path]:
    """Every file of JSON at the path, in order of their names."""
    if path.is_file():
        return [path]
    files = (file for file in path.rglob("*") if file.suffix.casefold() in SUFFIXES and file.is_file())
    return sorted(files, key=lambda file: [(len(part), part) for part in file.relative_to(path).parts])


def read_records(path: Path, complaints: Complaints) -> Iterator[Record]:
    """Read all records; what is no JSON is complained about, with its place."""
    for file in export_files(path):
        name = str(file.relative_to(path)) if path.is_dir() else file.name
        numbers = _NUMBER.findall(name)
        number = numbers[-1] if numbers else None
        if file.suffix.casefold() in LINES:
            yield from _read_lines(file, name, number, complaints)
        else:
            yield from _read_document(file, name, number, complaints)


def _read_lines(file: Path, name: str, number: str | None, complaints: Complaints) -> Iterator[Record]:
    with file.open("rb") as lines:
        count = 0
        while line := lines.readline(MOST_OF_A_LINE + 1):
            count += 1
            place = f"{name}, line {count:,}"
            if len(line) > MOST_OF_A_LINE:
                complaints.add(f"more than {MOST_OF_A_LINE:,} octets; the rest of the file was not read", place=place)
                return
            if not line.strip():
                continue
            try:
                document = json.loads(line.decode("utf-8-sig"))
            except (ValueError, RecursionError) as error:
                complaints.add(explain(error), place=place)
                continue
            yield from _unfold(document, place, number, complaints)


def _read_document(file: Path, name: str, number: str | None, complaints: Complaints) -> Iterator[Record]:
    if file.stat().st_size > MOST_OCTETS:
        words = f"{file.stat().st_size:,} octets in one document; at most {MOST_OCTETS:,} are read at once"
        complaints.add(f"{words}: write it as JSON lines (a ticket a line, .ndjson), or in several files", place=name)
        return
    try:
        document = json.loads(file.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        complaints.add(explain(error), place=name)
        return
    yield from _unfold(document, name, number, complaints)


def explain(error: Exception) -> str:
    """Say what is wrong with JSON."""
    if isinstance(error, UnicodeDecodeError):
        return f"not UTF-8 (byte 0x{error.object[error.start]:02X} at octet {error.start + 1:,})"
    if isinstance(error, json.JSONDecodeError) and _is_cut_short(error):
        return "the JSON ends in the middle; was the export or its copying cut short?"
    return f"no JSON: {error}"


def _is_cut_short(error: json.JSONDecodeError) -> bool:
    return error.pos >= len(error.doc.rstrip()) or error.msg.startswith("Unterminated")


def _unfold(document: object, place: str, number: str | None, complaints: Complaints) -> Iterator[Record]:
    """An object that holds lists of objects is a page of them; a list is a page without a name."""
    if not isinstance(document, (dict, list)):
        complaints.add("a JSON object or a list of them was expected", place=place)
        return
    pages = {None: document} if isinstance(document, list) else _pages(document)
    if not pages and isinstance(document, dict):
        kind, fields = _unwrap(None, document)
        yield Record(place=place, kind=kind, fields=fields, number_in_path=number)
    for page, entries in pages.items():
        for count, each in enumerate(entries, start=1):
            inside = f"{place}, {page or 'entry'} {count:,}"
            if isinstance(each, dict):
                kind, fields = _unwrap(page, each)
                yield Record(place=inside, kind=kind, fields=fields, number_in_path=number)
            else:
                complaints.add("a JSON object was expected", place=inside)


def _pages(document: Mapping[str, Any]) -> dict[str | None, list[Any]]:
    """A list beside an `id` is a part of one object, and no page of objects."""
    if document.keys() & {"id", "display_id"}:
        return {}
    return {name: value for name, value in document.items() if isinstance(value, list)}


def _unwrap(kind: str | None, entry: Mapping[str, Any]) -> tuple[str | None, Mapping[str, Any]]:
    """An object that is all of another one says only what that is: `{"ticket": {...}}`."""
    name, inside = next(iter(entry.items()), ("", None))
    return (name, inside) if len(entry) == 1 and isinstance(inside, dict) else (kind, entry)
