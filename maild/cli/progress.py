"""Progress of long work, on standard error: a bar on a terminal, a line now and then elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

BETWEEN_LINES_SECONDS = 10.0

Advance = Callable[[str, int, int | None], None]
"""What is done, how many are through, and of how many (None: nobody knows)."""


@contextmanager
def progress() -> Iterator[Advance]:
    """Give the function that hears how far the work is."""
    if not sys.stderr.isatty():
        yield _lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        tasks: dict[str, TaskID] = {}

        def advance(what: str, done: int, total: int | None) -> None:
            if what not in tasks:
                tasks[what] = shown.add_task(what, total=total)
            shown.update(tasks[what], completed=done, total=total)

        yield advance


def _lines() -> Advance:
    last = time.monotonic()

    def advance(what: str, done: int, total: int | None) -> None:
        nonlocal last
        if time.monotonic() - last < BETWEEN_LINES_SECONDS:
            return
        last = time.monotonic()
        sys.stderr.write(f"maild: {what}: {done:,}{f' of {total:,}' if total else ''}\n")

    return advance
