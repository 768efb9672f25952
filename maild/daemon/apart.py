"""Analyse a week in a process of its own: its memory goes back when it ends, and the daemon lives on if it dies."""

import multiprocessing
import os
from collections.abc import Mapping
from contextlib import suppress
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

from maild.daemon.opening import open_store, rules_of
from maild.desk.learning.analysing import read_past
from maild.errors import Deferred, MaildError
from maild.knowledge.analysis.history import Period
from maild.knowledge.weekly.fact import Fact
from maild.knowledge.weekly.line import tell_week
from maild.settings.reading import read_settings

NAME = "weekly analysis"
NICER = 10
"""How much it gives way to whatever takes mail in."""


def tell_apart(folder: Path, environ: Mapping[str, str], period: Period) -> list[Fact]:
    """Give the facts of the last week of a period, by the configuration in this folder.

    Raises Deferred where the process did not live to tell: nothing has been written then, and it can be asked again.
    """
    context = multiprocessing.get_context("forkserver")
    reader, writer = context.Pipe(duplex=False)
    # A daemonic one dies with this process, which waits for nobody when it is stopped.
    given = (writer, folder, dict(environ), period)
    process = context.Process(target=tell_into, args=given, name=NAME, daemon=True)
    process.start()
    writer.close()
    try:
        told = reader.recv()
    except EOFError:
        process.join()
        raise Deferred(
            f"The process that analyses the week ended with {process.exitcode} before it was done (-9: killed, for its memory "
            "perhaps). No summary was written; it is tried again."
        ) from None
    finally:
        reader.close()
    process.join()
    if isinstance(told, MaildError):
        raise told
    return list(told)


def tell_into(writer: Pipe, folder: Path, environ: Mapping[str, str], period: Period) -> None:
    """In the process: answer the facts, or what maild can explain of why there are none."""
    with suppress(OSError):  # systemd may refuse it (deploy/maild.service)
        os.nice(NICER)
    try:
        settings = read_settings(folder, environ)
        with open_store(settings, environ) as store:
            told: list[Fact] | MaildError = tell_week(read_past(store, rules_of(settings), period))
    except MaildError as error:
        told = error
    with writer:
        writer.send(told)
