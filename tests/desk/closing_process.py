"""A process in which days pass over closings until it is killed: `python -m tests.desk.closing_process URL`."""

import sys
import time
from datetime import timedelta
from functools import partial

from maild.deadlines import Deadlines
from maild.store.engine import Store
from tests.desk.test_closing_killed import DAYS, rules
from tests.support.desks import Desk
from tests.support.making import NOON


def main() -> None:
    """Say `ready`, then live through the days, and stay in the last of them for ever."""
    desk, day = Desk(Store(sys.argv[1]), rules()), 0
    print("ready", flush=True)  # noqa: T201 - the test waits for it
    while True:
        day = min(day + 1, DAYS)
        clock = partial(NOON.__add__, timedelta(days=day))
        Deadlines(store=desk.store, rules=desk.rules, voice=desk.voice, clock=clock).act_on_all()
        time.sleep(0.002 if day < DAYS else 0.05)


if __name__ == "__main__":
    main()
