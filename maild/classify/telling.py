"""Tell: how far long work has come, for whoever waits for it."""

from collections.abc import Callable

Tell = Callable[[str], None]
"""Is given one line of words at a time."""
