"""Complaints about a file: every one is counted, and each cause is told once, with its first places."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from maild.errors import Refused

MOST_TOLD = 20
"""Causes that are told; of a million rows with a mistake of its own each nobody reads more."""

FIRST_PLACES = 5
"""Of a cause that are named."""

MOST_CHARACTERS = 300
"""Of one complaint: a cell may be as long as a book."""


@dataclass(slots=True)
class _Cause:
    """One thing that is wrong, however often it is."""

    words: str
    of_several: str
    """What is said of it where it stands in several places: without the value of one of them."""

    column: str | None
    is_by_row: bool
    first: list[str] = field(default_factory=list)
    """Its first places."""

    count: int = 0

    def told(self, path: Path) -> str:
        """Where, and what."""
        parts = (str(path), self._where(), f"column {self.column}" if self.column else "")
        words = self.words if self.count == 1 else self.of_several
        return f"{', '.join(part[:MOST_CHARACTERS] for part in parts if part)}: {words[:MOST_CHARACTERS]}"

    def _where(self) -> str:
        if self.count <= 1 or not self.first:
            return "".join(f"row {place}" if self.is_by_row else place for place in self.first)
        more = ", ..." if self.count > len(self.first) else ""
        return f"{self.count:,} {'rows' if self.is_by_row else 'places'} ({', '.join(self.first)}{more})"


class Complaints:
    """What is wrong with one file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._causes: dict[tuple[str, str | None, bool], _Cause] = {}
        self.count = 0

    def add(
        self,
        words: str,
        *,
        row: int | None = None,
        column: str | None = None,
        place: str | None = None,
        of_several: str | None = None,
    ) -> None:
        """Note one; `row` counts as a spreadsheet does, the header being row 1; `place` is another name of where.

        What is said twice is one cause with several places; `of_several` says the same where the words name a value of the row.
        """
        self.count += 1
        key = (of_several or words, column, row is not None)
        if key not in self._causes and len(self._causes) >= MOST_TOLD:
            return
        cause = self._causes.setdefault(key, _Cause(words, of_several or words, column, row is not None))
        cause.count += 1
        at = ", ".join(part for part in (place, f"{row:,}" if row else "") if part)
        if at and len(cause.first) < FIRST_PLACES and at not in cause.first:
            cause.first.append(at)

    def refuse(self, done: str) -> None:
        """Raise Refused with all that was found, if anything was; `done` says what maild did with the file."""
        if self.count:
            self.give_up(done)

    def give_up(self, done: str) -> NoReturn:
        """Raise Refused with all that was found."""
        told = sum(cause.count for cause in self._causes.values())
        more = [f"... and {self.count - told:,} more"] if self.count > told else []
        lines = [cause.told(self._path) for cause in self._causes.values()]
        raise Refused("\n".join([f"{done}: {self.count:,} in {self._path.name} to be put right", *lines, *more]))
