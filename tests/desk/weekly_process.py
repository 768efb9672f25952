"""A process that looks whether a weekly summary is owed until it is killed: `python -m tests.desk.weekly_process URL`."""

import sys
import time

from maild.store.engine import Store
from tests.desk.test_weekly_told import rules, watch
from tests.support.desks import Desk


def main() -> None:
    """Say `ready`, then look for ever, each time as if it had just begun."""
    desk = Desk(Store(sys.argv[1]), rules())
    print("ready", flush=True)  # noqa: T201 - the test waits for it
    while True:
        watch(desk).look()
        time.sleep(0.02)


if __name__ == "__main__":
    main()
