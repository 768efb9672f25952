"""The sign of life to the service manager: given only while every line really turns."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from maild.daemon.figures import Watching
from maild.doors.service_manager import ServiceManager

log = logging.getLogger(__name__)

USUAL_SECONDS = 30.0
"""How often the status is told where nobody waits for a sign of life."""


@contextmanager
def reporting(manager: ServiceManager, watching: Watching) -> Iterator[None]:
    """Tell status and signs of life from a thread of its own, and in the end that maild is stopping."""
    done = threading.Event()
    thread = threading.Thread(target=_report, args=(manager, watching, done), name="watchdog", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
        manager.say(STOPPING="1", STATUS="stopping")


def report(manager: ServiceManager, watching: Watching) -> bool:
    """Tell once; False: a line stands still, and no sign of life was given."""
    health = watching.alive()
    if not health.is_well:
        log.error(
            "a line stands still, the service manager is not told that maild lives", extra={"lines": health.troubles}
        )
        manager.say(STATUS="; ".join(health.troubles))
        return False
    manager.say(WATCHDOG="1", STATUS=watching.status())
    return True


def _report(manager: ServiceManager, watching: Watching, done: threading.Event) -> None:
    pause = (manager.watchdog_seconds or 2 * USUAL_SECONDS) / 2
    while not done.wait(pause):
        report(manager, watching)
