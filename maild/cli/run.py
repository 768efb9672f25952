"""`maild run`: the daemon."""

import argparse
import logging
import os
import threading
from functools import partial

from maild.cli.opening import open_settings

HELP = "run the daemon: take mail in, keep deadlines, submit replies"

log = logging.getLogger(__name__)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the options."""
    parser.add_argument("--once", action="store_true", help="do what is there to do, and end")
    parser.add_argument("--verbose", action="store_true", help="log more")


def run(arguments: argparse.Namespace) -> int:
    """Run until SIGTERM or Ctrl-C, or once."""
    from maild.daemon.log import log_to_stderr
    from maild.daemon.parts import open_parts
    from maild.daemon.patience import upgrade_when_there
    from maild.daemon.running import run as work
    from maild.daemon.running import run_once, system_clock
    from maild.daemon.signals import stopping
    from maild.daemon.upgrading import upgrade_safely

    log_to_stderr(verbose=arguments.verbose)
    settings = open_settings(arguments)
    stop = threading.Event()
    upgrade = upgrade_safely if arguments.once else partial(upgrade_when_there, stop=stop)
    with stopping(stop), open_parts(settings, os.environ, system_clock, stop=stop, upgrade=upgrade) as parts:
        if arguments.once:
            log.info("done", extra={"mails": run_once(parts)})
        else:
            work(parts, ready=lambda: log.info("ready", extra={"desk": settings.desk.address}))
    return 0
