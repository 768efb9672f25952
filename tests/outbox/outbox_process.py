"""A process that runs the outbox until it is killed: `python -m tests.outbox.outbox_process URL PORT HOLDER`."""

import sys
import threading
from datetime import timedelta

from maild.store.engine import Store
from tests.support.outboxes import an_outbox

SHORT = timedelta(seconds=1)


def main() -> None:
    """Say `ready`, then submit for ever."""
    url, port, holder = sys.argv[1:]
    outbox = an_outbox(Store(url), int(port), holder=holder, claim_lease=SHORT, sending_lease=SHORT)
    print("ready", flush=True)  # noqa: T201 - the test waits for it
    outbox.run(threading.Event())


if __name__ == "__main__":
    main()
