"""Cells that a spreadsheet would take for a formula, kept as words (CWE-1236): an apostrophe before them, which an import takes away."""

import re

_SIGN = r"[=+\-@\uff1d\uff0b\uff0d\uff20]"
_FORMULA = re.compile(rf"['\s]*{_SIGN}")
"""How one begins, also in full width; and what would read as one of ours already."""

_CALL = rf"[' ]*+{_SIGN}[^;\t\r\n(|]*+[(|]"
_WITHIN = re.compile(rf"(?<=[;\t\r\n])(?={_CALL})")
"""Where a spreadsheet that splits at `;` or tabs begins a cell; there only what calls something, for lists begin with `-`."""

_GUARDED = re.compile(rf"(?<=[;\t\r\n])'(?={_CALL})")


def as_words(cell: str) -> str:
    """The cell as it is written, whoever wrote it."""
    return _WITHIN.sub("'", f"'{cell}" if _FORMULA.match(cell) else cell)


def from_words(cell: str) -> str:
    """The cell as it was before `as_words`."""
    cell = _GUARDED.sub("", cell)
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell, 1) else cell
