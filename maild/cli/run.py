"""`maild run`: the daemon."""

import argparse
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING

from maild.cli.opening import open_settings

if TYPE_CHECKING:
    from maild.daemon.parts import Parts
    from maild.doors.service_manager import ServiceManager
    from maild.settings.values import Settings

log = logging.getLogger(__name__)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the options."""
    parser.add_argument("--once", action="store_true", help="do what is due now, then exit")
    parser.add_argument("--verbose", action="store_true", help="log more")


def tell_ready(settings: "Settings", manager: "ServiceManager") -> None:
    """Say that every line is at work."""
    log.info("ready", extra={"desk": settings.desk.address})
    manager.say(STATUS="at work")


@contextmanager
def watched(parts: "Parts", settings: "Settings", manager: "ServiceManager") -> "Iterator[None]":
    """Answer on the loopback port, if there is one, and tell the service manager how it stands."""
    from maild.daemon.mirror import listening
    from maild.daemon.running import system_clock
    from maild.daemon.watchdog import reporting
    from maild.doors.metrics import serve

    with ExitStack() as stack:
        stack.enter_context(listening(settings, parts.store, os.environ, system_clock))
        if settings.operation.metrics_port:
            stack.enter_context(serve(settings.operation.metrics_port, parts.watching.figures()))
        stack.enter_context(reporting(manager, parts.watching))
        yield


def run(arguments: argparse.Namespace) -> int:
    """Run until SIGTERM or Ctrl-C, or once."""
    from maild.daemon.signals import stopping

    with stopping(stop := threading.Event()):  # first of all: whoever is killed leaves the fork server's folder behind
        return _run(arguments, stop)


def _run(arguments: argparse.Namespace, stop: threading.Event) -> int:
    from maild.mail.pool import start_reading

    start_reading("maild.intake.reading")  # beside the imports below

    from maild.daemon.log import log_to_stderr
    from maild.daemon.parts import open_parts
    from maild.daemon.patience import upgrade_when_there
    from maild.daemon.running import run as work
    from maild.daemon.running import run_once, system_clock
    from maild.daemon.upgrading import upgrade_safely
    from maild.doors.service_manager import service_manager

    log_to_stderr(verbose=arguments.verbose)
    settings = open_settings(arguments)
    log_to_stderr(verbose=arguments.verbose, form=settings.operation.log)
    manager = service_manager(os.environ, os.getpid())
    upgrade = upgrade_safely if arguments.once else partial(upgrade_when_there, stop=stop)
    with open_parts(settings, os.environ, system_clock, stop=stop, upgrade=upgrade) as parts:
        if arguments.once:
            log.info("done", extra={"mails": run_once(parts)})
        else:
            with watched(parts, settings, manager):
                manager.say(READY="1", STATUS="every part is open")  # a restored desk waits from here on
                work(parts, ready=lambda: tell_ready(settings, manager))
    return 0
