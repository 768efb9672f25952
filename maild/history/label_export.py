"""Labelled history out to a file; an import of that file elsewhere says the same, label by label."""

import csv
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from maild.errors import ConfigurationError, Refused
from maild.history.formulas import as_words
from maild.history.label_rows import COLUMNS
from maild.history.moments import write_moment
from maild.history.rows import JSON_LINES, SUFFIXES
from maild.process.desk import Desk
from maild.store.engine import Store
from maild.store.models.labelled import LabelledRow, read_all_labels

Write = Callable[[dict[str, str | None]], None]


def export_labels(store: Store, desk: Desk, path: Path, tell: Callable[[int], None] = lambda _: None) -> int:
    """Write every label that was ever said, as CSV or JSON lines by the name's ending; answers how many.

    The file is there whole or not at all, and only its owner may read it: it holds clients' words. `tell` hears the
    count. Raises Refused where it cannot be written, ConfigurationError for another ending.
    """
    if path.suffix.casefold() not in SUFFIXES:
        raise ConfigurationError(f"{path}: its name tells how it is to be written; allowed are {', '.join(SUFFIXES)}.")
    count = 0
    try:
        with _whole(path) as file, store.read() as connection:
            write = _writer(file, path.suffix.casefold())
            for count, row in enumerate(read_all_labels(connection), start=1):
                write(_cells(row, desk))
                tell(count)
    except OSError as error:
        raise Refused(f"{path} cannot be written: {error.strerror or error}. Nothing was exported.") from error
    return count


@contextmanager
def _whole(path: Path) -> Iterator[IO[str]]:
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    descriptor = os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise


def _writer(file: IO[str], suffix: str) -> Write:
    if suffix in JSON_LINES:
        return lambda cells: _write_line(file, cells)
    # Ended as RFC 4180 does: Python 3.11 quotes a lone CR or LF of a cell only where the line's end has that character.
    table = csv.DictWriter(file, COLUMNS, lineterminator="\r\n", delimiter="\t" if suffix == ".tsv" else ",")
    table.writeheader()
    return lambda cells: table.writerow({name: cell and as_words(cell) for name, cell in cells.items()})


def _write_line(file: IO[str], cells: dict[str, str | None]) -> None:
    json.dump(cells, file, ensure_ascii=False)
    file.write("\n")


def _cells(row: LabelledRow, desk: Desk) -> dict[str, str | None]:
    return {
        "id": row.name,
        "message_id": row.message_id,
        "digest": row.digest,
        "ticket": row.ticket if row.ticket_id is None else desk.show(row.ticket_id),
        "group": row.group,
        "subject": row.subject,
        "text": row.text,
        "language": row.language,
        "written_at": write_moment(row.written_at),
        "question": row.question,
        "label": row.value,
        "said_by": row.said_by,
        "said_at": write_moment(row.said_at),
        "source": row.source,
        "verdict": row.verdict,
    }
