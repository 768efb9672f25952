"""What commands open that look at the desk: one that has not begun yet is an empty one."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from maild.cli.opening import open_store

if TYPE_CHECKING:
    from maild.settings.values import Settings
    from maild.store.engine import Store


@contextmanager
def open_desk(settings: "Settings") -> "Iterator[Store]":
    """Open the desk's database, or an empty one in its place and say so; raises as `open_store` does."""
    with open_store(settings) as store:
        if store.has_begun():
            yield store
            return
        sys.stderr.write(f"maild: this desk has not begun yet: {store.name} has no tables; `maild run` creates them\n")
    with _empty_store() as empty:
        yield empty


@contextmanager
def _empty_store() -> "Iterator[Store]":
    from maild.store.engine import Store

    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="maild-empty-"))
        empty = Store(f"sqlite:///{folder}/maild.db")
        stack.callback(empty.close)
        empty.upgrade()
        yield empty
