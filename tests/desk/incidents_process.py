"""A process that looks for bursts until it is killed: `python -m tests.desk.incidents_process URL`."""

import sys
import time

from maild.daemon.incidents import IncidentWatch
from maild.store.engine import Store
from tests.desk.test_incidents_killed import LATER, rules
from tests.support.desks import Desk


def main() -> None:
    """Say `ready`, then look for ever, each time as if it had just begun."""
    desk = Desk(Store(sys.argv[1]), rules())
    print("ready", flush=True)  # noqa: T201 - the test waits for it
    while True:
        IncidentWatch(store=desk.store, rules=desk.rules, voice=desk.voice, clock=lambda: LATER).look()
        time.sleep(0.02)


if __name__ == "__main__":
    main()
