"""`maild` as a process that is forked from one in which its libraries and shipped models have been read already."""

import multiprocessing.util
import os
import sys
import threading
import traceback
from collections.abc import Collection, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from maild import __main__ as command
from maild import shipped

LIBRARIES = (
    "maild.cli.check",
    "maild.cli.import",
    "maild.cli.init",
    "maild.cli.run",
    "maild.daemon.log",
    "maild.daemon.mirror",
    "maild.daemon.parts",
    "maild.daemon.patience",
    "maild.daemon.running",
    "maild.daemon.signals",
    "maild.daemon.upgrading",
    "maild.daemon.watchdog",
    "maild.doors.metrics",
    "maild.doors.service_manager",
    "maild.history.line",
    "maild.history.opening",
    "maild.intake.reading",
    "maild.mail.preload",
    "maild.mail.worker",
    "psycopg",
)
"""What its commands in stories import on their way."""

_SPAWN = multiprocessing.util.spawnv_passfds


def main() -> int:
    """Run the command line as `python -m maild` does."""
    sys.modules["__main__"] = command
    return command.main()


def _read_ahead() -> None:
    command.use_one_thread()
    command.use_common_sums()
    for name in LIBRARIES:
        import_module(name)
    from maild.classify import models
    from tests.support import read_once  # noqa: F401 - which is how every process finds them read

    models.load(shipped.folder("models"))


def _fork(executable: bytes, arguments: Sequence[str], kept: Sequence[int]) -> int:
    """Begin the fork server of the processes that parse as a fork, too: it has only what it would have been given."""
    if "forkserver" not in arguments[-1] or threading.active_count() > 1:
        return int(_SPAWN(executable, arguments, kept))
    pid = os.fork()
    if not pid:
        status = 1
        try:
            _close_all_but({0, 1, 2, *kept})
            exec(arguments[-1])  # noqa: S102 - what the interpreter would be told by -c
        except SystemExit:  # how it ends when nobody needs it any more
            status = 0
        except Exception:
            traceback.print_exc()
        finally:
            os._exit(status)
    return pid


def _close_all_but(kept: Collection[int]) -> None:
    for opened in list(Path("/proc/self/fd").iterdir()):
        if int(opened.name) not in kept:
            with suppress(OSError):  # what this list was read from
                os.close(int(opened.name))


_read_ahead()
multiprocessing.util.spawnv_passfds = _fork  # type: ignore[assignment]
