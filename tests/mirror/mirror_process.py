"""A process that mirrors a desk until it is killed: `python -m tests.mirror.mirror_process DATABASE LINEAR`."""

import sys
import time
from datetime import UTC, datetime, timedelta

from maild.daemon.holder import holder_name, is_dead
from maild.doors.linear import LinearDoor
from maild.doors.linear_wire import Wire
from maild.errors import MaildError
from maild.mirror.line import Mirror
from maild.mirror.parts import MirroredDesk
from maild.store.engine import Store
from maild.store.leases import end_leases, list_holders
from tests.servers.linear import KEY
from tests.support.desks import Desk
from tests.support.mirrors import POLICY, rules


def clock() -> datetime:
    return datetime.now(UTC)


def end_dead_leases(store: Store) -> None:
    """As the daemon does, whose other parts take long to load."""
    with store.read() as connection:
        dead = [holder for holder in list_holders(connection) if is_dead(holder)]
    if dead:
        store.transact(lambda connection: end_leases(connection, dead))


def main() -> None:
    """Say `ready`, then mirror for ever."""
    desk = Desk(Store(sys.argv[1]), rules())
    parts = MirroredDesk(
        store=desk.store,
        rules=desk.rules,
        voice=desk.voice,
        policy=POLICY,
        tracker=LinearDoor(wire=Wire(url=sys.argv[2], key=lambda: KEY, clock=clock), team="ENG"),
        holder=holder_name(),
        clock=clock,
    )
    mirror = Mirror(parts, poll_every=timedelta(seconds=0.1))
    print("ready", flush=True)  # noqa: T201 - the test waits for it
    while True:
        try:
            end_dead_leases(desk.store)
            mirror.work()
        except MaildError as error:
            print(error, file=sys.stderr)  # noqa: T201 - for whoever looks why the test fails
        time.sleep(0.02)


if __name__ == "__main__":
    main()
