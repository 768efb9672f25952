"""Options that several commands have, and values that they read, with the same words for each."""

import argparse
from datetime import date

LARGEST = 2**63 - 1
"""What a database can hold."""

FIRST_DAY, LAST_DAY = date(1970, 1, 2), date(2999, 12, 30)
"""No desk has a history beyond; and every zone knows when these days begin and end."""


def add_json(parser: argparse.ArgumentParser, *, is_action: bool = False, prints: str = "one JSON document") -> None:
    """`--json`, for machines. `is_action`: the command above has it too, and what was said there counts."""
    default = argparse.SUPPRESS if is_action else False
    parser.add_argument("--json", action="store_true", default=default, help=f"print {prints}")


def day(written: str) -> date:
    """Read a day; one beyond all history stands for its end, as people write 9999-12-31 for whatever comes."""
    try:
        return min(max(date.fromisoformat(written), FIRST_DAY), LAST_DAY)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{written!r} is no day, such as 2026-11-23") from None


def positive(written: str) -> int:
    """Read a whole number from 1 on. Raises argparse's error, which names the value and what is allowed."""
    if not (written.isascii() and written.isdigit() and 0 < int(written) <= LARGEST):
        raise argparse.ArgumentTypeError(f"{written!r} is not a whole number from 1 on")
    return int(written)
