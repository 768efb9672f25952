"""Cells that a spreadsheet would take for a formula, kept as words (CWE-1236): an apostrophe before them, which an import takes away."""

import re

_SIGN = r"[=+\-@\uff1d\uff0b\uff0d\uff20]"
_FORMULA = re.compile(rf"['\s]*{_SIGN}")
"""How one begins, also in full width; and what would read as one of ours already."""

_LINE = re.compile(r"[\r\n]?[^\r\n]+")
_CALLS = "(|\uff08\uff5c"
_BEGINS = rf"['\" ]*+{_SIGN}"
_WITHIN = re.compile(rf"(?<=[;\t\r\n])(?={_BEGINS})")
"""Where a spreadsheet that splits at `;` or tabs begins a cell. A quotation mark that a table doubles ends at once there."""

_GUARDED = re.compile(rf"(?<=[;\t\r\n])'(?={_BEGINS})")


def as_words(cell: str) -> str:
    """The cell as it is written, whoever wrote it."""
    return _where_called(_WITHIN, "'", f"'{cell}" if _FORMULA.match(cell) else cell)


def from_words(cell: str) -> str:
    """The cell as it was before `as_words`."""
    cell = _where_called(_GUARDED, "", cell)
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell, 1) else cell


def _where_called(places: re.Pattern[str], put: str, cell: str) -> str:
    """Put it in only before what calls something in the same line: lists begin with `-`, too."""

    def of_line(line: re.Match[str]) -> str:
        end = max(map(line[0].rfind, _CALLS)) + 1
        return places.sub(put, line[0][:end]) + line[0][end:]

    return _LINE.sub(of_line, cell)
