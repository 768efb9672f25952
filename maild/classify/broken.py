"""Which of the shipped models a damaged file belongs to."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from maild.errors import Refused

BROKEN = (OSError, KeyError, ValueError, TypeError, AttributeError, EOFError, RecursionError, Refused)
"""What a missing, damaged or foreign file of a model raises."""


@contextmanager
def named(question: str) -> Iterator[None]:
    """Say in the reason which of the models it is about."""
    try:
        yield
    except BROKEN as error:
        raise Refused(f"{question}: {error}") from error


@contextmanager
def reading_shipped(file: Path) -> Iterator[None]:
    """Say in the reason which file of those that came with maild it is about, and the cure."""
    try:
        yield
    except BROKEN as error:
        raise Refused(f"The shipped model {file} cannot be read: {error}. Install maild again.") from error
