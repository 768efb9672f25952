"""A process that acts on deadlines until it is killed: `python -m tests.desk.deadlines_process URL`."""

import sys
import time

from maild.deadlines import Deadlines
from maild.store.engine import Store
from tests.desk.test_deadlines_killed import LATE
from tests.support.desks import Desk
from tests.support.making import a_policy, some_rules


def main() -> None:
    """Say `ready`, then act for ever."""
    desk = Desk(Store(sys.argv[1]), some_rules(policy=a_policy(remind_before=0.25)))
    deadlines = Deadlines(store=desk.store, rules=desk.rules, voice=desk.voice, clock=lambda: LATE)
    print("ready", flush=True)  # noqa: T201 - the test waits for it
    while True:
        if not deadlines.act_on_all():
            time.sleep(0.05)


if __name__ == "__main__":
    main()
