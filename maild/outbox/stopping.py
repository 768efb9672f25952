"""Stopping workers so that no mail is left in doubt if time allows."""

import asyncio
import threading
from collections.abc import Sequence
from datetime import timedelta

from maild.outbox.worker import LAST_MOMENT_SECONDS, Worker

NOTICE_STOP_SECONDS = 0.5
"""How late `stop` may be noticed."""


async def wait_unless_stopped(tasks: "Sequence[asyncio.Task[None]]", stop: threading.Event) -> None:
    """Wait for all tasks, or until `stop` is set."""
    pending = set(tasks)
    while pending and not stop.is_set():
        _, pending = await asyncio.wait(pending, timeout=NOTICE_STOP_SECONDS)


async def stop_workers(workers: Sequence[Worker], tasks: "Sequence[asyncio.Task[None]]", *, grace: timedelta) -> None:
    """Cut short what may be, wait for content that is under way, and after `grace` for nothing."""
    for worker, task in zip(workers, tasks, strict=True):
        worker.is_stopping = True
        if worker.is_interruptible:
            task.cancel()
    _, pending = await asyncio.wait(tasks, timeout=grace.total_seconds())
    # First the submission is cut off, which makes the mail uncertain; then, where the store is away, the settling too.
    for _ in range(2):
        for task in pending:
            task.cancel()
        if pending:
            _, pending = await asyncio.wait(pending, timeout=LAST_MOMENT_SECONDS)
