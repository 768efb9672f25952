"""Catch up: after a stop, mail that came meanwhile is taken in before anybody is told that something is overdue."""

import time
from collections.abc import Callable
from datetime import datetime

from maild.store.engine import Store
from maild.store.incoming.catching_up import has_taken_in_since

PATIENCE_SECONDS = 120.0
"""With a mailbox that cannot be reached, deadlines are acted on all the same, only so much later."""


def catching_up(
    store: Store, started_at: datetime, seconds: Callable[[], float] = time.monotonic
) -> Callable[[], bool]:
    """Give the question whether it is over: each mailbox was looked at since the start and no mail waits, or patience ended.

    `seconds`: a clock that never jumps.
    """
    patience_ends_at = seconds() + PATIENCE_SECONDS

    def is_over() -> bool:
        if seconds() >= patience_ends_at:
            return True
        with store.read() as connection:
            return has_taken_in_since(connection, started_at)

    return is_over
