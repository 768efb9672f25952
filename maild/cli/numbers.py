"""Numbers on the command line, within what a database can hold."""

import argparse

LARGEST = 2**63 - 1


def positive(written: str) -> int:
    """Read a whole number from 1 on. Raises argparse's error, which names the value and what is allowed."""
    if not (written.isascii() and written.isdigit() and 0 < int(written) <= LARGEST):
        raise argparse.ArgumentTypeError(f"{written!r} is not a whole number from 1 on")
    return int(written)
