"""What commands print: tables for people, one JSON document for programs."""

import json
import sys
import unicodedata
from dataclasses import asdict, is_dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console


def console() -> "Console":
    """Give the console for tables; without a terminal it has no colour, and is wide enough to cut nothing off."""
    from rich.console import Console

    terminal = Console(highlight=False, soft_wrap=False)
    return terminal if terminal.is_terminal else Console(highlight=False, width=max(terminal.width, 160))


def print_json(document: object) -> None:
    """Print one JSON document: times RFC 3339 in UTC, unknown is null, nothing else on standard output.

    What steers a terminal is written by its number, as JSON allows for every character (RFC 8259, section 7).
    """
    is_unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    for piece in json.JSONEncoder(ensure_ascii=not is_unicode, indent=2, default=plain).iterencode(document):
        sys.stdout.write(piece if piece.isprintable() or piece.isspace() else _by_number(piece))
    sys.stdout.write("\n")


def _by_number(piece: str) -> str:
    return "".join(json.dumps(each)[1:-1] if is_control(each) else each for each in piece)


def plain(value: object) -> object:
    """Turn a value that JSON does not know into one that it knows."""
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, Path):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"no JSON for {type(value).__name__}")


def rfc3339(at: datetime) -> str:
    """Write a point in time as RFC 3339 in UTC, to the second."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def printable(text: str) -> str:
    """Take away what a stranger's text could do to a terminal: escapes, controls, bidirectional overrides."""
    return "".join("\N{REPLACEMENT CHARACTER}" if is_control(character) else character for character in text)


def is_control(character: str) -> bool:
    """Whether a character steers instead of showing (Unicode categories Cc and Cf, surrogates; not a line's end)."""
    return character not in "\n\t" and unicodedata.category(character) in {"Cc", "Cf", "Cs"}
