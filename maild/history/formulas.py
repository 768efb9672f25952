"""Cells that a spreadsheet would take for a formula, kept as words (CWE-1236): an apostrophe before them, which an import takes away."""

import re

_FORMULA = re.compile(r"['\s]*[=+\-@\uff1d\uff0b\uff0d\uff20]")
"""How one begins, also in full width; and what would read as one of ours already."""


def as_words(cell: str) -> str:
    """The cell as it is written, whoever wrote it."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def from_words(cell: str) -> str:
    """The cell as it was before `as_words`."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell, 1) else cell
