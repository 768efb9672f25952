"""Complaints about a file: every one is counted, the first ones are kept, and all are told at once."""

from pathlib import Path
from typing import NoReturn

from maild.errors import Refused

MOST_TOLD = 20
"""Complaints that are told; of a million rows with one mistake each nobody reads more."""

MOST_CHARACTERS = 300
"""Of one complaint: a cell may be as long as a book."""


class Complaints:
    """What is wrong with one file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._told: list[str] = []
        self.count = 0

    def add(self, words: str, *, row: int | None = None, column: str | None = None, place: str | None = None) -> None:
        """Note one; `row` counts as a spreadsheet does, the header being row 1; `place` is another name of where."""
        self.count += 1
        if len(self._told) < MOST_TOLD:
            parts = (place, f"row {row:,}" if row else "", f"column {column}" if column else "")
            where = ", ".join((str(self._path), *(part[:MOST_CHARACTERS] for part in parts if part)))
            self._told.append(f"{where}: {words[:MOST_CHARACTERS]}")

    def refuse(self, done: str) -> None:
        """Raise Refused with all that was found, if anything was; `done` says what maild did with the file."""
        if self.count:
            self.give_up(done)

    def give_up(self, done: str) -> NoReturn:
        """Raise Refused with all that was found."""
        more = [f"... and {self.count - MOST_TOLD:,} more"] if self.count > MOST_TOLD else []
        raise Refused("\n".join([f"{done}: {self.count:,} in {self._path.name} to be put right", *self._told, *more]))
