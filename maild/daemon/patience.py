"""Waits for a database that is not there yet: after a power cut it may come up later than maild."""

import logging
import random
import threading

from maild.daemon.upgrading import upgrade_safely
from maild.errors import Deferred
from maild.intake.backoff import Backoff
from maild.store.engine import Store

log = logging.getLogger(__name__)

LONGEST_PAUSE_SECONDS = 30.0


def upgrade_when_there(store: Store, stop: threading.Event) -> None:
    """Bring the tables to this version as soon as the database answers, or not at all once `stop` is set.

    Raises Refused for trouble that waiting does not cure.
    """
    backoff, failures = Backoff(jitter=random.random, most_seconds=LONGEST_PAUSE_SECONDS), 0
    while not stop.is_set():
        try:
            upgrade_safely(store)
        except Deferred as error:
            failures += 1
            pause = backoff.seconds(failures)
            log.warning("database away", extra={"because": str(error), "again_in_seconds": round(pause, 1)})
            stop.wait(pause)
        else:
            return
