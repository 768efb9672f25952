"""A desk that was restored from a backup waits until a person lets it go on."""

import logging
import threading

from maild.errors import Refused
from maild.store.backing_up.restorations import Restoration, find_waiting
from maild.store.engine import Store

log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0


def await_resumption(store: Store, stop: threading.Event) -> None:
    """Wait for `maild restore --resume`, or for `stop`; nothing is taken in or submitted meanwhile."""
    told = False
    while not stop.is_set():
        try:
            waiting = look(store)
        except Refused as error:
            log.warning("database away", extra={"because": str(error)})
        else:
            if waiting is None:
                return
            if not told:
                log.warning(
                    "restored from a backup, waiting", extra={"cure": CURE, "backup": waiting.backup_at.isoformat()}
                )
            told = True
        stop.wait(LOOK_SECONDS)


def refuse_before_resumption(store: Store) -> None:
    """Raises Refused while the desk waits."""
    waiting = look(store)
    if waiting is not None:
        raise Refused(
            f"This desk was restored from a backup of {waiting.backup_at:%Y-%m-%d %H:%M} UTC and waits: {CURE}."
        )


def look(store: Store) -> Restoration | None:
    """The restoration that nobody has let go on yet."""
    with store.read() as connection:
        return find_waiting(connection)


CURE = "`maild restore --resume` shows what differs, with --yes it goes on"
